"""What stands on the sides of a comparison in a filter: properties, constants, and what is computed from them."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from stations.errors import InvalidInput
from stations.features.intervals import Span, day_of, span_of
from stations.features.properties import Kind
from stations.features.snapshot import Snapshot
from stations.language import N_, ListedAsWritten, Worded

GEOMETRY = "geometry"
TEXT, NUMBER, FLAG, TIME = N_("a text"), N_("a number"), N_("yes or no"), N_("a date")
SHAPE, TEXTS, NOTHING = N_("a geometry"), N_("a list"), N_("nothing")
"""What a value can be, as errors name it. Days and spans of days are both dates."""
_SORTS = {
    Kind.TEXT: TEXT,
    Kind.WHOLE: NUMBER,
    Kind.NUMBER: NUMBER,
    Kind.FLAG: FLAG,
    Kind.DAY: TIME,
    Kind.TEXTS: TEXTS,
}


@dataclass(frozen=True)
class Operand:
    """``each``: the value for each feature, None where it is not known. ``constant``: whether all are the same."""

    sort: str
    each: Sequence[Any] | NDArray[np.object_]
    constant: bool = False

    def __iter__(self) -> Iterator[Any]:
        return iter(self.each)

    @property
    def one(self) -> Any:
        """The value of a constant."""
        return self.each[0]


class Refused(InvalidInput):
    """Something in a filter that can't be evaluated."""


def _unaccented(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


_OF_TEXT: Mapping[str, Callable[[str], str]] = MappingProxyType({"casei": str.casefold, "accenti": _unaccented})
_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = MappingProxyType({
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "div": operator.floordiv,
    "%": operator.mod,
    "^": operator.pow,
})


class Values:
    """Reads the values in the tree of a filter over the features of a snapshot."""

    def __init__(self, field: str, snapshot: Snapshot, *, lat_first: bool) -> None:
        """``field``: the parameter that errors name. ``lat_first``: the order of the axes of constant geometries."""
        self._field, self._snapshot, self._lat_first = field, snapshot, lat_first

    def refuse(self, message: str, **params: Any) -> Refused:
        """Return the error of a filter."""
        return Refused(self._field, message, **params)

    def not_comparable(self, one: str, other: str) -> Refused:
        """Return the error of a comparison between two sorts."""
        return self.refuse(N_("The filter compares {one} with {other}"), one=Worded(one), other=Worded(other))

    def read(self, node: Any) -> Operand:
        """Return the operand that a node of the tree is.

        Raises:
            Refused: it is no value, names no property, or computes with what can't be computed with.
        """
        match node:
            case None:
                return self._constant(NOTHING, None)
            case bool():
                return self._constant(FLAG, node)
            case int() | float():
                return self._constant(NUMBER, node)
            case str():
                return self._constant(TEXT, node)
            case list():
                return self._constant(TEXTS, [self._in_a_list(one) for one in node])
            case {"property": str(name)}:
                return self._property(name)
            case {"date": str(text)} | {"timestamp": str(text)}:
                return self._constant(TIME, self._time(text, lambda: _single(day_of(text))))
            case {"interval": [str(start), str(end)]}:
                return self._constant(TIME, self._time(f"{start}/{end}", lambda: span_of(start, end)))
            case {"interval": [start, end]}:
                return self._between(self._end(start, date.min), self._end(end, date.max))
            case {"bbox": [*edges]} if len(edges) in (4, 6) and all(type(edge) in {int, float} for edge in edges):
                half = len(edges) // 2
                west, south, east, north = map(float, (*edges[:2], *edges[half : half + 2]))
                return self._shape(shapely.box(west, south, east, north))
            case {"type": str(), "coordinates": _} | {"type": "GeometryCollection", "geometries": _}:
                return self._shape(self._geometry(node))
            case {"op": str(name), "args": [*arguments]}:
                return self._computed(name.casefold(), arguments)
        raise self.refuse(N_("The filter has something in it that is not understood"))

    def _in_a_list(self, node: Any) -> Any:
        one = self.read(node)
        if not one.constant or one.sort in {SHAPE, TEXTS}:
            raise self.refuse(N_("The filter has something in it that is not understood"))
        return one.one

    def _constant(self, sort: str, value: Any) -> Operand:
        return Operand(sort, [value] * max(len(self._snapshot), 1), constant=True)

    def _property(self, name: str) -> Operand:
        snapshot = self._snapshot
        if name == GEOMETRY:
            return Operand(SHAPE, snapshot.geometries)
        known = snapshot.collection.property(name)
        if known is None:
            names = [one.name for one in snapshot.collection.properties]
            raise self.refuse(
                N_("There is no property “{value}”; use one of: {known}"),
                value=name,
                known=ListedAsWritten([*names, GEOMETRY]),
            )
        column: Sequence[Any] = snapshot.columns[name]
        if known.kind is Kind.DAY:
            column = [day and _single(day) for day in column]
        return Operand(_SORTS[known.kind], column)

    def _time(self, text: str, read: Callable[[], Span]) -> Span:
        try:
            return read()
        except ValueError:
            raise self.refuse(N_("“{text}” is not a date; write it as 2025-12-31"), text=text) from None

    def as_time(self, operand: Operand) -> Operand:
        """Return an operand as a time: a constant text may be the date that it is written as."""
        if operand.sort == TEXT and operand.constant:
            text = operand.one
            return self._constant(TIME, self._time(text, lambda: _single(day_of(text))))
        return operand

    def _end(self, node: Any, without: date) -> Operand:
        if node in (None, "", ".."):
            return self._constant(TIME, _single(without))
        end = self.as_time(self.read(node))
        if end.sort != TIME:
            raise self.not_comparable(end.sort, TIME)
        return end

    def _between(self, start: Operand, end: Operand) -> Operand:
        spans = [first and last and (first[0], last[1]) for first, last in zip(start, end, strict=False)]
        return Operand(TIME, spans)

    def _geometry(self, node: Mapping[str, Any]) -> Any:
        try:
            geometry = shape(dict(node))
        except (ValueError, TypeError, IndexError, KeyError, AttributeError, shapely.errors.ShapelyError):
            geometry = None
        if geometry is None or geometry.is_empty or not geometry.is_valid:
            raise self.refuse(N_("The filter has a geometry that is not valid"))
        return geometry

    def _shape(self, geometry: Any) -> Operand:
        if self._lat_first:
            geometry = shapely.transform(geometry, lambda points: points[:, ::-1])
        return self._constant(SHAPE, geometry)

    def _computed(self, name: str, arguments: Sequence[Any]) -> Operand:
        if name in _OF_TEXT and len(arguments) == 1:
            inner = self.read(arguments[0])
            if inner.sort == TEXTS and inner.constant:
                texts = [_OF_TEXT[name](one) if isinstance(one, str) else one for one in inner.one]
                return self._constant(TEXTS, texts)
            self.need(inner, TEXT)
            convert = _OF_TEXT[name]
            if inner.constant:
                return self._constant(TEXT, inner.one and convert(inner.one))
            return Operand(TEXT, [one if one is None else convert(one) for one in inner])
        if name in _ARITHMETIC and arguments:
            parts = [self.read(one) for one in arguments]
            for part in parts:
                self.need(part, NUMBER)
            return self._calculated(name, parts)
        raise self.refuse(N_("The filter uses “{name}”, which there is not"), name=name)

    def _calculated(self, name: str, parts: Sequence[Operand]) -> Operand:
        calculate, constant = _ARITHMETIC[name], all(part.constant for part in parts)
        if len(parts) == 1:
            sign = -1 if name == "-" else 1
            return Operand(NUMBER, [one if one is None else sign * one for one in parts[0]], constant)
        results = list(parts[0])
        for part in parts[1:]:
            results = [_result(calculate, one, two) for one, two in zip(results, part, strict=False)]
        return Operand(NUMBER, results, constant)

    def need(self, operand: Operand, sort: str) -> None:
        """Check that an operand is of a sort, or nothing.

        Raises:
            Refused: it is of another.
        """
        if operand.sort not in {sort, NOTHING}:
            raise self.not_comparable(operand.sort, sort)


def _single(day: date) -> Span:
    return day, day


def _result(calculate: Callable[[float, float], float], one: float | None, two: float | None) -> float | None:
    """Return a result; None where a side is not known, or there is no result, as in a division by zero."""
    if one is None or two is None:
        return None
    try:
        found = calculate(float(one), float(two))
    except (ZeroDivisionError, OverflowError):
        return None
    return found if isinstance(found, float) else None


def like(pattern: str) -> re.Pattern[str]:
    r"""Return the regular expression of a pattern of LIKE: ``%`` any text, ``_`` one character, ``\`` as written.

    What stands between two ``%`` is looked for at its first place and kept there (an atomic group), so that matching
    takes time in proportion to both lengths, whatever is written.
    """
    parts = [""]
    for one in re.findall(r"\\.|.", pattern, re.DOTALL):
        if one == "%":
            parts.append("")
        else:
            parts[-1] += "." if one == "_" else re.escape(one[-1])
    first, *further = parts
    if not further:
        return re.compile(first, re.DOTALL)
    between = "".join(f"(?>.*?{part})" for part in further[:-1] if part)
    return re.compile(f"{first}{between}.*{further[-1]}", re.DOTALL)
