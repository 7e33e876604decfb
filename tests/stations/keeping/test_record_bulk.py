from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from stations.database import reading, transaction
from stations.keeping.editing import check_new
from stations.keeping.record_bulk import RecordUpdate, insert_records, update_records
from stations.keeping.record_writing import insert_record
from stations.partial_date import PartialDate
from stations.registry.centre import Centre
from stations.registry.dated_entries import EntryForm
from stations.registry.record_history import ChangeKind, list_changes, state_at
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.record_state import HistoryEntry, Offer
from stations.registry.record_terms import Terms
from stations.registry.station import Station, Status, get_station
from stations.revision import current_revision
from tests.conftest import NOW, TODAY
from tests.stations.registry_factories import OPENED, PROVINCE, centre_form, station_form

STATION, CENTRE = RecordKind.STATION, RecordKind.CENTRE
GIVEN = {"sample": False, "actor": PROVINCE, "reason": "批量导入", "now": NOW}


def test_many_at_once_stand_like_one_by_one(reference_engine: Engine) -> None:
    forms = [
        station_form(services=(Offer("testing", since=TODAY), Offer("metrology"))),
        station_form(name="花桥质量小站", lon=None, lat=None, services=(), phone=""),
        station_form(name="边界质量小站", county_adcode="320581", place_confirmed=True),
    ]
    with transaction(reference_engine) as session:
        terms = Terms.load(session)
        chain = next(iter(terms.chains))
        forms.append(station_form(name="产业链质量小站", chains=(chain,)))
        states = [check_new(STATION, form, OPENED, terms, TODAY) for form in forms]
        before = current_revision(session)
        many = {f"MANY-{number}": state for number, state in enumerate(states)}
        assert insert_records(session, STATION, many, **GIVEN) == len(forms)
        assert current_revision(session) == before + 1
        for number, state in enumerate(states):
            insert_record(session, STATION, f"ONE-{number}", state, terms, **GIVEN)
    with reading(reference_engine) as session:
        for number, state in enumerate(states):
            one, many = (get_station(session, f"{kind}-{number}", samples=True) for kind in ("ONE", "MANY"))
            assert state_of(many) == state_of(one) == state == state_at(session, STATION, many.code, 1)
            for field in ("located_adcode", "city_adcode", "version", "sample", "created_at", "misplaced"):
                assert getattr(many, field) == getattr(one, field), field
            held = ("position", "status", "dated", "known_from", "recorded_by", "recorded_at")
            for entry, other in zip(many.history, one.history, strict=True):
                assert [getattr(entry, name) for name in held] == [getattr(other, name) for name in held]
            (noted,), (other,) = (list_changes(session, STATION, [station.code]) for station in (many, one))
            assert (noted.change, noted.actor, noted.reason, noted.fields) == (
                other.change,
                other.actor,
                other.reason,
                other.fields,
            )


def test_centres_too_and_nothing_at_all(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        state = check_new(CENTRE, centre_form(), EntryForm("accepted", dated="2024"), Terms.load(session), TODAY)
        assert insert_records(session, CENTRE, {"MANY-C": state}, **GIVEN) == 1
        assert insert_records(session, CENTRE, {}, **GIVEN) == 0
        centre = session.scalar(sa.select(Centre).where(Centre.code == "MANY-C"))
        assert state_of(centre) == state


def test_entries_are_dated_put_in_and_appended(reference_engine: Engine) -> None:
    closed = HistoryEntry(Status.CLOSED, PartialDate(2025, 6), reason="合并")
    opened = HistoryEntry(Status.ACTIVE, PartialDate(2023, 5))
    undated = HistoryEntry(Status.CLOSED, as_of=PartialDate(2026, 11), reason="合并")
    histories = [
        ((undated,), (closed,), ChangeKind.CORRECTED),
        ((undated,), (opened, closed), ChangeKind.CORRECTED),
        ((opened,), (opened, closed), ChangeKind.STATUS),
        ((), (opened,), ChangeKind.STATUS),
        ((opened, undated), (closed,), ChangeKind.CORRECTED),
    ]
    with transaction(reference_engine) as session:
        terms = Terms.load(session)
        state = check_new(STATION, station_form(), OPENED, terms, TODAY)
        given = {f"MANY-{at}": replace(state, history=before) for at, (before, _, _) in enumerate(histories)}
        insert_records(session, STATION, given, **GIVEN)
        ids = {code: get_station(session, code, samples=True).id for code in given}
        updates = [
            RecordUpdate(ids[code], code, 1, before, replace(before, history=after))
            for (code, before), (_, after, _) in zip(given.items(), histories, strict=True)
        ]
        update_records(session, STATION, updates, actor=PROVINCE, reason="更正", now=NOW)
    with reading(reference_engine) as session:
        for one, (_, _, change) in zip(updates, histories, strict=True):
            assert state_of(get_station(session, one.code, samples=True)) == one.after
            assert list_changes(session, STATION, [one.code])[0].change is change
            assert state_at(session, STATION, one.code, 2) == one.after


def test_a_code_that_is_taken_leaves_nothing(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        state = check_new(STATION, station_form(), OPENED, Terms.load(session), TODAY)
    with pytest.raises(IntegrityError), transaction(reference_engine) as session:
        insert_records(session, STATION, {"NEW-1": state, "S-3201-001": state}, **GIVEN)
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Station).where(Station.code == "NEW-1")) == 0
