"""Conversion of opening hours in an office's own words into OpenStreetMap's ``opening_hours`` form.

``周一至周五 9:00-12:00、下午1:30-5:00；法定节假日休息`` → ``Mo-Fr 09:00-12:00,13:30-17:00; PH off``. Days may stand
before or behind their times. What has two meanings (``9:00-5:00``), or names days without times, is not converted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from stations.readers.clock_times import DAY, NOON, Span, Unclear, in_24_hours, span_of
from stations.readers.hours_tokens import HOLIDAY, Kind, Part, Token, expanded, tokens_in

ALWAYS = "24/7"
BY_APPOINTMENT = 'unknown "by appointment"'
"""What follows the days, or the days and times, on which somebody comes by appointment only."""

_FIRST_OF_NIGHT, _MORNING, _LATE_MORNING = 60, 6 * 60, 8 * 60
_WORKING_DAYS = 3  # days from Monday to Friday from which on a group is one of working days


@dataclass
class _Rule:
    """The times of some days. ``days``: empty if they are not named (yet). ``added``: they add to those of other rules
    for the same days, such as an afternoon to a morning, and don't replace them. ``manner``: what follows the times.
    """

    days: list[str]
    spans: list[Span] = field(default_factory=list)
    added: bool = False
    manner: str = ""

    def __str__(self) -> str:
        spans = ",".join(f"{in_24_hours(begins)}-{in_24_hours(ends)}" for begins, ends in self.spans)
        return " ".join(filter(None, (",".join(self.days), spans, self.manner)))


def in_signs(text: str) -> str | None:
    """Return ``text`` in OpenStreetMap's form; None if it has unknown words, no times, or more than one meaning.

    ``text``: hours with plain digits and punctuation (``entered_text.narrow_line``).
    """
    tokens = tokens_in(text)
    if tokens is None:
        return None
    reading = _Reading()
    try:
        for token in tokens:
            reading.take(token)
        return reading.signs()
    except Unclear:
        return None


class _Reading:
    """Reads tokens one by one, and gathers rules and days off."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._off: list[list[str]] = []
        self._groups: list[list[str]] = []  # days that wait for times, parted where the text parts them
        self._clock: list[tuple[int, Part | None]] = []  # the beginning of a span
        self._part: Part | None = None
        self._to = self._joined = self._working = self._off_next = self._break_next = self._rest = False
        self._rest_by_appointment = False
        self._last = Kind.SEPARATOR
        self._read_last: tuple[Span, Part | None] | None = None  # a span that a word after it may make a break

    def take(self, token: Token) -> None:
        """Read the next token."""
        if self._read_last and token.kind not in (Kind.JOIN, Kind.SEPARATOR):
            span, part = self._read_last
            self._read_last = None
            if token.kind is Kind.OFF or (token.kind is Kind.BREAK and self._inside(span)):
                return self._pause(span)
            self._span(span, part=part)
        match token.kind:
            case Kind.DAYS:
                self._days(cast(tuple[str, ...], token.value))
            case Kind.WORKING_DAYS:
                self._working = True
                self._days(("Mo-Fr",))
            case Kind.HOLIDAYS:
                self._days((HOLIDAY,))
            case Kind.NEVER_CLOSED if self._rules and not self._groups:  # 周一至周日8:30-17:30（全年无休）
                if not _every_day(self._rules[-1].days):
                    raise Unclear
                self._groups = [[HOLIDAY]]
                self._as_usual()
            case Kind.NEVER_CLOSED:
                self._days(("Mo-Su", HOLIDAY))
            case Kind.PART:
                self._part = cast(Part, token.value)
            case Kind.TO:
                if not self._clock:
                    raise Unclear
                self._to = True
            case Kind.TIME:
                self._time(*cast(tuple[int, Part | None], token.value))
            case Kind.ALWAYS:
                self._read_last = (0, DAY), None
            case Kind.OFF:
                self._close()
            case Kind.WEEKENDS_OFF:
                self._off.append(["Sa", "Su"])
            case Kind.REST:
                self._rest = True
            case Kind.APPOINTMENT:
                self._appoint()
            case Kind.OFF_BEFORE:
                self._off_next = True
                return
            case Kind.OFF_END:
                self._off_next = False
                return
            case Kind.USUAL:
                self._as_usual()
            case Kind.BREAK:
                self._break_next = True
            case Kind.JOIN:
                self._joined = True
                return
            case Kind.SEPARATOR:
                return
            case _:
                raise Unclear
        self._last = token.kind
        self._joined = False

    def _days(self, days: tuple[str, ...]) -> None:
        if self._off_next and not (self._off and _every_day(list(days)) and days != (HOLIDAY,)):
            self._off.append(list(days))
            return
        self._off_next = False  # 除了周一每天9:00-17:00
        follows_days = self._last in (Kind.DAYS, Kind.WORKING_DAYS, Kind.HOLIDAYS, Kind.NEVER_CLOSED)
        if self._joined and follows_days and self._groups:
            self._groups[-1] += [day for day in days if day not in self._groups[-1]]
        else:
            self._groups.append(list(days))

    def _time(self, minutes: int, part: Part | None) -> None:
        part = part or self._part
        self._part = None
        if not self._clock:
            self._clock = [(minutes, part)]
            return
        if not self._to and part is None:  # a lone time; but 早9晚5 needs no “to”
            raise Unclear
        (begins, first), self._clock, self._to = self._clock[0], [], False
        self._read_last = span_of(begins, first, minutes, part), first

    def _span(self, span: Span, *, part: Part | None) -> None:
        if self._break_next:
            self._pause(span)
            return
        self._off_next = False
        if self._groups:
            self._begin_rule(span[0])
        elif not self._rules:
            self._rules.append(_Rule([]))
        spans = self._rules[-1].spans
        if spans and part is None and spans[0][0] > NOON and span[1] <= spans[0][0]:
            spans.insert(0, span)  # 13:30-17:00, 8:30-11:30: the clock is of 24 hours, the order reversed
            return
        if spans and part is None and span[0] < spans[-1][1]:
            later = (span[0] + NOON, span[1] if span[1] > span[0] + NOON else span[1] + NOON)
            if later[0] < spans[-1][1] or later[1] > DAY:
                raise Unclear
            span = later  # 8:30-11:30, 1:30-5:00
        if part is None and _perhaps_afternoon(span):
            raise Unclear
        spans.append(span)

    def _begin_rule(self, begins: int) -> None:
        """Begin the times of the days that wait, or go on with the rule that has the same days. Times after those of
        other rules for some of the days add to them; others replace them.
        """
        days = _flat(self._groups)
        self._groups = []
        same = next((rule for rule in self._rules if rule.days == days), None)
        if same is not None:
            self._rules.remove(same)
            self._rules.append(same)
            return
        shared = [rule for rule in self._rules if _each_day(rule.days) & _each_day(days)]
        added = bool(shared) and all(rule.spans and rule.spans[-1][1] <= begins for rule in shared)
        self._rules.append(_Rule(days, added=added))

    def _close(self) -> None:
        """Read “closed” of the days before it."""
        if self._off_next:
            self._off_next = False
            return
        if not self._groups:
            raise Unclear
        closed, rest = self._groups[-1], self._groups[:-1]
        weekdays = _each_day(_flat(rest)) & {"Mo", "Tu", "We", "Th", "Fr"}
        if len(weekdays) >= _WORKING_DAYS:  # 周一至周五，法定节假日休息: only the holidays
            self._groups = rest
        else:
            closed, self._groups = _flat(self._groups), []
        self._off.append(closed)

    def _appoint(self) -> None:
        """Read “by appointment”, of the days before it, of the rest of the time, or of the times read last."""
        if self._rest:
            self._rest, self._rest_by_appointment = False, True
        elif self._groups:
            days, self._groups = _flat(self._groups), []
            if self._rules and not self._rules[-1].days and _each_day(days) - {"Sa", "Su", HOLIDAY}:
                raise Unclear  # 9:00-17:00（周一至周五预约）
            self._rules.append(_Rule(days, manner=BY_APPOINTMENT))
        elif len(self._rules) > 1 and not self._rules[-1].manner:
            self._rules[-1].manner = BY_APPOINTMENT
        else:
            raise Unclear

    def _pause(self, pause: Span) -> None:
        """Take a break out of the times read last."""
        self._break_next = False
        spans = self._rules[-1].spans if self._rules else []
        for at, (begins, ends) in enumerate(spans):
            if begins < pause[0] < pause[1] < ends:
                spans[at : at + 1] = [(begins, pause[0]), (pause[1], ends)]
                return
        if not any(ends == pause[0] for _, ends in spans):  # 8:30-12:00, 午休12:00-13:30, 13:30-17:00
            raise Unclear

    def _inside(self, span: Span) -> bool:
        spans = self._rules[-1].spans if self._rules else []
        return any(begins < span[0] and span[1] < ends for begins, ends in spans)

    def _as_usual(self) -> None:
        """Read “as usual”, of public holidays or of every day."""
        days, self._groups = _flat(self._groups), []
        if not days:
            raise Unclear
        if not self._rules:
            self._groups = [["Mo-Su", *days]]
            return
        named = self._rules[-1].days or ["Mo-Su"]
        self._rules[-1].days = [*named, *(day for day in days if day not in named)]

    def signs(self) -> str:
        """Return what was read.

        Raises:
            Unclear: a time or some days are left over, or there is nothing.
        """
        if self._read_last:
            self._span(self._read_last[0], part=self._read_last[1])
        if self._clock or self._part or self._to or self._off_next or self._break_next or self._rest:
            raise Unclear
        if self._groups:
            if not self._rules or self._rules[-1].days:
                raise Unclear
            self._rules[-1].days = _flat(self._groups)
        if not self._rules and not self._off:
            raise Unclear
        named = {day for rule in self._rules for day in rule.days} | {day for days in self._off for day in days}
        if self._working and HOLIDAY not in named:
            self._off.append([HOLIDAY])
        text = ""
        for rule in self._rules:
            text += (", " if rule.added else "; ") * bool(text) + str(rule)
        if not self._off and len(self._rules) == 1 and _always(self._rules[0]):
            return ALWAYS
        signs = "; ".join([*([text] if text else []), *(f"{','.join(days)} off" for days in self._off)])
        return f"{signs} || {BY_APPOINTMENT}" if self._rest_by_appointment else signs


def _perhaps_afternoon(span: Span) -> bool:
    """Whether times of the small hours are more likely meant for the afternoon: 2:00-5:00."""
    return _FIRST_OF_NIGHT <= span[0] < _MORNING and span[1] <= _LATE_MORNING


def _flat(groups: list[list[str]]) -> list[str]:
    return list(dict.fromkeys(day for group in groups for day in group))


def _each_day(days: list[str]) -> set[str]:
    return {day for one in days for day in expanded(one)}


def _every_day(days: list[str]) -> bool:
    return len(_each_day(days) - {HOLIDAY}) in (0, 7)


def _always(rule: _Rule) -> bool:
    return rule.spans == [(0, DAY)] and _every_day(rule.days)
