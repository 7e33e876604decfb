"""Reading opening hours, in OpenStreetMap's ``opening_hours`` form or in Chinese words.

``Mo-Fr 09:00-17:00; PH off``, ``周一至周五 9:00-12:00，下午1:30-5:00``, ``工作日 9:00-17:00``, ``全天候``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from opening_hours import OpeningHours, validate

from stations.entered_text import narrow_line, read_text, says_nothing
from stations.errors import InvalidInput
from stations.language import N_
from stations.readers.chinese_hours import in_signs
from stations.readers.hours_tokens import Kind, tokens_in
from stations.readers.season_hours import by_season

LIMIT = 120
_LONGEST_TYPED = 300
_DAYS = r"(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)[, -]*)+"
_DAYS_AND_TIMES = re.compile(rf"(?:{_DAYS})?[\d:, -]*")
_ONLY_DAYS = re.compile(rf"(?<![^;] )({_DAYS})(?=;|$)")
_SEASON, _MONTH = re.compile("[夏冬](?:令|季|天|时)"), re.compile(r"\d\s*月")
_TIMES = re.compile(r"\d:\d|24/7|sunrise|sunset|dawn|dusk")  # days off alone don't say when it is open
_CLOSED = "closed"  # OpenStreetMap has two words for it; ``off`` is the one used here


@dataclass(frozen=True, slots=True)
class ReadHours:
    """Opening hours. ``signs``: in OpenStreetMap's form, with times like ``09:00``. ``written``: as entered."""

    signs: str
    written: str

    def __str__(self) -> str:
        return self.signs


def read_hours(field: str, text: str) -> ReadHours | None:
    """Return the opening hours in ``text``; None if it is empty or says that there are none (``无``).

    Working days (工作日) are Monday to Friday without public holidays. Seasons are read where their dates are given.

    Raises:
        InvalidInput: ``text`` is too long or not understood.
    """
    plain = read_text(field, narrow_line(text), limit=_LONGEST_TYPED, required=False)
    if says_nothing(plain):
        return None
    signs = plain if _is_in_signs(plain) else in_signs(plain) or by_season(plain, in_signs)
    if signs is None or not validate(signs) or not _TIMES.search(signs):
        raise InvalidInput(field, _why_not(plain), value=text.strip())
    signs = str(OpeningHours(signs)).replace(_CLOSED, "off")
    signs = _ONLY_DAYS.sub(r"\1 00:00-24:00", signs)  # the library leaves out the times of a whole day
    return ReadHours(read_text(field, signs, limit=LIMIT), text.strip())


def _is_in_signs(text: str) -> bool:
    """Whether a text is in OpenStreetMap's form already. Days and times alone are read as words all the same: in
    ``9:00-5:00`` they would last through the night, without times by day and night.
    """
    return text.isascii() and not _DAYS_AND_TIMES.fullmatch(text) and validate(text)


def _why_not(text: str) -> str:
    """Return the message about hours that can't be read."""
    if _SEASON.search(text) and not _MONTH.search(text):
        return N_(
            "“{value}” does not give the dates of its seasons; add them, like May-Sep 08:30-18:00; "
            "Oct-Apr 08:30-17:00"
        )
    tokens = tokens_in(text)
    if tokens is None:
        return N_("“{value}” is not understood as opening hours; write them like Mo-Fr 09:00-17:00; PH off")
    if not any(token.kind in (Kind.TIME, Kind.ALWAYS) for token in tokens):
        return N_("“{value}” gives no times of opening hours; add them, like Mo-Fr 09:00-17:00; PH off")
    return N_(
        "“{value}” is not clear as opening hours; write times from 00:00 to 24:00 after their days, like "
        "Mo-Fr 09:00-12:00,13:30-17:00; PH off"
    )
