"""The registry for its editors: the records of their area of duty, searched and listed page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload
from sqlalchemy.sql.base import ExecutableOption

from stations.duty.duty_areas import in_duty
from stations.duty.roles import Actor, signed_in, where
from stations.errors import NotAllowed
from stations.language import N_
from stations.registry.centre import Centre, CentreStage, Stage
from stations.registry.confirmation import Confirmation, confirmations_of, to_be_confirmed
from stations.registry.merged_code import codes_merged_into
from stations.registry.record_history import RecordChange, list_changes
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import SHAPES, Record, kind_of
from stations.registry.record_state import PERSONAL_FIELDS
from stations.registry.station import Station, Status, own_status_on


@dataclass(frozen=True)
class Listed:
    """A record with its status or stage on the date of the query; None if none is known yet. ``confirmation``: of a
    station, how its yearly confirmation stands.
    """

    record: Record
    stage: Status | Stage | None
    confirmation: Confirmation | None = None


def list_records(
    session: Session,
    actor: Actor,
    kind: RecordKind,
    as_of: date,
    *,
    samples: bool,
    words: str = "",
    area: str | None = None,
    stages: Collection[Status | Stage] = (),
    misplaced: bool = False,
    unread: bool = False,
    to_confirm: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> list[Listed]:
    """Return one page of the records in the actor's areas of duty, sorted by code.

    ``words``: each word must occur in the name, code, address, host or what was not understood (except of a contact
    person), of a station also in its telephone number or its brand, in upper or lower case. ``area``: adcode of a city
    or county. ``misplaced``: only stations whose coordinates lie outside the county that they state. ``unread``: only
    records of which something was not understood. ``to_confirm``: only active
    stations whose record is to be confirmed by ``SOON`` after the date. ``after``: the code of the last record of the
    previous page.
    """
    model = SHAPES[kind].model
    stage = _stage_on(kind, as_of)
    statement = (
        select(model, stage)
        .options(selectinload(model.city), selectinload(model.county), *_loaded(kind))
        .where(_seen_by(actor, kind))
    )
    if not samples:
        statement = statement.where(model.sample.is_(False))
    for word in words.replace("\0", "").split():
        fields = (model.name, model.name_en, model.code, model.address, *_more_fields(kind))
        found = [field.icontains(word, autoescape=True) for field in fields]
        written = SHAPES[kind].unread
        public = written.field.not_in(PERSONAL_FIELDS)
        found.append(model.unread.any(public & written.words.icontains(word, autoescape=True)))
        statement = statement.where(or_(*found))
    if area is not None:
        statement = statement.where((model.county_adcode == area) | (model.city_adcode == area))
    if stages:
        statement = statement.where(stage.in_(stages))
    if misplaced and kind is RecordKind.STATION:
        statement = statement.where(
            Station.lon.is_not(None),
            Station.county_adcode.is_not(None),
            Station.located_adcode.is_distinct_from(Station.county_adcode),
        )
    if unread:
        statement = statement.where(model.unread.any())
    if to_confirm and kind is RecordKind.STATION:
        statement = statement.where(stage == Status.ACTIVE, to_be_confirmed(as_of))
    if after is not None:
        statement = statement.where(model.code > after)
    listed = [Listed(*row) for row in session.execute(statement.order_by(model.code).limit(limit))]
    standing = confirmations_of(session, [one.record for one in listed if isinstance(one.record, Station)])
    return [replace(one, confirmation=standing.get(one.record.code)) for one in listed]


def records_named(session: Session, kind: RecordKind, codes: Collection[str]) -> dict[str, Record]:
    """Return the records with these codes, by code, leaving out unknown codes."""
    model = SHAPES[kind].model
    every: Select[Record] = select(model)
    return {record.code: record for record in session.scalars(every.where(model.code.in_(codes)))}


def history_of(
    session: Session, actor: Actor | None, record: Record, *, before_id: int | None = None, limit: int = 30
) -> list[RecordChange]:
    """Return one page of the changes of a record and of those merged into it, newest first.

    Raises:
        NotAllowed: the record lies outside the actor's areas of duty.
    """
    require_in_area(actor, record)
    kind = kind_of(record)
    codes = [record.code, *codes_merged_into(session, kind, record.code)]
    return list_changes(session, kind, codes, before_id=before_id, limit=limit)


def require_in_area(actor: Actor | None, record: Record) -> Actor:
    """Return the actor if the record lies in one of their areas of duty, whatever their role.

    Raises:
        NotAllowed: nobody is signed in, or the record lies elsewhere.
    """
    actor = signed_in(actor)
    area = record.area
    if actor.sample and not record.sample:
        raise NotAllowed(N_("An invented person reaches sample records only"))
    if not any(duty.holds(area) for duty in actor.duties):
        raise NotAllowed(N_("This is outside your duty: it lies in {area}"), area=where(area))
    return actor


def _seen_by(actor: Actor, kind: RecordKind) -> ColumnElement[bool]:
    return in_duty(actor, SHAPES[kind].model.area_columns())


def _loaded(kind: RecordKind) -> tuple[ExecutableOption, ...]:
    if kind is RecordKind.CENTRE:
        return (selectinload(Centre.unread), selectinload(Centre.chains))
    return (selectinload(Station.unread), selectinload(Station.offers), selectinload(Station.chains))


def _more_fields(kind: RecordKind) -> tuple[InstrumentedAttribute[str | None], ...]:
    return (Station.phone, Station.brand, Station.host) if kind is RecordKind.STATION else (Centre.host,)


def _stage_on(kind: RecordKind, as_of: date) -> ScalarSelect[Any]:
    """Return the status or stage of a row's record as known on ``as_of``, as a column."""
    if kind is RecordKind.STATION:
        return own_status_on(as_of)
    # An entry without any date is known to apply, and sorts after those with a date (``dated_stage.holding``).
    day = func.coalesce(CentreStage.known_from, date.max)
    return (
        select(CentreStage.stage)
        .where(
            CentreStage.centre_id == Centre.id,
            CentreStage.known_from.is_(None) | (CentreStage.known_from <= as_of),
        )
        .order_by(day.desc(), CentreStage.position.desc())
        .limit(1)
        .correlate(Centre)
        .scalar_subquery()
    )
