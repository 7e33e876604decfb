"""Read and check text that a person entered."""

from __future__ import annotations

import unicodedata

from stations.errors import InvalidInput
from stations.language import N_

_LAYOUT = "\n\r\t"
_NOTHING = frozenset({"", "无", "暂无", "—", "-", "——", "/", "\\", "n/a", "none", "null", "nan"})


def read_text(field: str, value: str, *, limit: int, required: bool = True) -> str:
    """Return the text without surrounding blanks.

    ``field``: the input that an error names. ``limit``: in characters.

    Raises:
        InvalidInput: the text is empty although ``required``, longer than ``limit``, or contains control
            characters, which not every database can store.
    """
    text = value.strip()
    if required and not text:
        raise InvalidInput(field, N_("This is empty; please fill it in"))
    if len(text) > limit:
        raise InvalidInput(field, N_("This is too long; {limit} characters at most"), limit=limit)
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in _LAYOUT for character in text):
        raise InvalidInput(field, N_("This holds characters that can't be shown; please type it anew"))
    return text


def narrow(value: str) -> str:
    """Return the text with full-width letters and digits, as Chinese input methods produce them, converted to plain
    ones (Unicode NFKC), and without surrounding blanks. For codes and numbers, not for names.
    """
    return unicodedata.normalize("NFKC", value).strip()


def narrow_line(value: str) -> str:
    """Return the text as ``narrow`` does, on one line: each run of blanks and line breaks becomes one blank."""
    return " ".join(narrow(value).split())


def says_nothing(value: str) -> bool:
    """Whether a text is empty or a placeholder that lists use for “nothing”: ``无``, ``—``, ``n/a``."""
    return value.strip().casefold() in _NOTHING
