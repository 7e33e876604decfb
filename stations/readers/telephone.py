"""Reading a telephone number, and recognising different spellings of the same line.

``025-8888 0000``, ``(025) 88880000``, ``+86 25 8888 0000``, ``025-88880000转801``, ``138 0000 0000``, ``400-800-1234``,
``12315``, ``+49 30 1234567``; full-width digits become plain ones. The numbering plan is that of ``phonenumbers``
(Google's libphonenumber); five- and six-digit hotlines are not in it and are recognised by their form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from stations.entered_text import narrow, narrow_line, read_text, says_nothing
from stations.errors import InvalidInput
from stations.language import N_

LIMIT = 40
_LONGEST_TYPED = 200  # characters before blanks are removed
_REGION = "CN"
_WITH_AREA_CODE = 10  # digits: a local number and an area code without its 0
_HOTLINE = re.compile(r"[19][0-9]{4,5}")
_EXTENSION = re.compile(r"\s*(?:转|分机|[eE][xX][tT]\.?|[xX#]|-)\s*([0-9]{1,5})$")
# Numbers whose line is unknown: without the area code, or foreign without the plus sign.
_OTHER = re.compile(r"\+?[0-9\- ()]{7,40}")
_OTHER_DIGITS = range(7, 20)
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone number.

    ``written``: as entered, with plain characters. ``line``: the same for all spellings of one line, such as
    ``+862588880000``, without an extension; None if the area code or the country is missing.
    """

    written: str
    line: str | None

    def __str__(self) -> str:
        return self.written


def read_telephone(field: str, text: str, *, line_needed: bool = True) -> Telephone | None:
    """Return the number in ``text``; None if it is empty or says that there is none (``无``).

    ``line_needed``: whether the number must be complete, so that it can be dialled from anywhere in China. If not, any
    number of 7 to 19 digits is accepted, such as one without area code from a firm whose county is known.

    Raises:
        InvalidInput: ``text`` is not a telephone number.
    """
    written = read_text(field, narrow_line(text), limit=_LONGEST_TYPED, required=False)
    if says_nothing(written):
        return None
    if written.isdigit() and len(written) >= _WITH_AREA_CODE and written[0] not in "01":
        # A spreadsheet reads 051255550001 as a number and drops the 0 of the area code.
        whole = f"0{written}"
        written = whole if line_of(whole) else written
    line = line_of(written)
    other = _OTHER.fullmatch(written) and sum(map(str.isdigit, written)) in _OTHER_DIGITS
    if len(written) > LIMIT or (line is None and (line_needed or not other)):
        raise InvalidInput(
            field,
            N_("“{value}” is not a telephone number; write it with its area code, such as 025-8888 0000"),
            value=text.strip(),
        )
    return Telephone(written, line)


def read_mobile(field: str, text: str) -> str:
    """Return the eleven digits of a mobile number of mainland China; ``+86`` may precede them.

    Raises:
        InvalidInput: ``text`` is not such a number.
    """
    plain = re.sub(r"[\s()-]", "", narrow(text))
    found = _MOBILE.fullmatch(plain) or _MOBILE.fullmatch(line_of(plain) or "")
    if not found:
        raise InvalidInput(
            field,
            N_("“{value}” is not a mobile number; write the eleven digits, e.g. 138 0000 0000"),
            value=text.strip(),
        )
    return found[1]


@lru_cache(maxsize=65_536)  # an import looks each number up several times
def line_of(text: str | None) -> str | None:
    """Return the common form of all spellings of one line, such as ``+862588880000``; None for other texts."""
    plain = narrow(text or "")
    if _HOTLINE.fullmatch(plain):
        return plain
    for shorter in (plain, _EXTENSION.sub("", plain)):
        try:
            number = phonenumbers.parse(shorter, _REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            number.extension = None
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None
