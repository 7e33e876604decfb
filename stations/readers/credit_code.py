"""Reading a unified social credit code (统一社会信用代码, GB 32100-2015)."""

from __future__ import annotations

import re

from stdnum.cn import ric, uscc

from stations.entered_text import narrow, read_text
from stations.errors import InvalidInput
from stations.language import N_, Counted

LONGEST_TYPED = 200
"""The longest text, including blanks and full-width letters."""

_LENGTH = 18
# The registering authority and the kind of body (N2 and N3: collectives of villages), the code of the place, and nine
# characters of the body without I, O, S, V and Z; the last character checks the rest.
_SHAPE = re.compile(r"[1-9ANY][0-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
# Six digits of a place, a day of birth, three digits and a check character (GB 11643-1999).
_IDENTITY_CARD = re.compile(r"[1-6][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]")
# What stands around or between the characters where a code was copied from.
_LABEL = re.compile(
    r"^\s*(?:(?:统一)?社会信用代码|信用代码|(?:纳税人)?识别号|税号|代码|uscc)[证号为是:\s]*", re.IGNORECASE
)
_REMARK = re.compile(r"\([^()A-Za-z0-9]*\)\s*$")
_SIGNS = re.compile(r"[\s\-—–.。·,;'`’‘\"“”]")
_LOOK_ALIKE = str.maketrans("IOSZ", "1052")


class WrongCheckCharacter(InvalidInput):
    """A code has the right form, but its last character does not fit the others."""


def read_credit_code(field: str, text: str, *, as_printed: bool = False) -> str:
    """Return the code's 18 characters in capital letters, without separators.

    ``91 3205 83MA…`` and full-width or small letters are read too. ``as_printed``: whoever entered it has compared it
    with the licence, so that a wrong check character is taken as it is; ``is_certain`` tells such a code.

    Raises:
        WrongCheckCharacter: the check character is wrong, and ``as_printed`` is not set.
        InvalidInput: ``text`` is empty, not a code, or the number of an identity card.
    """
    code = _SIGNS.sub("", _REMARK.sub("", _LABEL.sub("", narrow(text)))).upper()
    written = text.strip()
    if ric.is_valid(code) or (_IDENTITY_CARD.fullmatch(code) and not is_certain(code)):
        raise InvalidInput(
            field,
            N_(
                "This is the number of a person's identity card, which is not asked for here; write the unified social "
                "credit code on the business licence"
            ),
        )
    read_text(field, text, limit=LONGEST_TYPED)
    if len(code) != _LENGTH:
        raise InvalidInput(
            field,
            N_("“{value}” has {characters}; a unified social credit code has 18. See the business licence"),
            value=written,
            characters=Counted("{count} character", "{count} characters", len(code)),
        )
    if not _SHAPE.fullmatch(code):
        right = code.translate(_LOOK_ALIKE)
        if right != code and _SHAPE.fullmatch(right) and is_certain(right):
            raise InvalidInput(
                field,
                N_("“{value}” has a letter that these codes do not use; if {right} is meant, write that"),
                value=written,
                right=right,
            )
        raise InvalidInput(
            field,
            N_(
                "“{value}” is not a unified social credit code: 18 characters, "
                "the last one a check character; compare it with the business licence"
            ),
            value=written,
        )
    if not as_printed and not is_certain(code):
        raise WrongCheckCharacter(
            field,
            N_(
                "“{value}” is probably mistyped: its last character does not fit the others. Compare it with the "
                "business licence; if it is printed so there, confirm that"
            ),
            value=written,
        )
    return code


def has_wrong_check_character(text: str) -> bool:
    """Whether a text is a credit code but for its last character."""
    try:
        read_credit_code("credit_code", text)
    except InvalidInput as problem:
        return isinstance(problem, WrongCheckCharacter)
    return False


def is_certain(code: str) -> bool:
    """Whether the last character of a code fits the others, so that it is hardly mistyped."""
    return uscc.calc_check_digit(code[:-1]) == code[-1:]
