"""What the work desk shows beside its queue: parts for other stations, bulk outcomes, templates, escalation rules."""

from __future__ import annotations

import pytest

from stations.answers.bulk_outcomes import OUTCOME_COLUMNS, OUTCOMES
from stations.answers.columns import cells, headings
from stations.answers.desk_rules import (
    ESCALATION_RULE_COLUMNS,
    ESCALATION_RULES,
    TEMPLATE_COLUMNS,
    TEMPLATE_PAGE_COLUMNS,
    TEMPLATES,
)
from stations.answers.partner_parts import PART_COLUMNS, PARTS
from stations.answers.queue import QUEUE, Queue
from stations.catalogue.service import Service
from stations.errors import Conflict, DomainError, InvalidForm, InvalidInput
from stations.language import Language
from stations.registry.institutions import Institution
from stations.registry.station import Station
from stations.requests.bulk import Outcome
from stations.requests.desk_figures import DeskFigures
from stations.requests.escalation import EscalationRule, Level
from stations.requests.moves import TemplateUse
from stations.requests.partner_parts import PartnerPart
from stations.requests.reply_templates import ReplyTemplate
from stations.requests.states import State
from tests.conftest import NOW, TODAY

ENGLISH = Language("en")
PART = PartnerPart(
    number="SR-1",
    state=State.ACCEPTED,
    station=Station(code="S-3201-001", name="甲站", name_en="A", phone="025-1234567"),
    partner=Station(code="S-3201-002", name="乙站", name_en="B"),
    service=Service(code="metrology.calibration", name_zh="校准", name_en="Calibration"),
    institution=Institution(name="省计量院", name_en="Metrology Institute"),
    product="压力表",
    quantity="3",
    remarks="",
    due_on=TODAY,
    delivered_at=NOW,
    sample=False,
)


def test_a_part_for_another_station() -> None:
    assert cells(PART_COLUMNS, PART, ENGLISH) == [
        *("SR-1", "Taken on", "no", "Calibration", "压力表", "3", "", "2026-11-24", "2026-11-24"),
        *("Metrology Institute", "B", "A", "025-1234567"),
    ]
    told = PARTS.as_data(PART)
    assert (told["service"], told["partner"], told["station"]) == ("metrology.calibration", "S-3201-002", "S-3201-001")
    queue = Queue((), {}, None, (PART,))
    assert QUEUE.data(queue, ENGLISH)["partner_parts"] == [told]
    assert "other stations: 1" in "".join(QUEUE.notes(queue, ENGLISH))
    assert not any(QUEUE.notes(Queue((), {}, None), ENGLISH))


def test_the_figures_at_the_head_of_the_desk_are_told_with_the_queue() -> None:
    queue = Queue((), {}, None, figures=DeskFigures(waiting=4, overdue=2, escalated=1, mine=3, urged=2, to_answer=1))
    told = {"waiting": 4, "overdue": 2, "escalated": 1, "mine": 3, "urged": 2, "to_answer": 1}
    assert QUEUE.data(queue, ENGLISH)["figures"] == told
    assert "4 wait for the station, 2 overdue, 1 escalated, 3 yours" in "".join(QUEUE.notes(queue, ENGLISH))


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (None, None),
        (Conflict("Meanwhile {who} was first", who="li"), "Meanwhile li was first"),
        (InvalidForm([InvalidInput("a", "First"), InvalidInput("b", "Second")]), "First; Second"),
    ],
)
def test_what_came_of_each_request(problem: DomainError | None, told: str | None) -> None:
    outcome = Outcome("SR-1", problem)
    assert cells(OUTCOME_COLUMNS, outcome, ENGLISH) == ["SR-1", "no" if problem else "yes", told]
    assert OUTCOMES.as_data(outcome) == {"number": "SR-1", "done": problem is None}


def test_a_reply_template() -> None:
    template = ReplyTemplate(
        code="send-sample", use=TemplateUse.RETURN, title="寄样", text="请寄样", text_en="", active=False
    )
    assert cells(TEMPLATE_COLUMNS, template, ENGLISH) == [
        *("send-sample", "寄样", "For asking for more", "请寄样", "", "no")
    ]
    assert headings(TEMPLATE_PAGE_COLUMNS, ENGLISH) == ["Title", "For", "Text", "English text", "On offer"]
    assert TEMPLATES.as_data(template)["use"] == "return"


@pytest.mark.parametrize(("active", "days"), [(True, 3), (False, None)])
def test_an_escalation_rule(active: bool, days: int | None) -> None:
    rule = EscalationRule(level=Level.CITY, after_days=3, active=active)
    assert cells(ESCALATION_RULE_COLUMNS, rule, ENGLISH) == ["the city", days]
    assert ESCALATION_RULES.as_data(rule) == {"level": "city", "after_days": days, "active": active}
