"""Reading numbers: whole numbers and decimals, with or without thousands separators.

``1234``, ``1,234.5``, ``1 234``, ``１２３４``, ``1e5``.
"""

from __future__ import annotations

import math
import re

from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.language import N_

_BLANK_BETWEEN_THOUSANDS = re.compile(r"(?<=[0-9]) (?=[0-9]{3}(?![0-9]))")

NOT_A_NUMBER = N_("“{text}” is not a number")


def read_number(field: str, text: str, wrong: str = NOT_A_NUMBER) -> float:
    """Return a finite number.

    ``wrong``: the message if ``text`` is not a number; it may contain ``{text}``.

    Raises:
        InvalidInput: ``text`` is not a number, or not a finite one.
    """
    value = decimal_of(text)
    if value is None or not math.isfinite(value):
        raise InvalidInput(field, wrong, text=text.strip())
    return value


def read_amount(field: str, text: str, *, below: float) -> float:
    """Return a number from 0 to less than ``below``, such as a sum of money or a count of firms.

    Raises:
        InvalidInput: ``text`` is not such a number.
    """
    wrong = N_("“{text}” is not a number of 0 or more")
    value = read_number(field, text, wrong)
    if not 0 <= value < below:
        raise InvalidInput(field, wrong, text=text.strip())
    return value


def read_whole_number(field: str, text: str, least: int, most: int | None = None, *, units: str = "") -> int:
    """Return a whole number from ``least`` to ``most``; without ``most`` there is no upper limit.

    ``units``: words, separated by ``|``, of which one may follow the number: ``12 个月``.

    Raises:
        InvalidInput: ``text`` is not such a number.
    """
    plain = narrow(text).replace(",", "")
    # No more digits than every database can take; Python itself reads no number of thousands of digits.
    found = re.fullmatch(rf"([+-]?)0*([0-9]{{1,18}})(?:\.0+)?\s*(?:{units})?", plain, re.IGNORECASE)
    if found:
        number = int(found[1] + found[2])
        if least <= number and (most is None or number <= most):
            return number
    if most is None:
        raise InvalidInput(
            field, N_("“{text}” is not a whole number from {least} up"), text=text.strip(), least=least
        )
    raise InvalidInput(
        field,
        N_("“{text}” is not a whole number from {least} to {most}"),
        text=text.strip(),
        least=least,
        most=most,
    )


def decimal_of(text: str) -> float | None:
    """Return the number written in ``text``, which may be infinite or ``nan``; None for other texts."""
    try:
        return float(_BLANK_BETWEEN_THOUSANDS.sub("", narrow(text)).replace(",", ""))
    except ValueError:
        return None
