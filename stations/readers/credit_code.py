"""Reading a unified social credit code (统一社会信用代码, GB 32100-2015)."""

from __future__ import annotations

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from stations.entered_text import narrow, read_text
from stations.errors import InvalidInput
from stations.language import N_

LONGEST_TYPED = 200
"""The longest text, including blanks and full-width letters."""


def read_credit_code(field: str, text: str) -> str:
    """Return the code's 18 characters in capital letters, without separators.

    ``91 3205 83MA…`` and full-width or small letters are read too.

    Raises:
        InvalidInput: ``text`` is empty or not a code, or its check character is wrong.
    """
    read_text(field, text, limit=LONGEST_TYPED)
    try:
        return uscc.validate(narrow(text))
    except ValidationError:
        raise InvalidInput(
            field,
            N_(
                "“{value}” is not a unified social credit code: 18 characters, "
                "the last one a check character; compare it with the business licence"
            ),
            value=text.strip(),
        ) from None
