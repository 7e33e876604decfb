"""Finding the headings of a table: the row, or the two rows, that name its columns.

In two rows a heading of the first may stand over several of the second (坐标 over 经度 and 纬度), in cells
merged or left blank beside it; the others stand in the first row alone, or in both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from stations.errors import InvalidInput
from stations.language import N_, Listed
from stations.tables.column import Column
from stations.tables.workbook_grids import Cell

HEADING_ROWS_SEARCHED = 30
_LONGEST_PART = 20  # characters: a heading in a second row is short


class NoHeadings(Exception):
    """A sheet has no headings; ``problem`` says what is missing."""

    def __init__(self, problem: InvalidInput) -> None:
        self.problem = problem
        super().__init__()


@dataclass
class Head:
    """``row``: the number of the last row of headings; ``places``: where each column stands; ``texts``: the
    heading at each place; ``lines``: what names columns in each of its rows; ``rest``: the rows below that
    were read in search of it."""

    row: int
    places: dict[str, int]
    texts: dict[int, str]
    lines: list[dict[int, str]]
    rest: list[tuple[int, Sequence[Cell]]] = field(default_factory=list)

    @property
    def width(self) -> int:
        """How many columns the headings span."""
        return 1 + max(self.texts)

    def stands_in(self, row: Sequence[Cell]) -> bool:
        """Whether the headings, or a row of them, stand here once more, as at the top of a further page."""
        return any(
            all(
                place < len(row) and row[place] is not None and str(row[place]).strip() == text
                for place, text in line.items()
            )
            for line in self.lines
            if line
        )


def find_head(rows: list[tuple[int, Sequence[Cell]]], columns: Sequence[Column]) -> Head:
    """The row that holds most of the headings, with the one above or below that belongs to it.

    Raises:
        NoHeadings: none is found, or a required one is not among them.
        InvalidInput: they stand in several rows and can't be brought together.
    """
    if not rows:
        raise NoHeadings(InvalidInput("file", N_("The file is empty")))
    known = {_plain(heading): column.name for column in columns for heading in (*column.headings, column.name)}
    texts = [_texts(row) for _, row in rows]
    found = [_places(line, known) for line in texts]
    best = max(range(len(rows)), key=lambda index: (len(found[index]), -index))
    places, named, lines, last = found[best], texts[best], [best], best
    for upper in (best, best - 1):
        if 0 <= upper < len(rows) - 1 and found[best] and _goes_under(texts[upper], rows[upper + 1][1], known):
            together = _together(texts[upper], texts[upper + 1], known)
            more = _places(together, known)
            if len(more) > len(places) or (upper == best and more != places):
                places, named, lines, last = more, together, [upper, upper + 1], upper + 1
                break
    number = rows[last][0]
    if last + 1 < len(rows) and found[best]:
        _refuse_further(texts[last], rows[last + 1][1], known)
    for column in columns:
        if column.required and column.name not in places:
            raise NoHeadings(
                InvalidInput(
                    "file",
                    N_("Row {row} has no heading for this column; call it one of: {headings}"),
                    row=number,
                    headings=", ".join(column.headings),
                )
            )
    if not places:
        wanted = ", ".join(column.headings[0] for column in columns)
        raise NoHeadings(
            InvalidInput("file", N_("No row has the headings that are looked for: {headings}"), headings=wanted)
        )
    at = set(places.values())
    stand = [{place: text for place, text in texts[line].items() if place in at} for line in lines]
    return Head(number, places, named, stand, rows[last + 1 :])


def is_blank(row: Sequence[Cell]) -> bool:
    """Whether nothing stands in any of the cells."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _goes_under(upper: Mapping[int, str], row: Sequence[Cell], known: Mapping[str, str]) -> bool:
    """Whether a row is a second one of headings: what stands in it parts a heading above, repeats it, or
    names a column where none is named above. A row of data stands under headings of one column each."""
    lower = _texts(row)
    if not any(_name(text, known) for text in lower.values()):
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


def _groups(upper: Mapping[int, str], lower: Mapping[int, str]) -> Iterator[list[int]]:
    """The places of the second row that stand under one heading of the first, where they are several."""
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


def _together(upper: Mapping[int, str], lower: Mapping[int, str], known: Mapping[str, str]) -> dict[int, str]:
    """The headings of two rows as one.

    Raises:
        InvalidInput: a heading that is known stands over several of which none is.
    """
    together = dict(upper)
    for group in _groups(upper, lower):
        over = next((upper[place] for place in range(group[0], -1, -1) if place in upper), "")
        parts = {place: lower[place] for place in group}
        whole = {place: over + part for place, part in parts.items()}  # 服务 over 电话: 服务电话
        parts |= {
            place: whole[place]
            for place, part in parts.items()
            if _name(part, known) is None and _name(whole[place], known)
        }
        if _name(over, known) and not any(_name(part, known) for part in parts.values()):
            raise _not_understood(over, list(parts.values()))
        together |= parts
        lower = {place: text for place, text in lower.items() if place not in parts}
    return dict(sorted({**together, **lower}.items()))


def _refuse_further(above: Mapping[int, str], row: Sequence[Cell], known: Mapping[str, str]) -> None:
    """Raise where the row below the headings parts them further, in words that mean nothing here."""
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


def _texts(row: Sequence[Cell]) -> dict[int, str]:
    return {place: str(cell).strip() for place, cell in enumerate(row) if not is_blank((cell,))}


def _places(texts: Mapping[int, str], known: Mapping[str, str]) -> dict[str, int]:
    """Where a row names which column; the first of two alike counts."""
    places: dict[str, int] = {}
    for place, text in texts.items():
        if name := _name(text, known):
            places.setdefault(name, place)
    return places


def _name(text: str, known: Mapping[str, str]) -> str | None:
    return known.get(_plain(text)) or known.get(_plain(_without_brackets(text)))


@lru_cache(maxsize=4096)
def _plain(heading: str) -> str:
    """A heading as it is compared: width, case, blanks, line breaks, stars and marks at its end aside."""
    return re.sub(r"[\s*_:：]", "", unicodedata.normalize("NFKC", heading)).casefold()


def _without_brackets(heading: str) -> str:
    return re.sub(r"\(.*?\)|\[.*?\]", "", unicodedata.normalize("NFKC", heading))
