"""What is wrong with a text that is no telephone number: letters for digits, too few digits, digits lost."""

from __future__ import annotations

import re

from stations.errors import InvalidInput
from stations.language import N_, Counted
from stations.readers.telephone_line import local_digits

LABEL = re.compile(
    r"^[^0-9+(]{0,4}?(?:电话|手机|座机|热线|号码|tel(?:ephone)?|phone|mobile)\s*(?:号码?)?\s*[:.]?\s*(?=[0-9+(])",
    re.IGNORECASE,
)
LETTERS = re.compile(r"[0-9][\-\s()]*[OolI](?![a-z])|(?<![A-Za-z])[OolI][\-\s()]*[0-9]")
LOOK_ALIKE = str.maketrans("OolI", "0011")
SPREADSHEET = re.compile(r"([0-9])(?:\.([0-9]+))?[eE]\+?([0-9]{1,2})|([0-9]{7,12})\.0+")
AREA_CODE = re.compile(r"\(?0(10|2[0-9]|[3-9][0-9]{2})\)?")
LOCAL_DIGITS = (7, 8)


def mistake_in(field: str, part: str, written: str) -> InvalidInput:
    """Return the error of a part that is no number, which says what is wrong with it."""
    if LETTERS.search(part):
        right = part.translate(LOOK_ALIKE)
        return InvalidInput(
            field,
            N_("“{value}” has a letter O, l or I in place of a digit; if {right} is meant, write that"),
            value=written,
            right=right,
        )
    digits = "".join(filter(str.isdigit, part))
    plain = LABEL.sub("", part)
    code = AREA_CODE.match(plain)
    if SPREADSHEET.fullmatch(part):
        return InvalidInput(
            field,
            N_("The spreadsheet shows “{value}” and has lost digits; format the column as text and enter the number"),
            value=written,
        )
    if code and not re.search(r"[^0-9\s()-]", plain):
        return InvalidInput(
            field,
            N_("“{value}” has {digits} after the area code {code}; {needed} are needed"),
            value=written,
            digits=Counted("{count} digit", "{count} digits", len(digits) - len(code[1]) - 1),
            code=f"0{code[1]}",
            needed="/".join(map(str, local_digits(f"0{code[1]}") or LOCAL_DIGITS)),
        )
    whole = re.fullmatch(r"[0-9\s-]+", plain) and re.match(r"(1)[3-9]|([48]00)", plain)
    if whole and len(digits) > max(LOCAL_DIGITS):
        return InvalidInput(
            field,
            N_("“{value}” has {digits}; {needed} are needed"),
            value=written,
            digits=Counted("{count} digit", "{count} digits", len(digits)),
            needed=11 if whole[1] else 10,
        )
    return InvalidInput(
        field,
        N_("“{value}” is not a telephone number; write it with its area code, such as 025-8888 0000"),
        value=written,
    )
