"""The words of a cell that names several things: parted by ；、, line breaks or the numbers of a list.

What a bracket contains belongs to the word before it: 计量（检定、校准）、标准 are two words. Names that contain a mark
themselves (环境、职业健康安全等管理体系认证) are found first. Words are returned as they are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from stations.entered_text import comparable, visible

BRACKETED = re.compile(r"[(（【\[][^()（）【】\[\]]*[)）】\]]")
"""A bracket without another inside."""

_BETWEEN = re.compile(r"[;,、/|\n\r]+|\s{2,}|\s+(?=\(?\d{1,2}\s*[.、)])")
_LIST_MARK = re.compile("[①-⒛⓪㈠-㈩㊀-㊉❶-➓]")
_ORDINAL = "[一二三四五六七八九十]{1,3}"
# (一) anywhere; 1. and 2、 behind anything that is no figure or Latin letter; 一、 where a word begins.
_NUMBERED = re.compile(
    rf"\(\s*(?:\d{{1,2}}|{_ORDINAL})\s*\)|(?<![\d.a-zA-Z])\d{{1,2}}\s*[.、):](?!\d)|(?:^|(?<=[\s;,、])){_ORDINAL}\s*[、.:]"
)
_NO_WORD = re.compile(r"\(?\d{1,2}\)?|等+(?:服务|业务|项目)?")
_AROUND = " \t\r\n.。;；·"


class CellWords:
    """Parts cells. ``names``: all names in plain small characters; those that contain a mark are not parted."""

    def __init__(self, names: Iterable[str]) -> None:
        self._marked = sorted((name for name in names if _BETWEEN.search(name)), key=len, reverse=True)

    def read(self, cell: str) -> Iterator[str]:
        """Yield the words of a cell."""
        written = visible(cell)
        text = "".join(map(_plain, written))  # of the same length, so that positions hold in both
        for name in self._marked:
            if name in comparable(text):
                pattern = re.compile(r"\s*".join(map(re.escape, name)), re.IGNORECASE)
                yield from (written[found.start() : found.end()] for found in pattern.finditer(text))
                text = pattern.sub(_separators, text)
        text = _NUMBERED.sub(_separators, text)
        at = 0
        for start, end in [*(found.span() for found in _BETWEEN.finditer(_closed(text))), (len(text), len(text))]:
            word = written[at:start].strip(_AROUND)
            if word and not _NO_WORD.fullmatch(text[at:start].strip(_AROUND)):
                yield word
            at = end


def _plain(character: str) -> str:
    """Return a character in its plain form if that is one character; a separator for the number of a list (①)."""
    if _LIST_MARK.match(character):
        return ";"
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _separators(found: re.Match[str]) -> str:
    return ";" * len(found[0])


def _closed(text: str) -> str:
    """Return a text with everything inside brackets covered, innermost first."""
    while found := BRACKETED.search(text):
        text = text[: found.start()] + "_" * len(found[0]) + text[found.end() :]
    return text
