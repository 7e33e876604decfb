"""The text of a query: one spelling for what is the same, and the standards that it names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from geo.address import simplified

HAN = re.compile(r"[\u3400-\u9fff]+")
LATIN_WORD = re.compile(r"[a-z0-9][a-z0-9.+-]*")

_SLASHES = str.maketrans(dict.fromkeys("∕⁄╱＿_\\", "/") | dict.fromkeys("ü", "v"))
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_BESIDE_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")

# Publishers of standards, by the letters before a number; other letters and figures are a model or grade (N95, IP65).
_PUBLISHERS = frozenset(
    re.findall(
        "[a-z]+",
        """aq as astm bb bs cas cb cecs cj cnas db din dl en fz ga gb gbj gbt gbz gjb hb hg hj iatf iec ieee iso jb
        jc jg jgj jis jjf jjg jr jt jtg ls ly mt mz nb nf nfpa ny qb qbt qc rb rbt sa sb sc sh sj sl sn sy tb ts tsg ul
        un wb wh ws xb xf yb yd ys yy""",
    )
)
# GB/T 228.1-2021, gbt228.1, ISO 9001, JJG52, DB32/T 4000: letters, perhaps /T, then a number. The year of the edition
# is not part of the search term.
_STANDARD = re.compile(
    r"(?<![a-z0-9])([a-z]{2,6}?(?:[0-9]{1,4}(?=\s*/))?)(?:\s*/\s*[a-z]{1,3}|t)?[\s-]*"
    r"([0-9]{2,6}(?:\.[0-9]+)*|[0-9](?:\.[0-9]+)+)(?:[a-z](?![a-z0-9]))?(?:[-:—–][0-9]{4})?(?![a-z0-9])"
)
_ZERO_IN_ISO = re.compile(r"(?<![a-z0-9])[i1]s[o0](?=[\s-]*[0-9oil]{4,5}(?![a-z0-9]))")
_MISSPELT_ISO = re.compile(
    r"(?<![a-z0-9])(?:so|io|is|os|sio|ios|ois|isoo|isso)"
    r"(?=[\s-]*(?:9000|9001|14001|16949|13485|17025|20000|22000|22301|27001|37001|45001|50001)(?![0-9]))"
)
_LIKE_DIGITS = re.compile(r"(?<![a-z0-9])((?:iso|gb|gbt|gb/t|jjg|jjf|iec|iatf)[\s/-]*)([0-9oil.]{3,})(?![a-z])")
_DIGITS = str.maketrans("oil", "011")


@dataclass(frozen=True)
class Standard:
    """A standard named in a text. ``letters``: of its publisher; ``number``: with the part, without the year;
    ``start`` and ``end``: where it is in the text.
    """

    letters: str
    number: str
    start: int
    end: int

    @property
    def terms(self) -> tuple[str, str]:
        """The search terms: with the part number, and of the whole series."""
        return self.letters + self.number, self.letters + self.number.split(".")[0]


def plain(text: str) -> str:
    """Return a text in one spelling: simplified characters, half-width, small letters, without invisible characters and
    without blanks inside Chinese. Letters that stand for figures in the number of a standard (IS09001, ISO 900l) become
    figures.
    """
    simple = simplified(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).casefold()
    simple = _BESIDE_HAN.sub("", " ".join(simple.translate(_SLASHES).split()))
    simple = _MISSPELT_ISO.sub("iso", _ZERO_IN_ISO.sub("iso", simple))
    return _LIKE_DIGITS.sub(_with_digits, simple)


def _with_digits(found: re.Match[str]) -> str:
    letters, number = found[1], found[2]
    return letters + (number.translate(_DIGITS) if sum(one.isdigit() for one in number) >= 2 else number)


def standards(text: str) -> list[Standard]:
    """Return the standards that a plain text names."""
    return [
        Standard(found[1], found[2], found.start(), found.end())
        for found in _STANDARD.finditer(text)
        if found[1].rstrip("0123456789") in _PUBLISHERS
    ]


def stem(word: str) -> str:
    """Return an English word without the ending of its plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def stemmed(text: str) -> str:
    """Return a plain text with each word in Latin letters stemmed."""
    return LATIN_WORD.sub(lambda found: stem(found[0]) if found[0].isalpha() else found[0], text)
