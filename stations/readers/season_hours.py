"""Opening hours that differ by season, where the dates of each season are beside it.

``夏季（5月1日-9月30日）8:30-18:00，冬季（10月1日-次年4月30日）8:30-17:00`` →
``May 1-Sep 30 08:30-18:00; Oct 1-Apr 30 08:30-17:00``. A season without dates, or dates that leave a part of the year
out, are not converted: whoever reads them would have to guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from stations.readers.hours_tokens import HOLIDAY

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LEAP_YEAR = 2024  # has every day that a year can have
_DAYS_OF_YEAR = 366

_TO = r"\s*(?:起)?\s*(?:至|到|[-‐‑‒–—―−﹣~∼〜～]+)\s*(?:次年|翌年|来年|第二年)?(?:的)?\s*"
_DAY_OF_MONTH = r"(?:(\d{1,2})\s*[日号])?"
_DATES = rf"(\d{{1,2}})\s*(?:月\s*(?:份)?\s*{_DAY_OF_MONTH})?{_TO}(\d{{1,2}})\s*月\s*(?:份)?\s*{_DAY_OF_MONTH}"
_LABEL = r"(?:(?:夏|冬|春夏|秋冬)(?:令时|令|季|天)?(?:工作|作息|服务|开放|办公)?(?:时间|制)?|暑期|旺季|淡季)"
_SEASON = re.compile(
    rf"{_LABEL}?\s*[(（]?\s*(?:每年|自|从)?(?<!\d){_DATES}\s*(?:止|期间)?\s*(?:[为是]?\s*{_LABEL})?\s*[)）]?\s*[:：,，为]*"
    r"|(?P<rest>其余|其他|其它)(?:的)?(?:时间|月份|月|时段|季节)(?:为|[:：,，])*"
)
_EDGES = " \t,，;；。、:：()（）"

Range = tuple[date, date]


def by_season(text: str, in_signs: Callable[[str], str | None]) -> str | None:
    """Return ``text`` in OpenStreetMap's form; None if it names no dates, or is not understood.

    ``in_signs`` converts the hours of one season. What is written before the first season, such as 周一至周五, holds
    for each of them.
    """
    found = list(_SEASON.finditer(text))
    if not found or all(one["rest"] for one in found):
        return None
    ranges = _ranges(found)
    if ranges is None or not _whole_year(ranges):
        return None
    before = text[: found[0].start()].strip(_EDGES)
    ends = [one.start() for one in found[1:]] + [len(text)]
    hours = [in_signs(f"{before} {text[one.end() : end].strip(_EDGES)}") for one, end in zip(found, ends, strict=True)]
    parts = [one.split("; ") for one in hours if one is not None and one != "24/7"]
    if len(parts) < len(found):
        return None
    always = [rule for rule in dict.fromkeys(sum(parts, [])) if _always_off(rule, parts)]
    rules = [
        ", ".join(f"{_written(days)} {one}" for one in re.split(r", (?=[A-Z])", rule))
        for days, part in zip(ranges, parts, strict=True)
        for rule in part
        if rule not in always
    ]
    return "; ".join([*rules, *always])


def _always_off(rule: str, parts: Sequence[Sequence[str]]) -> bool:
    """Whether a rule says of days that they are off in every season: 法定节假日休息 is written once, at the end."""
    return rule.endswith(" off") and (all(rule in part for part in parts) or rule == f"{HOLIDAY} off")


def _ranges(found: Sequence[re.Match[str]]) -> list[Range] | None:
    """Return the first and the last day of each season, in one leap year; None if a day does not exist, or if 其余 has
    several meanings.
    """
    ranges: list[Range | None] = []
    for one in found:
        if one["rest"]:
            ranges.append(None)
            continue
        first_month, first_day, last_month, last_day = (int(part) if part else 0 for part in one.groups()[:4])
        try:
            begins = date(_LEAP_YEAR, first_month, first_day or 1)
            ends = date(_LEAP_YEAR, last_month, last_day) if last_day else _last_of(last_month)
        except ValueError:
            return None
        ranges.append((begins, ends))
    named = [one for one in ranges if one is not None]
    if len(named) == len(ranges):
        return named
    if len(named) != 1 or len(ranges) != 2:
        return None
    (begins, ends), day = named[0], timedelta(days=1)
    return [one or ((ends + day).replace(year=_LEAP_YEAR), (begins - day).replace(year=_LEAP_YEAR)) for one in ranges]


def _last_of(month: int) -> date:
    return date(_LEAP_YEAR, month % 12 + 1, 1).replace(year=_LEAP_YEAR + month // 12) - timedelta(days=1)


def _whole_year(ranges: Sequence[Range]) -> bool:
    """Whether each day of a year is in just one of the ranges."""
    lengths = [(ends - begins).days % _DAYS_OF_YEAR + 1 for begins, ends in ranges]
    starts = {begins for begins, _ends in ranges}
    follow = {(ends + timedelta(days=1)).replace(year=_LEAP_YEAR) for _begins, ends in ranges}
    return sum(lengths) == _DAYS_OF_YEAR and starts == follow


def _written(days: Range) -> str:
    """Return a range in OpenStreetMap's form: ``May-Sep`` for whole months, otherwise ``May 1-Sep 15``."""
    begins, ends = days
    if begins.day == 1 and ends == _last_of(ends.month).replace(year=_LEAP_YEAR):
        return f"{MONTHS[begins.month - 1]}-{MONTHS[ends.month - 1]}"
    return f"{MONTHS[begins.month - 1]} {begins.day}-{MONTHS[ends.month - 1]} {ends.day}"
