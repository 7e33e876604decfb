"""Read and check text that a person entered."""

from __future__ import annotations

import re
import unicodedata

from stdnum.cn import ric

from stations.errors import InvalidInput
from stations.language import N_

_LAYOUT = "\n\r\t"
_NOTHING = frozenset(
    ("", "无", "暂无", "没有", "不详", "不明", "未知", "待定", "待补", "暂缺")
    + ("n/a", "na", "none", "null", "nan", "unknown")
)
_ONLY_MARKS = re.compile(r"[-‐‑‒–—―−－_.…·/\\／\s]{0,6}")
# Characters without a shape: soft hyphen, joiners, marks of direction, fillers, selectors of variants, tags.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_ODD_BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f"
# Six digits of a place, a day of birth, three digits and a check character (GB 11643-1999).
_IDENTITY_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])([1-9][0-9]{5})[ -]?((?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))"
    r"[ -]?([0-9]{3}[0-9Xx])(?![0-9A-Za-z])"
)
_IDENTITY_DIGITS = 17
_UNUSUAL = re.compile(f"(?P<blank>[{_ODD_BLANKS}])|[{_INVISIBLE}]")


def visible(text: str) -> str:
    """Return the text without invisible characters, which copying from web pages and documents brings along, and with
    plain blanks in place of those of other widths.
    """
    return text if text.isascii() else _UNUSUAL.sub(lambda found: " " if found["blank"] else "", text)


def without_identity_numbers(text: str) -> str:
    """Return the text with stars in place of each number of a person's identity card (GB 11643)."""
    plain = unicodedata.normalize("NFKC", text)
    if len(plain) != len(text):  # nothing of it can be put in its place
        text = plain
    for found in _IDENTITY_NUMBER.finditer(plain):
        number = "".join(found.groups()).upper()
        if ric.calc_check_digit(number) == number[-1]:
            text = text[: found.start()] + "*" * len(found[0]) + text[found.end() :]
    return text


def read_text(field: str, value: str, *, limit: int, required: bool = True) -> str:
    """Return the text without surrounding blanks and invisible characters.

    ``field``: the input that an error names. ``limit``: in characters.

    Raises:
        InvalidInput: the text is empty although ``required``, longer than ``limit``, contains control characters,
            which not every database can store, or the number of an identity card, which is never asked for.
    """
    text = visible(value).strip()
    if required and not text:
        raise InvalidInput(field, N_("This is empty; please fill it in"))
    if len(text) > limit:
        raise InvalidInput(field, N_("This is too long; {limit} characters at most"), limit=limit)
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in _LAYOUT for character in text):
        raise InvalidInput(field, N_("This holds characters that can't be shown; please type it anew"))
    if sum(map(str.isdigit, text)) >= _IDENTITY_DIGITS and without_identity_numbers(text) != text:
        raise InvalidInput(field, N_("The number of a person's identity card is not asked for here; leave it out"))
    return text


def narrow(value: str) -> str:
    """Return the text with full-width letters and digits, as Chinese input methods produce them, converted to plain
    ones (Unicode NFKC), without surrounding blanks and invisible characters. For codes and numbers, not for names.
    """
    return unicodedata.normalize("NFKC", visible(value)).strip()


def narrow_line(value: str) -> str:
    """Return the text as ``narrow`` does, on one line: each run of blanks and line breaks becomes one blank."""
    return " ".join(narrow(value).split())


def says_nothing(value: str) -> bool:
    """Whether a text is empty or a placeholder that lists use for “nothing”: ``无``, ``—``, ``…``, ``n/a``."""
    text = visible(value).strip()
    return text.casefold() in _NOTHING or _ONLY_MARKS.fullmatch(text) is not None


def comparable(text: str) -> str:
    """Return a text for comparison: in plain small characters, without blanks."""
    return "".join(narrow(text).split()).casefold()
