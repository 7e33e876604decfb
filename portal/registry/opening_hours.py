"""Opening hours as text: ``Mo-Fr 09:00-17:00`` as “周一至周五 09:00–17:00”, and whether a station is open now.

Parses the part of OpenStreetMap's ``opening_hours`` syntax that office registers use: days, ranges of days, times,
public holidays, seasons, ``off``, ``24/7`` and days on which somebody comes ``"by appointment"``.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import reduce

from markupsafe import Markup

from portal.components import Tone, tag
from portal.language import N_, _, current
from stations.language import CHINA_TIME, day_in_china
from stations.registry.opening_hours import Opening, opening_at

_TONES: dict[Opening, Tone] = {Opening.OPEN: "good", Opening.CLOSED: "", Opening.UNSURE: "warn"}

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
_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_SEASON = rf"(?:{_MONTH})(?: \d{{1,2}})?(?:-(?:{_MONTH})(?: \d{{1,2}})?)?"
_RULE = re.compile(
    rf"(?:(?P<season>{_SEASON}) )?(?:(?P<days>{_DAY_LIST}) ?)?"
    rf"(?:(?P<times>{_TIME}(?:, ?{_TIME})*)|(?P<closed>off|closed)|(?P<rest>24/7)?(?= ?unknown))"
    r"(?P<appointment> ?unknown \"by appointment\")?"
)
_BETWEEN_RULES = re.compile(rf";|\|\||(?<=\d),\s*(?={_DAY}|{_MONTH})")  # a rule after a comma adds to those before it


def hours_in_words(hours: str) -> str:
    """Return ``hours`` in the visitor's language, or unchanged if not understood."""
    if hours.strip() == "24/7":
        return _("Day and night, every day")
    written = [rule.strip() for rule in _BETWEEN_RULES.split(hours) if rule.strip()]
    rules = [read for rule in written if (read := _RULE.fullmatch(rule))]
    if not rules or len(rules) < len(written):
        return hours
    return reduce(lambda one, next_one: _("{one}; {next}", one=one, next=next_one), map(_rule, rules))


def opening_in_words(hours: str | None, now: datetime) -> Markup:
    """Return whether a station is open now and when that changes, as a tag with text.

    Empty if its hours are unknown or can't be read.
    """
    state = opening_at(hours, now)
    if state is None:
        return Markup("")
    if state.opening is Opening.OPEN:
        first = _("Open now")
        then = _("until {time}", time=_clock(state.until, now)) if state.until else ""
    else:
        first = _("Closed now") if state.opening is Opening.CLOSED else _("Call before you go")
        then = _("opens {time}", time=_clock(state.opens, now)) if state.opens else ""
        if state.opening is Opening.UNSURE:
            why = (
                _("a public holiday its hours do not speak of")
                if state.holiday
                else _("a working day in place of another, which its hours do not speak of")
            )
            then = _("{one}; {next}", one=why, next=then) if then else why
        elif state.holiday:
            then = _("{one}; {next}", one=_("public holiday"), next=then) if then else _("public holiday")
    if state.provisional:
        then += _(" (the working days moved around that year's holidays are not published yet)")
    return Markup("{} <span>{}</span>").format(tag(first, _TONES[state.opening]), then)


def _clock(moment: datetime, now: datetime) -> str:
    """Return a time of day, with the day if that is not today."""
    local, today = moment.astimezone(CHINA_TIME), day_in_china(now)
    time = f"{local:%H:%M}"
    ahead = (local.date() - today).days
    if ahead == 0:
        return time
    if ahead == 1 and time == "00:00":
        return "24:00"
    if ahead == 1:
        return _("tomorrow {time}", time=time)
    day = _(list(_DAYS.values())[local.weekday()])
    if timedelta(days=ahead) < timedelta(days=7):
        return _("{day} {time}", day=day, time=time)
    return _("{date} ({day}) {time}", date=current().format_date(local.date()), day=day, time=time)


def _rule(rule: re.Match[str]) -> str:
    days = _joined([_day_range(part) for part in rule["days"].split(",")]) if rule["days"] else _("Every day")
    if rule["rest"]:
        told = _("at other times by appointment")
    elif rule["closed"]:
        told = _("closed on {days}", days=days)
    else:
        times = _joined([part.strip().replace("-", "–") for part in (rule["times"] or "").split(",")])
        told = _("{days} {times}", days=days, times=times) if times else days
        if rule["appointment"]:
            told = _("{hours} by appointment", hours=told)
    return _("{season}: {rule}", season=_season(rule["season"]), rule=told) if rule["season"] else told


def _season(written: str) -> str:
    first, to, last = written.partition("-")
    return _("{first} to {last}", first=_day_of_year(first), last=_day_of_year(last)) if to else _day_of_year(first)


def _day_of_year(written: str) -> str:
    month, _blank, day = written.partition(" ")
    return current().format_season(_MONTH.split("|").index(month) + 1, int(day) if day else None)


def _day_range(part: str) -> str:
    first, to, last = part.partition("-")
    return _("{first} to {last}", first=_(_DAYS[first]), last=_(_DAYS[last])) if to else _(_DAYS[first])


def _joined(parts: list[str]) -> str:
    return reduce(lambda one, another: _("{one}, {another}", one=one, another=another), parts)
