"""Reading one row of a bulk change: what a system writes of a station, by the readers of form and list.

A row has only what is to change: a field that it lacks stays as it is, ``null`` or "" empties it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stations.errors import InvalidInput, Problems
from stations.keeping.record_merge import Side
from stations.keeping.station_form import StationForm
from stations.language import N_, ListedAsWritten
from stations.partners.external_id import read_id
from stations.places.area_words import AreaWords
from stations.readers.dates import read_day
from stations.registry.dated_entries import EntryForm
from stations.registry.record_state import Offer
from stations.registry.record_terms import Terms

_TEXTS = ("name", "name_en", "brand", "host", "address", "hours", "phone", "contact_name", "contact_phone", "source")
_OTHERS = ("county", "city", "lon", "lat", "crs", "services", "chains", "place_confirmed")
FIELDS = (*_TEXTS, *_OTHERS)
_ABOUT = ("id", "code", "version", "status", "settle")
_STATUS = ("status", "since", "as_of", "reason", "source")
_SIDES = {"ours": Side.THEIRS, "theirs": Side.YOURS}
"""Seen from here, ours is what the record has, which for the merge is what others saved meanwhile."""


@dataclass(frozen=True)
class Settling:
    """A decision on a conflict: for ``version`` of our record, the side that each field gets its value from."""

    version: int
    fields: Mapping[str, Side]


@dataclass(frozen=True)
class StationRow:
    """A row as read.

    ``code``: of the record here, if the system knows it; "" otherwise. ``version``: of our record that the system
    started from, None if it does not say. ``given``: fields of ``StationForm``, as entered. ``status``: the status that
    the system has, None if the row says nothing of it.
    """

    external_id: str
    code: str
    version: int | None
    given: Mapping[str, Any]
    status: EntryForm | None
    settle: Settling | None

    def form_from(self, form: StationForm) -> StationForm:
        """Return a form with the fields of the row in place of its own."""
        return replace(form, **self.given)


class _Wrong(InvalidInput):
    """A value of another type than its field has."""

    def __init__(self, field: str, written: Any, wanted: str) -> None:
        super().__init__(
            field, N_("“{value}” is not what this field takes; write {wanted}"), value=str(written)[:80], wanted=wanted
        )


def read_station_row(row: Any, terms: Terms, areas: AreaWords) -> StationRow:
    """Return a row of JSON as read.

    Raises:
        InvalidForm: with one problem for each field that can't be read or is not known.
    """
    problems = Problems()
    if not isinstance(row, dict):
        problems.attempt(_refuse, "row", row, "{…}")
        problems.stop()
    for name in row:
        if name not in (*FIELDS, *_ABOUT):
            known = ListedAsWritten((*_ABOUT, *FIELDS))
            problems.add(str(name)[:80], N_("There is no such field; use one of: {known}"), known=known)
    external_id = problems.attempt(_read_id, row.get("id"))
    code = problems.attempt(_text, "code", row.get("code"))
    version = problems.attempt(_version, "version", row.get("version"))
    given: dict[str, Any] = {name: problems.attempt(_text, name, row[name]) for name in _TEXTS if name in row}
    for name in _OTHERS:
        if name in row and name not in ("county", "city"):
            given[name] = problems.attempt(_READERS[name], name, row[name])
    if "county" in row or "city" in row:
        area = problems.attempt(_area, areas, row.get("county"), row.get("city"))
        if area:
            given["city_adcode"], given["county_adcode"] = area
    if "lon" in row and "lat" not in row or "lat" in row and "lon" not in row:
        missing = "lat" if "lon" in row else "lon"
        problems.add(missing, N_("Longitude and latitude belong together; give both or neither"))
    status = problems.attempt(_status, row["status"]) if row.get("status") is not None else None
    settle = problems.attempt(_settle, row["settle"]) if row.get("settle") is not None else None
    problems.stop()
    return StationRow(external_id, code, version, given, status, settle)


def _refuse(field: str, written: Any, wanted: str) -> None:
    raise _Wrong(field, written, wanted)


def _read_id(written: Any) -> str:
    if isinstance(written, int) and not isinstance(written, bool):
        written = str(written)
    if not isinstance(written, str) or not written.strip():
        raise InvalidInput("id", N_("Give the id that the record has in your system"))
    return read_id("id", written)


def _text(field: str, written: Any) -> str:
    if written is None:
        return ""
    if not isinstance(written, str):
        raise _Wrong(field, written, '"…"')
    return written


def _version(field: str, written: Any) -> int | None:
    if written is None:
        return None
    if not isinstance(written, int) or isinstance(written, bool) or not 1 <= written <= 10**9:
        raise _Wrong(field, written, "1, 2, 3 …")
    return written


def _degrees(field: str, written: Any) -> float | None:
    if written is None:
        return None
    if not isinstance(written, int | float) or isinstance(written, bool) or not -1000 < written < 1000:
        raise _Wrong(field, written, "12.5")
    return float(written)


def _switch(field: str, written: Any) -> bool:
    if not isinstance(written, bool):
        raise _Wrong(field, written, "true, false")
    return written


def _crs(field: str, written: Any) -> str:
    return _text(field, written) or "wgs84"


def _codes(field: str, written: Any) -> Sequence[str]:
    if not isinstance(written, list) or not all(isinstance(one, str) for one in written) or len(written) > 500:
        raise _Wrong(field, written, '["…", "…"]')
    return tuple(written)


def _services(field: str, written: Any) -> Sequence[Offer]:
    if not isinstance(written, list) or len(written) > 500:
        raise _Wrong(field, written, '["…", {"code": "…", "since": "2026-01-01"}]')
    return tuple(_offer(field, one) for one in written)


def _offer(field: str, written: Any) -> Offer:
    if isinstance(written, str):
        return Offer(written)
    if not isinstance(written, dict) or not set(written) <= {"code", "since", "until"}:
        raise _Wrong(field, written, '{"code": "…", "since": "2026-01-01"}')
    since, until = (read_day(field, day) if (day := _text(field, written.get(end))) else None for end in _SPAN)
    return Offer(_text(field, written.get("code")), since, until)


_SPAN = ("since", "until")


def _area(areas: AreaWords, county: Any, city: Any) -> tuple[str, str]:
    """Return the adcodes of city and county, "" where not said, from names or adcodes."""
    try:
        return areas.read(_text("city", city), _text("county", county))
    except InvalidInput as problem:
        names = {"county_adcode": "county", "city_adcode": "city"}
        raise InvalidInput(names.get(problem.field, problem.field), problem.message, **problem.params) from None


def _status(written: Any) -> EntryForm:
    if isinstance(written, str):
        return EntryForm(written)
    if not isinstance(written, dict) or not set(written) <= set(_STATUS):
        raise _Wrong("status", written, '{"status": "active", "since": "2026-03"}')
    said = {name: _text(f"status.{name}", written.get(name)) for name in _STATUS}
    return EntryForm(said["status"], said["since"], said["as_of"], said["reason"], said["source"])


def _settle(written: Any) -> Settling:
    sides = written.get("fields") if isinstance(written, dict) and set(written) == {"version", "fields"} else None
    if not isinstance(sides, dict):
        raise _Wrong("settle", written, '{"version": 3, "fields": {"phone": "ours"}}')
    for name, side in sides.items():
        if side not in _SIDES:
            raise InvalidInput(
                f"settle.{str(name)[:40]}",
                N_("“{value}” is not known; use one of: {known}"),
                value=str(side)[:80],
                known=ListedAsWritten(_SIDES),
            )
    version = _version("settle.version", written["version"])
    if version is None:
        raise _Wrong("settle.version", None, "3")
    return Settling(version, {str(name): _SIDES[side] for name, side in sides.items()})


_READERS: Mapping[str, Callable[[str, Any], Any]] = {
    "lon": _degrees,
    "lat": _degrees,
    "crs": _crs,
    "services": _services,
    "chains": _codes,
    "place_confirmed": _switch,
}
