"""The commands about coverage over time."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from tests.conftest import Databases
from tests.stations.commands.test_command_line import answer, run


def test_the_curve(sample_url: str) -> None:
    told = answer(sample_url, "coverage-curve", "--from", "2025-01-01", "--to", "2026-10-31")
    assert [point["day"] for point in told][:2] == ["2025-01-31", "2025-02-28"]
    last = told[-1]
    assert last["day"] == "2026-10-31"
    on_the_day = answer(sample_url, "coverage", "--as-of", "2026-10-31")
    for name in ("total", "covered", "fully_served", "covered_by_samples_only"):
        assert last[name] == on_the_day[name]
    assert sum(city["covered"] for city in last["cities"]) == last["covered"]
    assert (
        len(answer(sample_url, "coverage-curve", "--from", "2025-01-01", "--to", "2025-01-31", "--step", "day")) == 31
    )


def test_changes_dangers_and_reach(sample_url: str) -> None:
    changes = answer(sample_url, "coverage-changes", "2024-12-31", "2025-12-31")
    assert changes
    assert all(change["before"]["status"] != change["after"]["status"] and change["through"] for change in changes)
    dangers = answer(sample_url, "coverage-risk", "--as-of", "2026-11-24")
    assert [(one["danger"], one["ends_on"]) for one in dangers[:2]] == [
        ("ending", "2026-12-20"),
        ("ending", "2027-01-31"),
    ]
    reach = answer(sample_url, "coverage-reach", "--as-of", "2026-11-24")
    assert [share["km"] for share in reach["within"]] == [10, 20, 30]
    assert 0 < reach["within"][0]["area_share"] < reach["within"][2]["area_share"] <= 1


def test_the_check_raises_once(databases: Databases, sample_url: str) -> None:
    url = databases.new(like=sample_url)
    assert answer(url, "alert-contact") == []
    assert answer(url, "alert-contact", "320000", "email", "a@example.com")["address"] == "a@example.com"
    (office,) = answer(url, "alert-contact")
    assert (office["area"], office["email"], office["sms"]) == ("320000", "a@example.com", None)
    began = answer(url, "check-coverage", "--on", "2026-10-01")  # the days of what was so before count from here
    assert {alert["kind"] for alert in began["raised"]} <= {"ending"}
    first = answer(url, "check-coverage", "--on", "2026-11-24")
    assert first["raised"]
    assert {alert["sample"] for alert in first["raised"]} == {True, False}
    assert first["notices"] == 1
    again = answer(url, "check-coverage", "--on", "2026-11-24")
    assert (again["raised"], again["settled"], again["notices"]) == ([], [], 0)


def test_a_rule_is_changed(databases: Databases, reference_url: str) -> None:
    url = databases.new(like=reference_url)
    assert len(answer(url, "alert-rules")) == 4
    changed = {rule["code"]: rule for rule in answer(url, "alert-rules", "uncovered-30", "--days", "45")}
    assert changed["uncovered-30"]["days"] == 45
    assert all(rule["active"] for rule in changed.values())
    for code in changed:
        answer(url, "alert-rules", code, "--off")
    assert answer(url, "check-coverage")["raised"] == []
    assert "no alert rule" in run(url, "alert-rules", "uncovered-31", "--off").stderr


def test_bulletin_and_map_are_written(sample_url: str, tmp_path: Path) -> None:
    paper, picture = tmp_path / "通报.docx", tmp_path / "map.png"
    done = run(sample_url, "bulletin", "2026-10", "--out", str(paper), "--issuer", "某局")
    assert (done.returncode, "sample" in done.stderr) == (0, True)
    assert Document(str(paper)).paragraphs[1].text == "（2026年10月）"
    assert run(sample_url, "coverage-map", "--out", str(picture), MAP_REVIEW_NUMBER="苏S(2026)001号").returncode == 0
    assert Image.open(picture).format == "PNG"


@pytest.mark.parametrize(
    "arguments, told",
    [
        (("coverage-curve", "--step", "week"), "month"),
        (("coverage-curve", "--from", "2026-02-30"), "2025-12-31"),
        (("coverage-curve", "--from", "2026-02-01", "--to", "2026-01-01"), "swap"),
        (("coverage-changes", "2026-02-01", "2026-01-01"), "swap"),
        (("bulletin", "2026-13", "--out", "x.docx"), "2026-10"),
        (("bulletin", "2126-10", "--out", "x.docx"), "not begun"),
        (("bulletin", "2026-10"), "--out"),
        (("coverage-map", "--out", "/nowhere/at/all.png"), "can't be written"),
        (("alert-contact", "320583", "email", "nobody"), "e-mail"),
        (("alert-contact", "320583"), "sms"),
    ],
)
def test_wrong_input_is_one_clear_line(reference_url: str, arguments: tuple[str, ...], told: str) -> None:
    done = run(reference_url, *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr
