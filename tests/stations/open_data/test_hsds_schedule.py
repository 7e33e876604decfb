"""Opening hours as weekly schedules of HSDS."""

from __future__ import annotations

from datetime import date

import pytest

from stations.open_data.hsds.schedule import weekly

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("hours", "rules"),
    [
        ("Mo-Fr 09:00-17:00", [("MO,TU,WE,TH,FR", "09:00+08:00", "17:00+08:00")]),
        (
            "Mo-Fr 09:00-12:00,14:00-17:30; PH off",
            [
                ("MO,TU,WE,TH,FR", "09:00+08:00", "12:00+08:00"),
                ("MO,TU,WE,TH,FR", "14:00+08:00", "17:30+08:00"),
            ],
        ),
        (
            "Mo-Th 09:00-17:00; Sa 10:00-12:00",
            [("MO,TU,WE,TH", "09:00+08:00", "17:00+08:00"), ("SA", "10:00+08:00", "12:00+08:00")],
        ),
        ("24/7", [("MO,TU,WE,TH,FR,SA,SU", "00:00+08:00", "23:59+08:00")]),
        ("Fr 20:00-02:00", [("FR", "20:00+08:00", "23:59+08:00"), ("SA", "00:00+08:00", "02:00+08:00")]),
        ("by appointment perhaps", []),
        ("", []),
        (None, []),
    ],
)
def test_days_with_the_same_times_are_one_rule(hours: str | None, rules: list[tuple[str, str, str]]) -> None:
    found = list(weekly(hours, DAY))
    assert [(one["byday"], one["opens_at"], one["closes_at"]) for one in found] == rules
    assert all(one["description"] == hours and one["freq"] == "WEEKLY" for one in found)
