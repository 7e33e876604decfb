"""Reading telephone numbers, and recognising different spellings of the same line.

``025-8888 0000``, ``(025) 88880000``, ``+86 25 8888 0000``, ``025-88880000转801``, ``138 0000 0000``, ``400-800-1234``,
``12315``, ``+49 30 1234567``; full-width digits become plain ones. A cell may hold several numbers, of which the first
is the one to dial (``0512-55550001/02``, ``025-84530001转8001、8002``), and words about them (``电话：… 王先生``,
``…（微信同号）``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from stations.entered_text import narrow, narrow_line, read_text, says_nothing
from stations.errors import InvalidInput
from stations.language import N_
from stations.readers.telephone_line import EXTENSION, EXTENSION_WORD, line
from stations.readers.telephone_mistakes import AREA_CODE, LABEL, LETTERS, LOCAL_DIGITS, SPREADSHEET, mistake_in

LIMIT = 120
BETWEEN = "、"
"""Separates several numbers of one field."""

_LONGEST_TYPED = 200  # characters before blanks are removed
_WITH_AREA_CODE = 10  # digits: a local number and an area code without its 0
_SHORTENED_DIGITS = 2  # 55550001/02: the last two digits of the number before are other ones
_DASHES = re.compile(r"\s*[‐‑‒–—―−﹣~～]+\s*|-{2,}")
_BY_DAY_AND_NIGHT = re.compile(r"(?:7\s*[x×*]\s*)?24\s*(?:小时|h)")
_FAX = re.compile(r"传真|\bfax\b", re.IGNORECASE)
_FREE_OR_SHARED = re.compile(r"[48]00\d{7}")
# What offices write for signs that the reading knows. A bracket with a number in it, or a number behind a bracket, is a
# number of its own.
_IN_KNOWN_SIGNS = (
    (re.compile(r"\(([^()]*[0-9][0-9\- ]{5,}[^()]*)\)"), r"、\1、"),  # 0516-86234567（传真 0516-86234568）
    (re.compile(r"(?<=[0-9])(\([^()0-9]+\))(?=[0-9])"), r"\1、"),  # 0510-86612345（白天）13912345678（晚上）
    (re.compile(r"^(0[0-9]{2,3})\.(?=[0-9]{7,8}(?![0-9]))"), r"\1-"),  # 0510.86612345
    (re.compile(r"(?<=[0-9]{7})\s*\*\s*(?=[0-9]{1,5}(?![0-9]))"), "转"),  # 0510-86612345*801
    (re.compile(rf"\s*[,、;]\s*(?={EXTENSION_WORD}\s*[0-9])"), ""),  # 0510-86612345，转8001
)
_RANGE = re.compile(r"([0-9]{7,8})\s*[~～∼〜至]\s*([0-9]{1,2})(?![0-9])")
_LONGEST_RANGE = 10
_PARTED = re.compile(r"\s*[、;,/|\n]\s*|\s*(?:或者?|和|及)\s*")
_ONE_NUMBER = re.compile(r"[+(01][0-9()\- ]{4,25}")
_NUMBER = re.compile(
    r"(?P<number>\+?[0-9]{0,4}[-\s]*\(?[0-9]+\)?(?:[-\s]*[0-9]+)?(?:[-\s]+[0-9]+)*)"
    rf"(?:\s*(?:\(?{EXTENSION_WORD}|-|\((?=[0-9]+\)))\s*(?P<extension>[0-9]{{1,5}})\)?)?(?![0-9])"
)
_ONLY_EXTENSION = re.compile(rf"(?:{EXTENSION_WORD})?([0-9]{{3,5}})")
# Numbers whose line is unknown: without the area code, or foreign without the plus sign.
_OTHER = re.compile(r"\+?[0-9\- ()]{7,40}")
_OTHER_DIGITS = range(7, 20)
# A mobile number or one with an area code, which are in the numbering plan if they are complete.
_MISTYPED = re.compile(r"1[3-9][0-9\- ]{7,}|\(?0(?:10|2[0-9]|[3-9][0-9]{2})")
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone number, the first of those in a text.

    ``number``: as entered, with plain characters. ``line``: the same for all spellings of one line, such as
    ``+862588880000``; None if the area code or the country is missing. ``extensions``: behind that line. ``remark``:
    the words about the numbers in the text, without labels such as 电话. ``others``: its further numbers.
    """

    number: str
    line: str | None
    extensions: tuple[str, ...] = ()
    remark: str = ""
    others: tuple[Telephone, ...] = ()

    @property
    def written(self) -> str:
        """All numbers of the text, as a record stores them."""
        return BETWEEN.join(one.alone for one in (self, *self.others))

    @property
    def alone(self) -> str:
        """This number with its extensions."""
        return f"{self.number}转{BETWEEN.join(self.extensions)}" if self.extensions else self.number

    @property
    def dialled(self) -> str:
        """The address that a telephone dials, in the form of RFC 3966: ``tel:+862588880000;ext=801``."""
        number = self.line or "".join(sign for sign in self.number if sign.isdigit() or sign == "+")
        return f"tel:{number};ext={self.extensions[0]}" if self.extensions else f"tel:{number}"

    def __str__(self) -> str:
        return self.written


class _Unread(Exception):
    """A part of a text is no number. ``part``: as entered."""

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__()


def read_telephone(field: str, text: str, *, line_needed: bool = True, limit: int = LIMIT) -> Telephone | None:
    """Return the numbers in ``text``; None if it is empty or says that there is none (``无``).

    ``line_needed``: whether a number must be complete, so that it can be dialled from anywhere in China. If not, any
    number of 7 to 19 digits is accepted, such as one without area code from a firm whose county is known. ``limit``: of
    what is stored, in characters.

    Raises:
        InvalidInput: ``text`` has something in it that is not a telephone number.
    """
    written = read_text(field, narrow_line(text), limit=_LONGEST_TYPED, required=False)
    if says_nothing(written):
        return None
    if _ONE_NUMBER.fullmatch(written) and (known := line(written)) and not EXTENSION.search(written):
        return Telephone(written, known)  # most are so, and lists of stations may be long
    try:
        read = _numbers_in(written, line_needed=line_needed)
    except _Unread as unread:
        raise mistake_in(field, unread.part, text.strip()) from None
    if len(read.written) > limit:
        raise InvalidInput(field, N_("This is too long; {limit} characters at most"), limit=limit)
    return read


def telephones_in(text: str | None) -> tuple[Telephone, ...]:
    """Return each number in a stored text; none if it can't be read."""
    try:
        read = _numbers_in(narrow_line(text or ""), line_needed=False)
    except _Unread:
        return ()
    return (read, *read.others)


def read_mobile(field: str, text: str) -> str:
    """Return the eleven digits of a mobile number of mainland China; ``+86`` may precede them.

    Raises:
        InvalidInput: ``text`` is not such a number.
    """
    plain = re.sub(r"[\s()-]", "", narrow(text))
    if LETTERS.search(plain):
        raise mistake_in(field, plain, text.strip())
    found = _MOBILE.fullmatch(plain) or _MOBILE.fullmatch(line_of(plain) or "")
    if not found:
        raise InvalidInput(
            field,
            N_("“{value}” is not a mobile number; write the eleven digits, e.g. 138 0000 0000"),
            value=text.strip(),
        )
    return found[1]


def line_of(text: str | None) -> str | None:
    """Return the common form of all spellings of one line, such as ``+862588880000``; None for other texts. Of several
    numbers it is that of the first.
    """
    plain = narrow(text or "")
    if (known := line(plain)) is not None or len(plain) < _OTHER_DIGITS.start:
        return known
    first = telephones_in(plain)[:1]
    return first[0].line if first else None


def _numbers_in(written: str, *, line_needed: bool) -> Telephone:
    """Return the numbers of a text on one line.

    Raises:
        _Unread: a part of it is not a number.
    """
    found: list[Telephone] = []
    written = _RANGE.sub(_each_of, _unspread(written))
    for pattern, signs in _IN_KNOWN_SIGNS:
        written = pattern.sub(signs, written)
    for part in _PARTED.split(_DASHES.sub("-", written).strip(" .。-")):
        for piece in _pieces(part.strip()):
            _add(found, piece, line_needed=line_needed)
    faxes = [one for one in found if _FAX.search(one.remark)]
    found = [one for one in found if one not in faxes]
    if not found:
        raise _Unread(written)
    remark = " ".join([one.remark for one in found if one.remark] + [f"{one.remark} {one.alone}" for one in faxes])
    others = tuple(replace(one, remark="") for one in found[1:])
    return replace(found[0], remark=remark, others=others)


def _each_of(found: re.Match[str]) -> str:
    """Return the numbers of a range: 87812345~7 are three."""
    first, last = found[1], found[1][: -len(found[2])] + found[2]
    if not 0 < int(last) - int(first) < _LONGEST_RANGE:
        return found[0]
    return "、".join(str(number).zfill(len(first)) for number in range(int(first), int(last) + 1))


def _unspread(written: str) -> str:
    """Return the digits of a number that a spreadsheet shows as 5.1255550007E10 or 2584530001.0; a text that has fewer
    digits than the number, such as 1.38E+10, is not changed.
    """
    found = SPREADSHEET.fullmatch(written)
    if found is None:
        return written
    whole, decimals, exponent, with_zero = found.groups()
    if with_zero:
        return str(with_zero)
    return f"{whole}{decimals}" if decimals and len(decimals) == int(exponent) else written


def _pieces(part: str) -> list[str]:
    """Return the numbers of a part that blanks separate: 0512-55550001 13800000000."""
    words = part.split(" ")
    for end in range(1, len(words)):
        left, right = " ".join(words[:end]), " ".join(words[end:])
        local = AREA_CODE.match(left) and len("".join(filter(str.isdigit, right))) in LOCAL_DIGITS
        if line(left) and (line(right) or (local and words[-1] == right)):
            return [left, right]
    return [part] if part else []


def _add(found: list[Telephone], piece: str, *, line_needed: bool) -> None:
    """Add the number in a piece of the text to those before it, or complete the last of those."""
    before = found[-1] if found else None
    if before and piece.isdigit():
        digits = "".join(filter(str.isdigit, before.number))
        if before.extensions and _ONLY_EXTENSION.fullmatch(piece):  # 转8001、8002
            found[-1] = replace(before, extensions=(*before.extensions, piece))
            return
        if len(piece) <= _SHORTENED_DIGITS and before.line and len(digits) > len(piece):  # 55550001/02
            piece = before.number[: -len(piece)] + piece
    code = AREA_CODE.match(before.number) if before else None
    if code and len("".join(filter(str.isdigit, piece))) in LOCAL_DIGITS and line(piece) is None:
        prefix = code[0] if code[0].endswith(")") else f"{code[0]}-"
        piece = re.sub(r"(?=[0-9])", prefix, piece, count=1)  # 0512-55550001/55550002
    found.append(_read(piece, line_needed=line_needed))


def _lacks_zero(digits: str) -> bool:
    """Whether digits are a number with a 0 before them. 400 and 800 numbers are dialled as they are."""
    return not _FREE_OR_SHARED.fullmatch(digits) and line(f"0{digits}") is not None


def _read(piece: str, *, line_needed: bool) -> Telephone:
    plain = LABEL.sub("", piece)
    if plain.isdigit() and len(plain) >= _WITH_AREA_CODE and plain[0] not in "01" and _lacks_zero(plain):
        plain = f"0{plain}"  # a spreadsheet reads 051255550001 as a number and drops the 0 of the area code
    match = _NUMBER.search(plain)
    if match is None:
        raise _Unread(piece)
    number, extension = match["number"].strip(), match["extension"]
    if extension and line(number) is None and line(match[0]):
        number, extension = match[0].strip(), None  # 4000-860-860
    elif extension is None and (ends := EXTENSION.search(number)) and line(number[: ends.start()]):
        number, extension = number[: ends.start()], ends[1]
    rest = plain[: match.start()] + " " + plain[match.end() :]
    remark = " ".join(re.sub(r"[()\[\]【】:.,。]", " ", rest).split())
    if any(sign.isdigit() for sign in _BY_DAY_AND_NIGHT.sub("", remark)) or LETTERS.search(plain):
        raise _Unread(piece)
    known = line(number)
    if known is None:
        other = _OTHER.fullmatch(number) and sum(map(str.isdigit, number)) in _OTHER_DIGITS
        if line_needed or not other or remark or _MISTYPED.match(number):
            raise _Unread(piece)
    return Telephone(number, known, (extension,) if extension else (), remark)
