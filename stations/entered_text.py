"""Reading a text that somebody entered, before it is kept."""

from __future__ import annotations

import unicodedata

from stations.errors import InvalidInput
from stations.language import N_

_LAYOUT = "\n\r\t"
_NOTHING = frozenset({"", "无", "暂无", "—", "-", "——", "/", "\\", "n/a", "none", "null", "nan"})


def read_text(field: str, value: str, *, limit: int, required: bool = True) -> str:
    """The text without blanks around it.

    ``field`` is what an error names; ``limit`` counts characters.

    Raises:
        InvalidInput: it is empty though ``required``, longer than ``limit``, or holds control
            characters, which not every database can keep.
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
    """Return the text with full-width letters and digits, as Chinese input methods give them, made plain
    (Unicode NFKC), and without blanks around it. For codes and numbers, not for names."""
    return unicodedata.normalize("NFKC", value).strip()


def narrow_line(value: str) -> str:
    """Return the text as ``narrow`` does, on one line: each run of blanks and line breaks is one blank."""
    return " ".join(narrow(value).split())


def says_nothing(value: str) -> bool:
    """Whether a text is empty or a word that lists write where there is nothing: ``无``, ``—``, ``n/a``."""
    return value.strip().casefold() in _NOTHING
