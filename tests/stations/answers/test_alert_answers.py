"""Alerts as they are told: the same columns for the page, its file and the commands."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from stations.alerts.alert_list import list_alerts
from stations.alerts.alert_rules import AlertKind, CoverageAlertRule
from stations.alerts.alerts import CoverageAlert, CoverageCheck, CoverageWatch, check_coverage
from stations.answers.alerts import ALERT_COLUMNS, ALERT_LIST, ALERTS, CHECK, RULE_COLUMNS, AlertCheck, state_in_words
from stations.answers.columns import cells
from stations.answers.presentation import render
from stations.database import open_engine, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.language import Language
from stations.places.counties import City, County
from tests.conftest import NOW, TODAY, Databases
from tests.stations.commands.test_command_line import answer, run

ENGLISH = Language("en")
CITY = City(adcode="321100", name="镇江市", name_en="Zhenjiang")
RULE = CoverageAlertRule(code="uncovered-30", kind=AlertKind.UNCOVERED, days=30, role=Role.COUNTY, active=True)
ALERT = CoverageAlert(
    code="CA-321111-uncovered-30-20260901",
    rule=RULE,
    rule_code=RULE.code,
    county=County(adcode="321111", name="润州区", name_en="Runzhou", city=CITY),
    county_adcode="321111",
    since=date(2026, 9, 1),
    raised_on=date(2026, 10, 1),
    sample=False,
)


def test_an_alert_as_cells_and_as_json() -> None:
    assert cells(ALERT_COLUMNS, ALERT, ENGLISH) == [
        *("CA-321111-uncovered-30-20260901", "321111", "Runzhou", "No active station"),
        "Zhenjiang Runzhou has had no active quality station since 1 September 2026 (30 days).",
        *("County administrator", "2026-09-01", "2026-10-01", "Not dealt with yet", "no"),
    ]
    told = ALERTS.as_data(ALERT)
    assert tuple(told[key] for key in ("county", "kind", "role", "since")) == (
        "润州区",
        "uncovered",
        "county",
        "2026-09-01",
    )


@pytest.mark.parametrize(
    ("dealt_with", "told"),
    [
        ({"settled_on": date(2026, 11, 2)}, "Settled on 2 November 2026"),
        ({"acknowledged_at": NOW, "acknowledged_by": "li", "note": "new site"}, "Acknowledged by li: new site"),
        ({"acknowledged_at": NOW, "acknowledged_by": "li"}, "Acknowledged by li: —"),
        ({}, "Not dealt with yet"),
    ],
)
def test_what_was_done_about_an_alert(dealt_with: dict[str, object], told: str) -> None:
    assert state_in_words(CoverageAlert(**dealt_with), ENGLISH) == told


def test_a_check_tells_its_alerts_with_their_outcome() -> None:
    check = AlertCheck(CoverageCheck(date(2026, 10, 1), (), (ALERT,)), 0)
    assert render(CHECK, check, ENGLISH, "csv").splitlines()[1] == (
        "settled,CA-321111-uncovered-30-20260901,Runzhou,uncovered-30,2026-09-01"
    )
    assert CHECK.data(check, ENGLISH)["settled"] == [ALERTS.as_data(ALERT)]


def test_a_rule_as_cells() -> None:
    assert cells(RULE_COLUMNS, RULE, ENGLISH) == [
        "uncovered-30",
        "No active station",
        30,
        "County administrator",
        "yes",
    ]


def test_the_command_tells_what_the_page_shows(databases: Databases, sample_url: str) -> None:
    url = databases.new(like=sample_url)
    engine = open_engine(url)
    with transaction(engine) as session:
        session.add(CoverageWatch(sample=False, began_on=TODAY.replace(year=2020)))
        check_coverage(session, TODAY, samples=False, now=NOW)
    with Session(engine) as session:
        province = Actor("li", "李某", False, (Responsibility(Role.PROVINCE, AreaKind.PROVINCE, "320000"),))
        shown = list_alerts(session, province, samples=False, everything=True)
    engine.dispose()
    person = ("li", "--name", "李某", "--role", "province", "--area", "320000")
    run(url, "add-user", *person, typed="correct horse battery\n")
    told = answer(url, "alerts", "--by", "li", "--all", "--no-sample", LANG="zh_CN.UTF-8")
    assert told == ALERT_LIST.data(shown, Language("zh_CN")) and told
    assert all("镇" in one["message"] or "市" in one["message"] for one in told)
    assert len(answer(url, "alerts", "--by", "li", "--all", "--no-sample", "--limit", "2")) == 2
