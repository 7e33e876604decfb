"""Which features a filter selects. A comparison with what is not known is neither true nor false, as in SQL."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from stations.features.filter_values import (
    FLAG,
    NOTHING,
    NUMBER,
    SHAPE,
    TEXT,
    TEXTS,
    TIME,
    Operand,
    Refused,
    Values,
    like,
)
from stations.features.intervals import RELATIONS
from stations.features.snapshot import Rows, Snapshot
from stations.language import N_

Flags = NDArray[np.bool_]

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType({
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
})
_OF_DAYS: Mapping[str, Callable[[Any, Any], bool]] = MappingProxyType({
    "=": operator.eq,
    "<>": operator.ne,
    "<": lambda one, two: one[1] < two[0],
    ">": lambda one, two: one[0] > two[1],
    "<=": lambda one, two: one[1] <= two[0],
    ">=": lambda one, two: one[0] >= two[1],
})
_SPATIAL: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType({
    "s_intersects": shapely.intersects,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_contains": shapely.contains,
    "s_within": shapely.within,
    "s_touches": shapely.touches,
    "s_crosses": shapely.crosses,
    "s_overlaps": shapely.overlaps,
})
_OF_LISTS: Mapping[str, Callable[[set[Any], set[Any]], bool]] = MappingProxyType({
    "a_equals": operator.eq,
    "a_contains": operator.ge,
    "a_containedby": operator.le,
    "a_overlaps": lambda one, two: bool(one & two),
})


_LOOKED_UP = frozenset({TEXT, NUMBER, FLAG})
"""Sorts of which many constants are compared with at once."""


@dataclass(frozen=True)
class Truth:
    """For each feature whether something is true, and whether it is false; neither where that is not known."""

    true: Flags
    false: Flags

    @classmethod
    def told(cls, answers: Iterable[bool | None], count: int) -> Truth:
        """Return the truth of answers for ``count`` features; None where it is not known."""
        known = list(islice(answers, count))
        assert len(known) == count
        return cls(np.array([one is True for one in known]), np.array([one is False for one in known]))


def select(snapshot: Snapshot, tree: Any, *, field: str, lat_first: bool) -> Rows:
    """Return the features for which a filter (``read_filter``) is true.

    ``field``: the parameter that errors name. ``lat_first``: the order of the axes of geometries in the filter.

    Raises:
        InvalidInput: the filter names what there is not, or compares what can't be compared.
    """
    return np.flatnonzero(_Filter(Values(field, snapshot, lat_first=lat_first), len(snapshot)).truth(tree).true)


class _Filter:
    def __init__(self, values: Values, count: int) -> None:
        self._values, self._count = values, count
        self._of_outlines: dict[str, Truth] = {}  # comparing each outline with itself takes long: once in a filter

    def truth(self, node: Any) -> Truth:
        match node:
            case bool():
                return Truth.told(repeat(node), self._count)
            case {"property": str()}:
                return Truth.told(self._of_sort(FLAG, node), self._count)
            case {"op": str(name), "args": [*arguments]}:
                return self._operation(name.casefold(), arguments)
        raise self._values.refuse(N_("The filter says nothing that is true or false"))

    def _operation(self, name: str, arguments: Sequence[Any]) -> Truth:
        match name, arguments:
            case "and", [_, *_]:
                parts = [self.truth(one) for one in arguments]
                return Truth(_all(one.true for one in parts), _any(one.false for one in parts))
            case "or", [_, *_]:
                parts = [self.truth(one) for one in arguments]
                return Truth(_any(one.true for one in parts), _all(one.false for one in parts))
            case "not", [inner]:
                told = self.truth(inner)
                return Truth(told.false, told.true)
            case "isnull", [one]:
                return Truth.told((value is None for value in self._values.read(one)), self._count)
            case "between", [one, least, most]:
                return self._operation(
                    "and", [{"op": ">=", "args": [one, least]}, {"op": "<=", "args": [one, most]}]
                )
            case "in", [one, [_, *_] as choices]:
                return self._among(one, choices)
            case "in", [_, []]:
                return Truth.told(repeat(False), self._count)
            case "like", [one, pattern]:
                return self._like(self._of_sort(TEXT, one), self._of_sort(TEXT, pattern))
            case _, [one, two]:
                return self._between_two(name, self._values.read(one), self._values.read(two))
        raise self._unknown(name)

    def _among(self, one: Any, choices: Sequence[Any]) -> Truth:
        """Return whether a value is one of several: by looking it up where all are constants of its sort."""
        operand, wanted = self._values.read(one), set()
        for choice in map(self._values.read, choices):
            if operand.sort not in _LOOKED_UP or not choice.constant or choice.sort not in {operand.sort, NOTHING}:
                return self._operation("or", [{"op": "=", "args": [one, choice]} for choice in choices])
            wanted.add(choice.one)
        without = None if None in wanted else False
        return Truth.told((None if value is None else value in wanted or without for value in operand), self._count)

    def _between_two(self, name: str, one: Operand, two: Operand) -> Truth:
        if name in _COMPARISONS:
            return self._compare(name, one, two)
        if name in RELATIONS:
            return self._judge(RELATIONS[name], TIME, self._values.as_time(one), self._values.as_time(two))
        if name in _OF_LISTS:
            return self._judge(lambda left, right: _OF_LISTS[name](set(left), set(right)), TEXTS, one, two)
        if name in _SPATIAL:
            return self._spatial(name, one, two)
        raise self._unknown(name)

    def _compare(self, name: str, one: Operand, two: Operand) -> Truth:
        if TIME in (one.sort, two.sort):
            return self._judge(_OF_DAYS[name], TIME, self._values.as_time(one), self._values.as_time(two))
        equality = name in {"=", "<>"}
        sort = two.sort if one.sort == NOTHING else one.sort
        if sort not in ({TEXT, NUMBER, FLAG, NOTHING} if equality else {TEXT, NUMBER, NOTHING}):
            raise self._values.not_comparable(one.sort, two.sort)
        return self._judge(_COMPARISONS[name], sort, one, two)

    def _judge(self, holds: Callable[[Any, Any], bool], sort: str, one: Operand, two: Operand) -> Truth:
        self._values.need(one, sort)
        self._values.need(two, sort)
        pairs = zip(one, two, strict=False)
        told = (None if left is None or right is None else bool(holds(left, right)) for left, right in pairs)
        return Truth.told(told, self._count)

    def _like(self, one: Operand, pattern: Operand) -> Truth:
        if NOTHING in (one.sort, pattern.sort):
            return Truth.told(repeat(None), self._count)
        if not pattern.constant:
            return self._judge(lambda text, shape: bool(like(shape).fullmatch(text)), TEXT, one, pattern)
        matches = like(pattern.one).fullmatch
        if one.constant:
            return Truth.told(repeat(bool(matches(one.one))), self._count)
        return self._judge(lambda text, _pattern: bool(matches(text)), TEXT, one, pattern)

    def _spatial(self, name: str, one: Operand, two: Operand) -> Truth:
        self._values.need(one, SHAPE)
        self._values.need(two, SHAPE)
        if one.constant or two.constant:
            return self._compared(name, one, two)
        if name not in self._of_outlines:
            self._of_outlines[name] = self._compared(name, one, two)
        return self._of_outlines[name]

    def _compared(self, name: str, one: Operand, two: Operand) -> Truth:
        left, right = (operand.one if operand.constant else np.asarray(operand.each) for operand in (one, two))
        if not one.constant and two.constant:
            shapely.prepare(right)
        told = np.broadcast_to(_SPATIAL[name](left, right), self._count)
        known = np.ones(self._count, dtype=bool)
        for operand in (one, two):
            if not operand.constant:
                known &= ~shapely.is_missing(operand.each)
        return Truth(told & known, ~told & known)

    def _of_sort(self, sort: str, node: Any) -> Operand:
        operand = self._values.read(node)
        self._values.need(operand, sort)
        return operand

    def _unknown(self, name: str) -> Refused:
        return self._values.refuse(N_("The filter uses “{name}”, which there is not"), name=name)


def _all(flags: Iterable[Flags]) -> Flags:
    return np.asarray(np.logical_and.reduce(list(flags)))


def _any(flags: Iterable[Flags]) -> Flags:
    return np.asarray(np.logical_or.reduce(list(flags)))
