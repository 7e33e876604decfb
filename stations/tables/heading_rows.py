"""Find the headings of a table: the one or two rows that name its columns.

With two rows, a heading of the first may span several of the second (坐标 over 经度 and 纬度), in merged cells or
with blank cells beside it; the other headings are in the first row only, or in both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from stations.errors import InvalidInput
from stations.language import N_, Listed, ListedAsWritten, Worded
from stations.tables.column import Column
from stations.tables.workbook_grids import Cell

HEADING_ROWS_SEARCHED = 30
_STAND = 12  # so many headings of the table are named then
_TOLD = 9  # so many possible headings are named where one is missing
_LONGEST_PART = 20  # characters: a heading in a second row is short
_Spans = Mapping[str, re.Pattern[str]]  # column name → its ``Column.spans``


class NoHeadings(Exception):
    """A sheet has no headings. ``problem``: the error that names the missing ones."""

    def __init__(self, problem: InvalidInput) -> None:
        self.problem = problem
        super().__init__()


class MissingHeading(InvalidInput):
    """A required column has no heading. ``column``: its name. ``stand``: the headings that the table has."""

    def __init__(self, column: str, stand: Sequence[str], message: str, /, **params: Any) -> None:
        self.column, self.stand = column, tuple(stand)
        super().__init__("file", message, **params)

    @property
    def said(self) -> Worded:
        """What is wrong, in words."""
        return Worded(self.message, self.params)


class NoRows(NoHeadings):
    """A sheet has headings, but no rows below them."""


@dataclass
class Head:
    """The headings of a table.

    ``row``: number of the last row of headings. ``places``: index of each column. ``texts``: heading at each index.
    ``over``: at each index, the heading of the first of two rows that spans this and other columns. ``lines``: for each
    heading row, the texts that name columns. ``rest``: rows below that were read during the search.
    """

    row: int
    places: dict[str, int]
    texts: dict[int, str]
    lines: list[dict[int, str]]
    rest: list[tuple[int, Sequence[Cell]]] = field(default_factory=list)
    over: dict[int, str] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """The number of columns that the headings span."""
        return 1 + max(self.texts)

    def stands_in(self, row: Sequence[Cell]) -> bool:
        """Whether a row repeats the headings, or one of their rows, as at the top of a further page."""
        return any(
            all(
                place < len(row) and row[place] is not None and str(row[place]).strip() == text
                for place, text in line.items()
            )
            for line in self.lines
            if line
        )


def find_head(rows: list[tuple[int, Sequence[Cell]]], columns: Sequence[Column]) -> Head:
    """Find the row with most of the headings, and the row above or below that belongs to it.

    Raises:
        NoHeadings: there are none, or a required one is missing.
        InvalidInput: they are in several rows that can't be combined.
    """
    if not rows:
        raise NoHeadings(InvalidInput("file", N_("The file is empty")))
    known = {plain_heading(heading): column.name for column in columns for heading in (*column.headings, column.name)}
    spans = {column.name: column.spans for column in columns if column.spans}
    texts = [_texts(row) for _, row in rows]
    found = [_places(line, known) for line in texts]
    best = max(range(len(rows)), key=lambda index: (len(found[index]), -index))
    places, named, lines, last = found[best], texts[best], [best], best
    over: dict[int, str] = {}
    for upper in (best, best - 1):
        if 0 <= upper < len(rows) - 1 and found[best] and _goes_under(texts[upper], rows[upper + 1][1], known, spans):
            together = _together(texts[upper], texts[upper + 1], known, spans)
            more = _places(together, known)
            if len(more) > len(places) or (upper == best and together != texts[upper]):
                places, named, lines, last = more, together, [upper, upper + 1], upper + 1
                over = _spanning(texts[upper], texts[upper + 1])
                break
    number = rows[last][0]
    if last + 1 < len(rows) and found[best]:
        _refuse_further(texts[last], rows[last + 1][1], known)
    for column in columns:
        if column.required and column.name not in places:
            fullest = max(texts, key=len) if not found[best] else named
            message = N_(
                "The list has no column “{column}”; row {row} has the headings: {stand}. Call it one of: {headings}"
            )
            raise NoHeadings(
                MissingHeading(
                    column.name,
                    list(fullest.values()),
                    message,
                    column=Worded(column.label),
                    row=number,
                    stand=Listed(f"“{shown}”" for shown in map(_in_one_line, list(fullest.values())[:_STAND])),
                    headings=ListedAsWritten(column.headings[:_TOLD]),
                )
            )
    if not places:
        wanted = ListedAsWritten(column.headings[0] for column in columns)
        raise NoHeadings(
            InvalidInput("file", N_("No row has the headings that are looked for: {headings}"), headings=wanted)
        )
    at = set(places.values())
    stand = [{place: text for place, text in texts[line].items() if place in at} for line in lines]
    return Head(number, places, named, stand, rows[last + 1 :], over)


def is_blank(row: Sequence[Cell]) -> bool:
    """Whether all cells are blank."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _goes_under(upper: Mapping[int, str], row: Sequence[Cell], known: Mapping[str, str], spans: _Spans) -> bool:
    """Whether this is a second heading row: it subdivides, repeats or completes the row above. Under headings of one
    column each, a row is data.
    """
    lower = _texts(row)
    over = _spanning(upper, lower)
    if not any(
        _name(text, known) or _name(over.get(place, "") + text, known) or _spans(over.get(place, ""), known, spans)
        for place, text in lower.items()
    ):
        return False
    return _stands_under(upper, row, known)


def _stands_under(upper: Mapping[int, str], row: Sequence[Cell], known: Mapping[str, str]) -> bool:
    lower = _texts(row)
    parted = {place for group in _groups(upper, lower) for place in group}
    for place, text in lower.items():
        if not isinstance(row[place], str) or len(text) > _LONGEST_PART:
            return False
        above = upper.get(place)
        if above is None or place in parted or above == text:
            continue
        if _name(text, known) is None or _name(above, known) not in (None, _name(text, known)):
            return False
    return True


def _spans(heading: str, known: Mapping[str, str], spans: _Spans) -> bool:
    """Whether a heading may stand over columns with any headings of their own."""
    name = _name(heading, known)
    return any(pattern.search(heading) and name in (None, column) for column, pattern in spans.items())


def _groups(upper: Mapping[int, str], lower: Mapping[int, str]) -> Iterator[list[int]]:
    """Yield the indices in the second row under one heading of the first, where there are several."""
    group: list[int] = []
    heading = None
    for place in range(1 + max((*upper, *lower), default=-1)):
        text = upper.get(place)
        if text is not None and text != heading:
            if len(group) > 1:
                yield group
            group, heading = [], text
        if heading is not None and place in lower and lower[place] != heading:
            group.append(place)
    if len(group) > 1:
        yield group


def _spanning(upper: Mapping[int, str], lower: Mapping[int, str]) -> dict[int, str]:
    """Return at each index of a group in the second row the heading of the first row that spans the group."""
    return {
        place: next((upper[at] for at in range(group[0], -1, -1) if at in upper), "")
        for group in _groups(upper, lower)
        for place in group
    }


def _together(
    upper: Mapping[int, str], lower: Mapping[int, str], known: Mapping[str, str], spans: _Spans
) -> dict[int, str]:
    """Combine the headings of two rows.

    Raises:
        InvalidInput: a known heading spans several, none of which is known.
    """
    together = dict(upper)
    for group in _groups(upper, lower):
        over = _spanning(upper, lower)[group[0]]
        parts = {place: lower[place] for place in group}
        whole = {place: over + part for place, part in parts.items()}  # 联系人 over 联系电话: 联系人联系电话
        parts |= {place: text for place, text in whole.items() if _name(text, known)}
        any_known = any(_name(part, known) for part in parts.values())
        if _name(over, known) and not any_known and not _spans(over, known, spans):
            raise _not_understood(over, list(parts.values()))
        together |= parts
        lower = {place: text for place, text in lower.items() if place not in parts}
    return dict(sorted({**together, **lower}.items()))


def _refuse_further(above: Mapping[int, str], row: Sequence[Cell], known: Mapping[str, str]) -> None:
    """Raise ``InvalidInput`` if the row below subdivides the headings further, in unknown words."""
    lower = _texts(row)
    for group in _groups(above, lower):
        over = next(above[place] for place in range(group[0], -1, -1) if place in above)
        if _name(over, known) and _stands_under(above, row, known):
            raise _not_understood(over, [lower[place] for place in group])


def _not_understood(over: str, parts: Sequence[str]) -> InvalidInput:
    return InvalidInput(
        "file",
        N_(
            "The headings stand in several rows and are not understood: “{heading}” stands over {parts}. Write the "
            "headings in one row, one for each column"
        ),
        heading=over,
        parts=Listed(f"“{part}”" for part in parts),
    )


def _in_one_line(heading: str) -> str:
    return " ".join(heading.split())


def _texts(row: Sequence[Cell]) -> dict[int, str]:
    return {place: str(cell).strip() for place, cell in enumerate(row) if not is_blank((cell,))}


def _places(texts: Mapping[int, str], known: Mapping[str, str]) -> dict[str, int]:
    """Return column name → index in a row. Of several headings of one column, the one that ``known`` has first counts;
    of equal ones, the first.
    """
    ranks = {heading: rank for rank, heading in enumerate(known)}
    places: dict[str, tuple[int, int]] = {}
    for place, text in texts.items():
        if heading := _known_heading(text, known):
            name, mine = known[heading], (ranks[heading], place)
            places[name] = min(places.get(name, mine), mine)
    return {name: place for name, (_rank, place) in places.items()}


def _name(text: str, known: Mapping[str, str]) -> str | None:
    heading = _known_heading(text, known)
    return known[heading] if heading else None


def _known_heading(text: str, known: Mapping[str, str]) -> str | None:
    return next((one for one in (plain_heading(text), plain_heading(_without_brackets(text))) if one in known), None)


@lru_cache(maxsize=16384)
def plain_heading(heading: str) -> str:
    """Normalize a heading for comparison: ignore width, case, blanks, line breaks, asterisks and colons."""
    return re.sub(r"[\s*_:：]", "", unicodedata.normalize("NFKC", heading)).casefold()


def _without_brackets(heading: str) -> str:
    return re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", unicodedata.normalize("NFKC", heading))
