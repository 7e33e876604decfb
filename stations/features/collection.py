"""What a collection of features is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal

from sqlalchemy.orm import Session

from stations.features.places import Place
from stations.features.properties import Property, Row


@dataclass(frozen=True)
class Question:
    """``as_of``: the day that the features are true of. ``samples``: whether sample records are included."""

    as_of: date
    samples: bool


@dataclass(frozen=True)
class Collection(Generic[Row]):
    """A kind of feature.

    ``id``: its name in addresses. ``title``, ``description``: msgids. ``read``: returns the rows for a question.
    ``key``: the identifier of a row, which never changes. ``place``: where it is, None if that is not known.
    ``since``: the first day for which anything is known of it, None if it has no date.
    """

    id: str
    title: str
    description: str
    geometry: Literal["MultiPolygon", "Point"]
    properties: tuple[Property[Row], ...]
    read: Callable[[Session, Question], Iterable[Row]]
    key: Callable[[Row], str]
    place: Callable[[Row], Place | None]
    since: Callable[[Row], date | None] = lambda _row: None
    dated: bool = False
    """Whether its features differ from day to day."""

    def property(self, name: str) -> Property[Row] | None:
        """Return the property of this name, or None."""
        return next((one for one in self.properties if one.name == name), None)
