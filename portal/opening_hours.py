"""Opening hours in words: ``Mo-Fr 09:00-17:00`` as “周一至周五 09:00–17:00”.

Reads the part of OpenStreetMap's ``opening_hours`` that registers of offices use: days, ranges of
days, times, public holidays, ``off`` and ``24/7``.
"""

from __future__ import annotations

import re
from functools import reduce

from portal.language import N_, _

_DAYS = {
    "Mo": N_("Monday"),
    "Tu": N_("Tuesday"),
    "We": N_("Wednesday"),
    "Th": N_("Thursday"),
    "Fr": N_("Friday"),
    "Sa": N_("Saturday"),
    "Su": N_("Sunday"),
    "PH": N_("public holidays"),
}
_DAY = "|".join(_DAYS)
_DAY_LIST = rf"(?:{_DAY})(?:-(?:{_DAY}))?(?:,(?:{_DAY})(?:-(?:{_DAY}))?)*"
_TIME = r"\d\d:\d\d-\d\d:\d\d"
_RULE = re.compile(rf"(?:(?P<days>{_DAY_LIST}) ?)?(?:(?P<times>{_TIME}(?:, ?{_TIME})*)|(?P<closed>off|closed))")


def hours_in_words(hours: str) -> str:
    """``hours`` in the visitor's language; what is not understood comes back as it was recorded."""
    if hours.strip() == "24/7":
        return _("Day and night, every day")
    rules = [_RULE.fullmatch(rule.strip()) for rule in hours.split(";") if rule.strip()]
    if not rules or not all(rules):
        return hours
    return reduce(lambda one, next_one: _("{one}; {next}", one=one, next=next_one), map(_rule, rules))


def _rule(rule: re.Match[str]) -> str:
    days = _joined([_day_range(part) for part in rule["days"].split(",")]) if rule["days"] else _("Every day")
    if rule["closed"]:
        return _("closed on {days}", days=days)
    times = _joined([part.strip().replace("-", "–") for part in rule["times"].split(",")])
    return _("{days} {times}", days=days, times=times)


def _day_range(part: str) -> str:
    first, to, last = part.partition("-")
    return _("{first} to {last}", first=_(_DAYS[first]), last=_(_DAYS[last])) if to else _(_DAYS[first])


def _joined(parts: list[str]) -> str:
    return reduce(lambda one, another: _("{one}, {another}", one=one, another=another), parts)
