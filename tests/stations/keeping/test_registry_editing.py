from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import Conflict, InvalidForm, NotAllowed, NotFound
from stations.keeping.editing import add_record, change_status, correct_history, edit_record
from stations.keeping.record_merge import ChangedMeanwhile, Settlement, Side
from stations.registry.centre import Centre, Stage
from stations.registry.dated_entries import EntryForm
from stations.registry.record_history import ChangeKind, RecordChange, list_changes, rebuild, state_at
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.record_state import FieldChange, Offer
from stations.registry.station import Station, Status, get_station, get_status
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station
from tests.stations.registry_factories import (
    CITY,
    COLLEAGUE,
    COUNTY,
    KUNSHAN,
    OPENED,
    PROVINCE,
    added_station,
    centre_form,
    form_of,
    problems_of,
    station_form,
)
from tests.stations.request_factories import steward_of

STATION, CENTRE = RecordKind.STATION, RecordKind.CENTRE
LATER = NOW + timedelta(hours=1)


def test_a_station_is_added_with_all_it_states(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        code = added_station(session, hours="Mo-Fr 9:00-17:00", phone="０５１２－５５５０ ０００１").code
    with reading(reference_engine) as session:
        station = get_station(session, code, samples=True)
        assert code == "S-3205-001" and station.version == 1 and not station.sample
        assert (station.city_adcode, station.county_adcode, station.located_adcode) == ("320500", KUNSHAN, KUNSHAN)
        assert (station.hours, station.phone) == ("Mo-Fr 09:00-17:00", "0512-5550 0001")
        assert [offer.service_code for offer in station.offers] == ["metrology.calibration", "testing"]
        assert get_status(session, station, TODAY) is Status.ACTIVE
        entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "add_station"))
        assert (entry.actor, entry.subject) == ("zhao", code)
        (change,) = list_changes(session, STATION, [code])
        assert (change.change, change.actor_name, change.version) == (ChangeKind.ADDED, "赵处长", 1)
        assert change.fields["phone"] == FieldChange(None, "0512-5550 0001")


def test_a_centre_is_added_and_moves_through_its_stages(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        first = EntryForm("approved_for_construction", dated="2023")
        code = add_record(session, PROVINCE, CENTRE, centre_form(), first, now=NOW).code
        session.flush()
        accepted = EntryForm("accepted", dated="2025-06", source="验收公告")
        change_status(session, PROVINCE, CENTRE, code, accepted, version=1, now=NOW)
        edit_record(session, PROVINCE, CENTRE, code, centre_form(host="苏州市检验检测中心"), version=2, now=NOW)
    with reading(reference_engine) as session:
        centre = session.scalar(sa.select(Centre).where(Centre.code == code))
        assert [entry.stage for entry in centre.history] == [Stage.APPROVED, Stage.ACCEPTED]
        assert (centre.host, centre.version) == ("苏州市检验检测中心", 3)
        assert state_at(session, CENTRE, code, 3) == state_of(centre)


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        (["name"], {"name": " "}),
        (["name"], {"name": "长" * 121}),
        (["address"], {"address": ""}),
        (["source"], {"source": ""}),
        (["hours"], {"hours": "周一至周五九点"}),
        (["hours"], {"hours": "Mo-Fr 25:00-27:00"}),
        (["phone"], {"phone": "5550 0001x"}),
        (["phone"], {"phone": "123"}),
        (["county_adcode"], {"county_adcode": ""}),
        (["county_adcode"], {"county_adcode": "320599"}),
        (["county_adcode"], {"city_adcode": "320100"}),
        (["city_adcode"], {"city_adcode": "330100", "county_adcode": ""}),
        (["place"], {"county_adcode": "320581"}),
        (["place"], {"lon": 116.4, "lat": 39.9}),
        (["lat"], {"lat": None}),
        (["lon"], {"lon": 320.0}),
        (["lon", "lat"], {"lon": 320.0, "lat": 118.0}),
        (["crs"], {"crs": "utm"}),
        (["services"], {"services": (Offer("tea"),)}),
        (["services"], {"services": (Offer("testing"), Offer("testing"))}),
        (["services"], {"services": (Offer("testing", since=TODAY, until=TODAY),)}),
        (["chains"], {"chains": ("nothing",)}),
        (["name", "phone", "county_adcode"], {"name": "", "phone": "1", "county_adcode": "1"}),
    ],
)
def test_every_wrong_field_is_told_at_once_and_nothing_is_written(
    reference_engine: Engine, fields: list[str], changes: dict
) -> None:
    with pytest.raises(InvalidForm) as refused, transaction(reference_engine) as session:
        added_station(session, **changes)
    assert problems_of(refused) == fields
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(RecordChange)) == 0


def test_a_place_outside_the_county_can_be_confirmed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session, county_adcode="320581", place_confirmed=True)
        assert station.misplaced and station.located_adcode == KUNSHAN


def test_coordinates_of_chinese_maps_are_brought_to_wgs84(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session, crs="gcj02")
        assert 0.001 < abs(station.lon - 120.9807) < 0.01


@pytest.mark.parametrize(
    ("first", "fields"),
    [
        (EntryForm("open", dated="2024"), ["stage"]),
        (EntryForm("active"), ["dated"]),
        (EntryForm("active", dated="2024-13"), ["dated"]),
        (EntryForm("active", dated="2031"), ["dated"]),
        (EntryForm("suspended", dated="2024"), ["reason"]),
    ],
)
def test_the_first_status_is_checked_too(reference_engine: Engine, first: EntryForm, fields: list[str]) -> None:
    with pytest.raises(InvalidForm) as refused, transaction(reference_engine) as session:
        add_record(session, PROVINCE, STATION, station_form(name=""), first, now=NOW)
    assert problems_of(refused) == ["name", *fields]


def test_a_code_can_be_chosen_once(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        assert add_record(session, PROVINCE, STATION, station_form(), OPENED, code=" ks-01 ", now=NOW).code == "KS-01"
    for code in ("KS-01", "昆山", "K"):
        with pytest.raises(InvalidForm) as refused, transaction(reference_engine) as session:
            add_record(session, PROVINCE, STATION, station_form(), OPENED, code=code, now=NOW)
        assert problems_of(refused) == ["code"]


@pytest.mark.parametrize("actor", [CITY, COUNTY, None])
def test_who_may_not_change_the_registry_does_not(reference_engine: Engine, actor: Actor | None) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
        code, form = station.code, form_of(station, phone="")
        steward = steward_of(station)
    for someone in (actor, steward):
        for act in (
            lambda session, who: add_record(session, who, STATION, station_form(), OPENED, now=NOW),
            lambda session, who: edit_record(session, who, STATION, code, form, version=1, now=NOW),
            lambda session, who: change_status(
                session, who, STATION, code, EntryForm("closed", dated="2026", reason="x"), version=1, now=NOW
            ),
            lambda session, who: correct_history(
                session, who, STATION, code, [EntryForm("active", dated="2023")], version=1, reason="x", now=NOW
            ),
        ):
            with pytest.raises(NotAllowed), transaction(reference_engine) as session:
                act(session, someone)


def test_an_invented_administrator_adds_samples_and_reaches_nothing_else(reference_engine: Engine) -> None:
    invented = Actor("s", "示例·省管理员", True, PROVINCE.duties)
    with transaction(reference_engine) as session:
        real = added_station(session)
        code, form = real.code, form_of(real, phone="")
        sample = added_station(session, invented)
        assert sample.sample and sample.code == "SAMPLE-S-001"
    with pytest.raises(NotAllowed), transaction(reference_engine) as session:
        edit_record(session, invented, STATION, code, form, version=1, now=NOW)


def test_an_edit_changes_what_it_says_and_keeps_what_was(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN, [(Status.PLANNED, "2021"), (Status.ACTIVE, "2022-05")])
        code = station.code
    with transaction(reference_engine) as session:
        form = form_of(get_station(session, code, samples=True), phone="12315", services=(Offer("testing"),))
        edit_record(session, PROVINCE, STATION, code, form, version=1, reason="核实", now=LATER)
    with reading(reference_engine) as session:
        station = get_station(session, code, samples=True)
        assert (station.phone, station.version, station.updated_at) == ("12315", 2, LATER)
        assert [entry.status for entry in station.history] == [Status.PLANNED, Status.ACTIVE]
        edited, loaded = list_changes(session, STATION, [code])
        assert loaded.change is ChangeKind.LOADED and loaded.at == NOW
        assert list(edited.fields) == ["phone", "services"] and edited.reason == "核实"
        assert {offer.service_code for offer in edited.fields["services"].before} == {
            "metrology",
            "standards",
            "testing",
            "certification",
        }
        assert state_at(session, STATION, code, 1).phone is None
        assert rebuild(STATION, [loaded, edited]) == state_of(station)


def test_an_edit_that_changes_nothing_says_so(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
    with pytest.raises(Conflict, match="Nothing was changed"), transaction(reference_engine) as session:
        edit_record(session, PROVINCE, STATION, station.code, form_of(station), version=1, now=NOW)
    with pytest.raises(NotFound), transaction(reference_engine) as session:
        edit_record(session, PROVINCE, STATION, "S-0", form_of(station), version=1, now=NOW)


def test_two_people_who_changed_different_fields_are_brought_together(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
    code = station.code
    mine = form_of(
        station, phone="12315", services=(Offer("metrology.calibration"), Offer("testing"), Offer("branding"))
    )
    theirs = form_of(station, hours="24/7", services=(Offer("metrology.calibration"),))
    with transaction(reference_engine) as session:
        edit_record(session, COLLEAGUE, STATION, code, theirs, version=1, now=NOW)
    with pytest.raises(ChangedMeanwhile, match="钱科长") as conflict, transaction(reference_engine) as session:
        edit_record(session, PROVINCE, STATION, code, mine, version=1, now=LATER)
    told = conflict.value
    assert [(field.field, field.changed_by) for field in told.merge.fields] == [
        ("hours", Side.THEIRS),
        ("phone", Side.YOURS),
        ("services", None),
    ]
    assert not told.merge.clashes and told.version == 2
    with transaction(reference_engine) as session:
        edit_record(
            session, PROVINCE, STATION, code, mine, version=1, settlement=Settlement(told.version, {}), now=LATER
        )
    with reading(reference_engine) as session:
        station = get_station(session, code, samples=True)
        assert (station.phone, station.hours, station.version) == ("12315", "24/7", 3)
        assert [offer.service_code for offer in station.offers] == ["branding", "metrology.calibration"]


@pytest.mark.parametrize(("side", "phone"), [(Side.YOURS, "12315"), (Side.THEIRS, "12345")])
def test_what_both_changed_has_to_be_decided(reference_engine: Engine, side: Side, phone: str) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
    code, mine = station.code, form_of(station, phone="12315", hours="24/7")
    with transaction(reference_engine) as session:
        edit_record(session, COLLEAGUE, STATION, code, form_of(station, phone="12345"), version=1, now=NOW)

    def save(settlement: Settlement | None) -> None:
        with transaction(reference_engine) as session:
            edit_record(session, PROVINCE, STATION, code, mine, version=1, settlement=settlement, now=LATER)

    for unsettled in (None, Settlement(2, {}), Settlement(1, {"phone": side})):
        with pytest.raises(ChangedMeanwhile) as conflict:
            save(unsettled)
        (clash,) = conflict.value.merge.clashes
        assert (clash.field, clash.base, clash.theirs, clash.yours) == ("phone", "0512-5550 0001", "12345", "12315")
    save(Settlement(2, {"phone": side}))
    with reading(reference_engine) as session:
        station = get_station(session, code, samples=True)
        assert (station.phone, station.hours) == (phone, "24/7")


def test_merged_sides_that_do_not_fit_each_other_are_refused(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session, lon=None, lat=None)
    code, mine = station.code, form_of(station, lon=120.9807, lat=31.3856)
    with transaction(reference_engine) as session:
        moved = form_of(station, city_adcode="", county_adcode="320581")
        edit_record(session, COLLEAGUE, STATION, code, moved, version=1, now=NOW)
    with pytest.raises(InvalidForm) as refused, transaction(reference_engine) as session:
        edit_record(session, PROVINCE, STATION, code, mine, version=1, settlement=Settlement(2, {}), now=NOW)
    assert problems_of(refused) == ["place"]


def at_once(*actions: threading.Thread) -> None:
    for action in actions:
        action.start()
    for action in actions:
        action.join(timeout=60)


def test_of_two_who_save_at_the_same_moment_one_is_told(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
    code, told, ready = station.code, [], threading.Barrier(2)

    def save(actor: Actor, phone: str) -> None:
        form = form_of(station, phone=phone)
        ready.wait()
        try:
            with transaction(reference_engine) as session:
                edit_record(session, actor, STATION, code, form, version=1, now=NOW)
        except ChangedMeanwhile as conflict:
            told.append(conflict)

    at_once(*(threading.Thread(target=save, args=one) for one in ((PROVINCE, "12315"), (COLLEAGUE, "12345"))))
    assert len(told) == 1 and [clash.field for clash in told[0].merge.clashes] == ["phone"]
    with reading(reference_engine) as session:
        assert get_station(session, code, samples=True).version == 2
        assert [change.version for change in list_changes(session, STATION, [code])] == [2, 1]


def test_stations_added_at_the_same_moment_get_codes_of_their_own(reference_engine: Engine) -> None:
    codes, ready = [], threading.Barrier(4)

    def add() -> None:
        ready.wait()
        with transaction(reference_engine) as session:
            codes.append(added_station(session).code)

    at_once(*(threading.Thread(target=add) for _ in range(4)))
    assert sorted(codes) == [f"S-3205-00{number}" for number in range(1, 5)]
    with reading(reference_engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Station).where(Station.code.in_(codes))) == 4
