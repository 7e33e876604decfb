"""Visits on site: a file's days are ISO dates, and the command tells what the page shows."""

from __future__ import annotations

from datetime import date

from stations.answers.presentation import saved_table
from stations.answers.site_visits import VISIT_COLUMNS
from stations.evaluation.site_visits import SiteVisit
from stations.language import Language
from stations.registry.station import Station
from tests.stations.commands.test_command_line import answer, run


def test_days_are_saved_as_days() -> None:
    station = Station(code="S-1", name="小站", name_en=None)
    visit = SiteVisit(code="V-1", visited_on=date(2026, 11, 3), firm_name="某公司", subject="检定", station=station)
    table = saved_table(VISIT_COLUMNS, [visit], Language("en"))
    assert table.headings == ["Day", "Station", "Firm", "What was done there", "Number"]
    assert table.rows == [["2026-11-03", "小站", "某公司", "检定", "V-1"]]


def test_the_command_pages_through_the_visits_of_a_period(sample_url: str) -> None:
    by = ("visits", "--by", "sample-province")
    first = answer(sample_url, *by, "--period", "2026", "--limit", "2")
    assert len(first) == 2
    assert all(one["visited_on"].startswith("2026") for one in first)
    (following,) = answer(sample_url, *by, "--period", "2026", "--limit", "1", "--after", str(first[-1]["place"]))
    assert following["code"] not in {one["code"] for one in first}
    station = answer(sample_url, *by, "--station", first[0]["station_code"])
    assert {one["station_code"] for one in station} == {first[0]["station_code"]}
    for arguments, words in ((("--by", "nobody"), "nobody"), (("--by", "sample-province", "--period", "x"), "2026")):
        done = run(sample_url, "visits", *arguments)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert words in done.stderr
