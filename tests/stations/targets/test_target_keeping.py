"""The province changes a rule or adds a target; every earlier result remains reproducible."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from stations.answers.targets import TARGET, target_report
from stations.audit.log import entries_about
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.errors import Conflict, InvalidForm, InvalidInput, NotAllowed, NotFound
from stations.language import Language
from stations.overview.front_page import front_page
from stations.registry.centre import CentreKind, CentreLevel, Stage
from stations.targets.counting_rule import CountingRule, Measure, Subject
from stations.targets.keeping import TargetDraft, add_target, change_rule
from stations.targets.rule_text import counted_by, rule_text, short_rule_text
from stations.targets.target import get_target, list_targets, standing_on, standings_on
from tests.conftest import NOW, TODAY
from tests.stations.account_factories import account
from tests.stations.factories import add_centre

ENDED = date(2025, 12, 31)
PROVINCE = Actor("li", "李某", False, (Responsibility(Role.PROVINCE, AreaKind.PROVINCE, "320000"),))
CITY = Actor("wang", "王某", False, (Responsibility(Role.CITY, AreaKind.CITY, "320500"),))
PLANNER = Actor("zhao", "赵某", False, (Responsibility(Role.PLANNER, AreaKind.PROVINCE, "320000"),))
SAMPLE = Actor("sample-province", "示例", True, PROVINCE.duties)
CENTRES = CountingRule(Subject.CENTRE, tuple(CentreLevel), tuple(CentreKind))
DRAFT = TargetDraft(
    name_zh="国家级、省级质检中心",
    name_en="",
    required=20,
    at_least=False,
    period_start=date(2026, 1, 1),
    period_end=date(2030, 12, 31),
    clause="（一）",
    quote="新建质检中心20个",
    source="测试文件",
    rule=CENTRES,
)


def change(
    engine: Engine, measure: Measure, *, actor: Actor | None = PROVINCE, version: int = 1, **told: object
) -> None:
    with transaction(engine) as session:
        rule = get_target(session, "qi_centres").rule_on(TODAY).measured_by(measure)
        change_rule(
            session, actor, "qi_centres", rule, **{"reason": "省局会议纪要", "version": version, "now": NOW, **told}
        )


def counted(engine: Engine, day: date) -> int:
    with reading(engine) as session:
        return standing_on(session, get_target(session, "qi_centres"), day, samples=False).counted


def test_a_changed_rule_counts_from_its_day_on_and_what_ended_stays(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        add_centre(session, [(Stage.APPROVED, "2022-05", None)])
        add_centre(session, [(Stage.ACCEPTED, "2023", None)])
    yesterday = TODAY - timedelta(days=1)
    assert (counted(reference_engine, ENDED), counted(reference_engine, TODAY)) == (2, 2)
    change(reference_engine, Measure.APPROVED_IN_PERIOD)
    assert (counted(reference_engine, ENDED), counted(reference_engine, yesterday)) == (2, 2)
    # Approved within the period: the new one, and C-006 and C-025, whose sources date it 2023-08 and 2024-11.
    assert counted(reference_engine, TODAY) == 3
    change(reference_engine, Measure.ACCEPTED_AT_ANY_TIME, version=2)
    assert counted(reference_engine, TODAY) == 28  # accepted at any time: 27 documented, 1 new
    assert counted(reference_engine, yesterday) == 2


def test_the_change_is_audited_with_before_after_and_reason(reference_engine: Engine) -> None:
    change(reference_engine, Measure.ACCEPTED_AT_ANY_TIME, reason="  因口径调整  ")
    with reading(reference_engine) as session:
        target = get_target(session, "qi_centres")
        (entry,) = entries_about(session, "target", "qi_centres")
        assert (entry.actor, entry.action, entry.detail["reason"]) == ("li", "change_rule", "因口径调整")
        assert entry.detail["before"] == target.rules[0].rule
        assert entry.detail["after"] == target.rules[1].rule == {**target.rules[0].rule, "within": "any"}
        assert (target.version, target.updated_at, target.rules[1].in_force_from) == (2, NOW, TODAY)


@pytest.mark.one_database
def test_figures_side_by_side_say_by_which_rules_they_are_counted(reference_engine: Engine) -> None:
    def told() -> str:
        with reading(reference_engine) as session:
            target = get_target(session, "qi_centres")
            return counted_by(Language("en"), standings_on(session, target, [ENDED, TODAY], samples=False))

    with reading(reference_engine) as session:
        target = get_target(session, "qi_centres")
        before = target.rule_on(TODAY)
        assert told() == rule_text(Language("en"), target, before)
    change(reference_engine, Measure.ACCEPTED_AT_ANY_TIME)
    with reading(reference_engine) as session:
        target = get_target(session, "qi_centres")
        rules = [rule_text(Language("en"), target, rule) for rule in (before, target.rule_on(TODAY))]
        after = told()
        front = front_page(session, TODAY, samples=False).centre_progress
        assert front is not None and front.counted_by["en"] == after
    assert after.startswith("Two rules") and all(rule in after for rule in rules)
    assert short_rule_text(Language("en"), before) == "Accepted in the period"
    planned = replace(before, stage=Stage.PLANNED)
    assert short_rule_text(Language("en"), planned) == "Planned, in the period"
    assert short_rule_text(Language("en"), CountingRule(Subject.COUNTY)) == "Counties covered"


@pytest.mark.one_database
def test_the_history_of_rules_names_people(reference_engine: Engine) -> None:
    account(reference_engine, PROVINCE.username, Role.PROVINCE, "320000")
    change(reference_engine, Measure.ACCEPTED_AT_ANY_TIME)
    with reading(reference_engine) as session:
        report = target_report(session, "qi_centres", TODAY, samples=False)
    assert report.people == {PROVINCE.username: "王科长"}  # the reference data has no account
    rules = TARGET.data(report, Language("en"))["rules"]
    assert [(one["recorded_by"], one["recorded_by_name"]) for one in rules] == [
        ("reference data", None),
        (PROVINCE.username, "王科长"),
    ]


@pytest.mark.parametrize("actor", [None, CITY, PLANNER, SAMPLE], ids=["nobody", "city", "planner", "sample"])
def test_only_the_province_keeps_targets(reference_engine: Engine, actor: Actor | None) -> None:
    with pytest.raises(NotAllowed):
        change(reference_engine, Measure.ACCEPTED_AT_ANY_TIME, actor=actor)
    with pytest.raises(NotAllowed), transaction(reference_engine) as session:
        add_target(session, actor, DRAFT, now=NOW)
    with reading(reference_engine) as session:
        assert len(get_target(session, "qi_centres").rules) == 1
        assert entries_about(session, "target", "qi_centres") == []


def test_what_cannot_be_changed_so(reference_engine: Engine) -> None:
    with pytest.raises(InvalidInput) as told:
        change(reference_engine, Measure.ACCEPTED_AT_ANY_TIME, reason=" ")
    assert told.value.field == "reason"
    with pytest.raises(InvalidInput) as told:
        change(reference_engine, Measure.ACCEPTED_IN_PERIOD)
    assert told.value.field == "rule"
    with pytest.raises(Conflict):
        change(reference_engine, Measure.ACCEPTED_AT_ANY_TIME, version=7)
    with transaction(reference_engine) as session, pytest.raises(InvalidInput, match="keeps what it counts"):
        change_rule(session, PROVINCE, "station_coverage", CENTRES, reason="x", version=1, now=NOW)
    with transaction(reference_engine) as session, pytest.raises(NotFound):
        change_rule(session, PROVINCE, "nothing_such", CENTRES, reason="x", version=1, now=NOW)


def test_a_later_target_stands_beside_the_old_ones(reference_engine: Engine) -> None:
    before = counted(reference_engine, ENDED)
    with transaction(reference_engine) as session:
        codes = [add_target(session, PROVINCE, draft, now=NOW).code for draft in (DRAFT, DRAFT)]
        county = replace(DRAFT, rule=CountingRule(Subject.COUNTY), required=95)
        codes.append(add_target(session, PROVINCE, county, now=NOW).code)
        add_centre(session, [(Stage.ACCEPTED, "2026-03", None)])
    assert codes == ["centre_2026_2030", "centre_2026_2030_2", "county_2026_2030"]
    with reading(reference_engine) as session:
        assert [target.code for target in list_targets(session)] == [
            *codes,
            "qi_centres",
            "agri_pilots",
            "social_pilots",
            "station_coverage",
        ]
        assert standing_on(session, get_target(session, codes[0]), TODAY, samples=False).counted == 1
        (entry,) = entries_about(session, "target", codes[0])
        assert entry.detail["after"]["rule"] == CENTRES.as_data()
    assert counted(reference_engine, ENDED) == before


@pytest.mark.parametrize(
    "wrong, fields",
    [
        ({"name_zh": " "}, ["name_zh"]),
        ({"quote": "", "source": ""}, ["quote", "source"]),
        ({"clause": "条" * 21}, ["clause"]),
        ({"period_end": date(2025, 1, 1)}, ["period_end"]),
        ({"required": 0}, ["required"]),
        ({"required": 96, "rule": CountingRule(Subject.COUNTY)}, ["required"]),
    ],
)
def test_every_field_that_is_wrong_is_named_and_nothing_is_kept(
    reference_engine: Engine, wrong: dict, fields: list[str]
) -> None:
    with pytest.raises(InvalidForm) as told, transaction(reference_engine) as session:
        add_target(session, PROVINCE, replace(DRAFT, **wrong), now=NOW)
    assert [problem.field for problem in told.value.problems] == fields
    with reading(reference_engine) as session:
        assert len(list_targets(session)) == 4
