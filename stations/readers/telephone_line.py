"""The line that one spelling of a telephone number means, by the numbering plan of ``phonenumbers`` (Google's
libphonenumber). Hotlines of five and six digits are not in it and are recognised by their form.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

EXTENSION_WORD = r"(?:转|分机号?|[eE][xX][tT]\.?|[xX#])[:\s]*"
EXTENSION = re.compile(rf"\s*(?:{EXTENSION_WORD}|-)\s*([0-9]{{1,5}})$")
"""An extension at the end of a number."""

_REGION = "CN"
_HOTLINE = re.compile(r"[19][0-9]{4,5}")
# The plan accepts any hotline behind an area code; only those of 95 and 96 are dialled so, to reach one city's.
_SHORT_WITH_AREA_CODE = re.compile(r"\+86(?:10|2[0-9]|[3-9][0-9]{2})(?!9[56])[0-9]{5,6}")


@lru_cache(maxsize=65_536)  # an import looks each number up several times
def line(spelling: str) -> str | None:
    """Return the common form of all spellings of one line, such as ``+862588880000`` or ``12315``, without an
    extension; None for what is not one complete number. ``spelling``: in plain characters.
    """
    if _HOTLINE.fullmatch(spelling):
        return spelling
    for shorter in (spelling, EXTENSION.sub("", spelling)):
        try:
            number = phonenumbers.parse(shorter, _REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            number.extension = None
            found = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            return None if _SHORT_WITH_AREA_CODE.fullmatch(found) else found
    return None


def local_digits(area_code: str) -> tuple[int, ...]:
    """Return how many digits numbers have after an area code such as ``025``; none if there is no such code."""
    return tuple(count for count in (7, 8) if line(area_code + "8" * count))
