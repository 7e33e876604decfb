"""The state of a record as values, and as JSON in the form of the earliest stored documents."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.database import UtcDateTime, reading, transaction
from stations.keeping.centre_form import CentreForm, centre_form_of
from stations.keeping.proposal import Proposal
from stations.keeping.station_form import StationForm, station_form_of
from stations.partial_date import PartialDate
from stations.registry.centre import CentreLevel, Stage, list_centres
from stations.registry.record_history import RecordChange, rebuild
from stations.registry.record_json import changes_to_json, state_from_json, state_to_json
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import kind_of, state_of, state_of_station
from stations.registry.record_state import FieldChange, HistoryEntry, Offer, Place, differences, sharing
from stations.registry.station import Status, get_station, list_stations
from tests.conftest import NOW

STATION, CENTRE = RecordKind.STATION, RecordKind.CENTRE

KEPT_STATION = """{
 "name": "旧站", "name_en": null, "brand": "质量小站", "address": "花桥镇1号", "city_adcode": "320500",
 "county_adcode": "320583", "hours": "Mo-Fr 09:00-17:00; PH off", "phone": null, "source": "名单",
 "place": [120.98, 31.38], "chains": ["A01"],
 "services": {"metrology": {"since": null, "until": "2026-01-01"}, "testing": {"since": "2025-03-01", "until": null}},
 "history": [{"status": "active", "dated": "2021-03", "as_of": null, "reason": null, "source": null},
             {"status": "suspended", "dated": null, "as_of": "2026-02-03", "reason": "检修", "source": "函"}]}"""
KEPT_CENTRE = """{
 "name": "旧中心", "name_en": null, "level": "national", "kind": "metrology", "host": null, "address": null,
 "city_adcode": "320100", "county_adcode": null, "source": "公告", "place": null, "chains": [],
 "history": [{"stage": "approved_for_construction", "dated": "2016", "as_of": null, "reason": null, "source": null}]}"""
KEPT_NOTHING = """{
 "name": null, "name_en": null, "brand": null, "address": null, "city_adcode": null, "county_adcode": null,
 "hours": null, "phone": null, "source": null, "place": null, "chains": [], "services": {}, "history": []}"""


@pytest.mark.parametrize(("kept", "kind"), [(KEPT_STATION, STATION), (KEPT_CENTRE, CENTRE), (KEPT_NOTHING, STATION)])
def test_what_was_written_first_is_read_and_written_alike(kept: str, kind: RecordKind) -> None:
    document = json.loads(kept)
    state = state_from_json(document, kind)
    again = state_to_json(state, kind)
    assert again == document and list(again) == list(document)


def test_a_document_tells_typed_values() -> None:
    station = state_from_json(json.loads(KEPT_STATION), STATION)
    assert station.place == Place(120.98, 31.38) and station.services[0] == Offer("metrology", until=date(2026, 1, 1))
    assert station.history[1] == HistoryEntry(
        Status.SUSPENDED, as_of=PartialDate(2026, 2, 3), reason="检修", source="函"
    )
    centre = state_from_json(json.loads(KEPT_CENTRE), CENTRE)
    assert centre.level is CentreLevel.NATIONAL and centre.history[0].stage is Stage.APPROVED
    assert state_from_json(json.loads(KEPT_NOTHING), STATION) is None
    with pytest.raises(FrozenInstanceError):
        station.name = "新站"


def test_a_form_holds_plain_texts_as_they_are_entered() -> None:
    form = centre_form_of(state_from_json(json.loads(KEPT_CENTRE), CENTRE))
    assert (form.level, form.kind, form.host) == ("national", "metrology", "") and type(form.level) is str
    assert type(form.kind) is str  # a field of plain text gets no enumeration member
    form = station_form_of(state_from_json(json.loads(KEPT_STATION), STATION))
    assert (form.phone, form.lon, form.chains) == ("", 120.98, ("A01",))
    assert (centre_form_of(None), station_form_of(None)) == (CentreForm(), StationForm())


def test_a_document_without_a_later_field_reads_as_empty_there() -> None:
    document = json.loads(KEPT_STATION)
    for later in ("name_en", "chains", "hours"):
        del document[later]
    station = state_from_json(document, STATION)
    assert (station.name_en, station.chains, station.hours) == (None, (), None)


def test_every_record_goes_to_json_and_back(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        records = [one.station for one in list_stations(session, date(2026, 11, 24), samples=True)]
        records += list_centres(session, samples=True)
        for record in records:
            state, kind = state_of(record), kind_of(record)
            document = json.loads(json.dumps(state_to_json(state, kind)))
            assert state_from_json(document, kind) == state
        assert {kind_of(record) for record in records} == set(RecordKind)


def test_rows_written_before_are_read_as_values(reference_engine: Engine) -> None:
    fields = {
        "phone": {"before": None, "after": "12315"},
        "place": {"before": None, "after": [120.98, 31.38]},
        "services": {"before": {}, "after": {"testing": {"since": None, "until": None}}},
        "history": {"before": [], "after": json.loads(KEPT_STATION)["history"]},
    }
    texts = {"kind": "station", "code": "S-OLD", "change": "added", "actor": "x", "actor_name": "x", "reason": ""}
    kept = sa.table(
        "record_change",
        *(sa.column(name, sa.String) for name in texts),
        sa.column("version", sa.Integer),
        sa.column("at", UtcDateTime),
        sa.column("fields", sa.JSON),
    )
    with transaction(reference_engine) as session:
        session.execute(sa.insert(kept).values(**texts, version=1, at=NOW, fields=fields))
    with reading(reference_engine) as session:
        noted = session.scalar(sa.select(RecordChange).where(RecordChange.code == "S-OLD"))
        assert noted.fields["phone"] == FieldChange(None, "12315")
        assert noted.fields["place"] == FieldChange(None, Place(120.98, 31.38))
        assert noted.fields["services"] == FieldChange((), (Offer("testing"),))
        assert [entry.stage for entry in noted.fields["history"].after] == [Status.ACTIVE, Status.SUSPENDED]
        assert changes_to_json(noted.fields) == fields
        assert rebuild(STATION, [noted]) is None  # without a name there is no record


def test_a_proposal_to_add_a_station_starts_from_nothing(sample_copy_engine: Engine) -> None:
    with transaction(sample_copy_engine) as session:
        proposal = session.scalars(sa.select(Proposal)).first()
        kept = session.scalar(sa.text("SELECT base FROM proposal WHERE id = :id"), {"id": proposal.id})
        kept = json.loads(kept) if isinstance(kept, str) else kept
        assert kept == state_to_json(proposal.base, STATION)
        proposal.base = None
        session.flush()
        kept = session.scalar(sa.text("SELECT base FROM proposal WHERE id = :id"), {"id": proposal.id})
        kept = json.loads(kept) if isinstance(kept, str) else kept
        assert kept == json.loads(KEPT_NOTHING)
        session.expire(proposal)
        assert proposal.base is None


def test_differences_are_told_field_by_field() -> None:
    station = state_from_json(json.loads(KEPT_STATION), STATION)
    moved = replace(station, phone="12315", services=station.services[:1])
    assert differences(station, moved) == {
        "phone": FieldChange(None, "12315"),
        "services": FieldChange(station.services, station.services[:1]),
    }
    assert list(differences(station, moved)) == ["phone", "services"] and differences(station, station) == {}
    added, gone = differences(None, station), differences(station, None)
    assert "phone" not in added and "name_en" not in added and added["chains"] == FieldChange((), ("A01",))
    assert {field: FieldChange(one.after, one.before) for field, one in gone.items()} == added


def test_equal_values_are_held_once(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        station = get_station(session, "SAMPLE-S-001", samples=True)
        state, again = state_of_station(station), state_of_station(station)
    assert again is not state and sharing(again, like=state) is state
    changed = sharing(replace(again, phone="12315"), like=state)
    assert changed == replace(state, phone="12315")
    assert again.services is not state.services and changed.services is state.services
