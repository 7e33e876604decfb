"""Telephone numbers of stations: read as they are written, and told when two are the same line.

Numbers follow the numbering plan of China as ``phonenumbers`` (Google's libphonenumber) keeps it;
five- and six-digit hotlines such as 12315 are not in it and pass by their shape.
"""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers

from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import N_

_REGION = "CN"
_HOTLINE = re.compile(r"[19][0-9]{4,5}")
_EXTENSION = re.compile(r"\s*(?:转|分机|[eE][xX][tT]\.?|[xX#]|-)\s*([0-9]{1,5})$")
LIMIT = 40


def read_phone(field: str, value: str) -> str | None:
    """The number as it was written, full-width digits made plain; None where it is empty.

    Raises:
        InvalidInput: nobody in China could dial it.
    """
    phone = narrow(value)
    if not phone:
        return None
    if len(phone) > LIMIT or same_line(phone) is None:
        raise InvalidInput(
            field,
            N_("“{value}” is not a telephone number; write it with its area code, such as 025-8888 0000"),
            value=value.strip(),
        )
    return phone


@lru_cache(maxsize=65_536)  # an import asks for each number several times
def same_line(phone: str | None) -> str | None:
    """What two spellings of one line share: ``+862588880000``, without an extension; None for no number."""
    text = narrow(phone or "")
    if _HOTLINE.fullmatch(text):
        return text
    for shorter in (text, _EXTENSION.sub("", text)):
        try:
            number = phonenumbers.parse(shorter, _REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            number.extension = None
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return None
