"""States of records as JSON, for the change history, for proposals and for the output of commands.

Stored documents must stay readable, so their form does not change. There is one key for each field:

- texts as they are, ``null`` if empty; ``level`` and ``kind`` of a centre by their values;
- ``place``: ``[lon, lat]`` in WGS-84 degrees; ``chains``: sorted codes;
- ``services``: service code → ``{"since": ISO date or null, "until": …}``;
- ``unread``: field → words as written;
- ``history``: entries in order, each ``{"status" or "stage", "dated", "as_of", "reason", "source"}``, dates as ISO 8601
  with reduced precision.

A missing key reads as empty; fields that records got later are written only if they are not. If there is no record,
all fields are empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Dialect
from sqlalchemy.types import TypeDecorator

from stations.partial_date import PartialDate
from stations.registry.centre import CentreKind, CentreLevel, Stage
from stations.registry.record_kind import RecordKind
from stations.registry.record_state import (
    FIELDS,
    STATE_TYPES,
    FieldChange,
    FieldChanges,
    FieldValue,
    HistoryEntry,
    Offer,
    Place,
    RecordState,
    StationState,
    empty_value,
    value_of,
)
from stations.registry.station import Status
from stations.registry.unread import Unread

Json = dict[str, Any]

_LATER = {
    RecordKind.STATION: frozenset({"host", "contact_name", "contact_phone", "unread"}),
    RecordKind.CENTRE: frozenset({"unread"}),
}
"""Fields that the first documents do not have."""


def state_to_json(state: RecordState | None, kind: RecordKind) -> Json:
    """Return the JSON document of a state; if there is no record (None), a document of empty fields."""
    later = _LATER[kind]
    return {
        field: value_to_json(field, value_of(state, field))
        for field in FIELDS[STATE_TYPES[kind]]
        if field not in later or value_of(state, field)
    }


def state_from_json(document: Mapping[str, Any], kind: RecordKind) -> RecordState | None:
    """Return the state in a document, or None if the document means that there is no record."""
    return state_from_values({field: value_from_json(field, value) for field, value in document.items()}, kind)


def state_from_values(values: Mapping[str, FieldValue], kind: RecordKind) -> RecordState | None:
    """Return the state with these field values, other fields empty; None if there is no name, thus no record."""
    if not values.get("name"):
        return None
    made = STATE_TYPES[kind]
    every: dict[str, Any] = {field: values.get(field, empty_value(field)) for field in FIELDS[made]}
    return made(**every)


def value_to_json(field: str, value: FieldValue) -> Any:
    """Return the value of a field as JSON."""
    writer = _WRITERS.get(field)
    return value if writer is None or value is None else writer(value)


def value_from_json(field: str, value: Any) -> FieldValue:
    """Return the value of a field, read from JSON."""
    reader = _READERS.get(field)
    if value is None:
        return empty_value(field)
    return reader(value) if reader else value


def changes_to_json(changes: FieldChanges) -> dict[str, Json]:
    """Return ``{field: {"before": …, "after": …}}``."""
    return {
        field: {"before": value_to_json(field, one.before), "after": value_to_json(field, one.after)}
        for field, one in changes.items()
    }


def changes_from_json(document: Mapping[str, Mapping[str, Any]]) -> dict[str, FieldChange]:
    """Return the changes read from ``{field: {"before": …, "after": …}}``."""
    return {
        field: FieldChange(value_from_json(field, one["before"]), value_from_json(field, one["after"]))
        for field, one in document.items()
    }


class FieldChangesColumn(TypeDecorator[FieldChanges]):
    """A column type that stores changes of fields as JSON."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: FieldChanges | None, dialect: Dialect) -> dict[str, Json] | None:
        return None if value is None else changes_to_json(value)

    def process_result_value(self, value: dict[str, Json] | None, dialect: Dialect) -> FieldChanges | None:
        return None if value is None else changes_from_json(value)


class StationStateColumn(TypeDecorator[StationState]):
    """A column type that stores a station's state as JSON. None (no station yet) becomes a state of empty fields."""

    impl = sa.JSON
    cache_ok = True
    should_evaluate_none = True

    def process_bind_param(self, value: StationState | None, dialect: Dialect) -> Json:
        return state_to_json(value, RecordKind.STATION)

    def process_result_value(self, value: Json | None, dialect: Dialect) -> StationState | None:
        state = None if value is None else state_from_json(value, RecordKind.STATION)
        return state if isinstance(state, StationState) else None


def _services_to_json(offers: Sequence[Offer]) -> dict[str, Json]:
    return {offer.service_code: {"since": _iso(offer.since), "until": _iso(offer.until)} for offer in offers}


def _services_from_json(document: Mapping[str, Mapping[str, str | None]]) -> tuple[Offer, ...]:
    return tuple(Offer(code, _day(span["since"]), _day(span["until"])) for code, span in sorted(document.items()))


def _entry_to_json(entry: HistoryEntry) -> Json:
    return {
        "status" if isinstance(entry.stage, Status) else "stage": entry.stage.value,
        "dated": str(entry.dated) if entry.dated else None,
        "as_of": str(entry.as_of) if entry.as_of else None,
        "reason": entry.reason,
        "source": entry.source,
    }


def _entry_from_json(document: Mapping[str, Any]) -> HistoryEntry:
    return HistoryEntry(
        Status(document["status"]) if "status" in document else Stage(document["stage"]),
        _partial(document.get("dated")),
        _partial(document.get("as_of")),
        document.get("reason"),
        document.get("source"),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _partial(text: str | None) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "level": lambda level: level.value,
    "kind": lambda kind: kind.value,
    "place": list,
    "chains": list,
    "services": _services_to_json,
    "history": lambda entries: [_entry_to_json(entry) for entry in entries],
    "unread": dict,
}
_READERS: dict[str, Callable[[Any], FieldValue]] = {
    "level": CentreLevel,
    "kind": CentreKind,
    "place": lambda place: Place(*place),
    "chains": tuple,
    "services": _services_from_json,
    "history": lambda entries: tuple(_entry_from_json(entry) for entry in entries),
    "unread": lambda words: tuple(Unread(*one) for one in sorted(words.items())),
}
