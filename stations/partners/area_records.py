"""The stations of a key's area, as the system needs them to keep its own in step."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from stations.duty.duty_areas import in_duty
from stations.duty.masking import mask_field
from stations.errors import NotFound
from stations.language import N_
from stations.partners.external_id import ids_of
from stations.partners.interface_key import KeyInUse
from stations.partners.scopes import Scope
from stations.registry.merged_code import survivor_of
from stations.registry.record_json import state_to_json
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.record_state import PERSONAL_FIELDS
from stations.registry.station import Station

_READERS = (Scope.READ_REGISTERS, Scope.WRITE_STATIONS, Scope.PROPOSE_STATIONS)


def list_area_stations(
    session: Session, key: KeyInUse, *, samples: bool, after: str = "", limit: int = 100
) -> list[dict[str, Any]]:
    """Return a page of the stations of the key's area as JSON, by code. ``after``: the last code of the page before.

    Raises:
        NotAllowed: the key may not read registers.
    """
    key.require(*_READERS)
    statement = select(Station).where(in_duty(key.actor, Station.area_columns()), Station.code > after)
    if not samples:
        statement = statement.where(Station.sample.is_(False))
    loaded = statement.options(
        selectinload(Station.offers),
        selectinload(Station.history),
        selectinload(Station.chains),
        selectinload(Station.unread),
    )
    found = list(session.scalars(loaded.order_by(Station.code).limit(limit)))
    ids = ids_of(session, key.system, [one.code for one in found])
    return [station_data(one, key, ids.get(one.code)) for one in found]


def open_area_station(session: Session, key: KeyInUse, code: str, *, samples: bool) -> dict[str, Any]:
    """Return a station of the key's area as JSON.

    Raises:
        NotFound: there is none with this code there; if it was merged, the message says into which.
        NotAllowed: the key may not read registers.
    """
    key.require(*_READERS)
    mine = in_duty(key.actor, Station.area_columns())
    station = session.scalar(select(Station).where(Station.code == code, mine))
    if station is None or (station.sample and not samples):
        if survivor := survivor_of(session, RecordKind.STATION, code):
            raise NotFound(N_("{code} was merged into {survivor}"), code=code, survivor=survivor)
        raise NotFound(N_("There is no station {code}"), code=code)
    return station_data(station, key, ids_of(session, key.system, [code]).get(code))


def station_data(station: Station, key: KeyInUse, external_id: str | None) -> dict[str, Any]:
    """Return a station as JSON: its codes, its version and its fields."""
    return {
        "code": station.code,
        "id": external_id,
        "version": station.version,
        "updated_at": station.updated_at.isoformat(),
        "sample": station.sample,
        "record": for_key(key, state_to_json(state_of(station), RecordKind.STATION)),
    }


def for_key(key: KeyInUse, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record as a key may read it: without personal fields, unless it has the scope for them.

    They are left out rather than masked, so that no system sends back what is masked.
    """
    if Scope.READ_PERSONAL_DATA in key.scopes:
        return record
    return {field: value for field, value in record.items() if field not in PERSONAL_FIELDS}


def conflict_for_key(key: KeyInUse, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the fields of a conflict as a key may read them: what we hold of people is masked."""
    if Scope.READ_PERSONAL_DATA in key.scopes:
        return fields
    return [
        {**one, **{side: mask_field(one["field"], one[side]) for side in ("base", "ours")}}
        if one["field"] in PERSONAL_FIELDS
        else one
        for one in fields
    ]
