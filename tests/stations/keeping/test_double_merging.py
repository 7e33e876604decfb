"""Merging doubles: nothing of either is lost, and the history remains valid."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.accounts.accounts import Duty, User
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import Conflict, NotAllowed
from stations.keeping.double_merging import HistoryChoice, merge_records, suggested_history
from stations.keeping.doubles import mark_as_two
from stations.keeping.editing import add_record, change_status
from stations.keeping.merged_history import both_histories, merge_effect
from stations.keeping.not_a_double import NotADouble
from stations.keeping.proposing import Wish, propose
from stations.keeping.record_merge import ChangedMeanwhile
from stations.partial_date import PartialDate
from stations.registry.centre import Centre, Stage, get_centre
from stations.registry.dated_entries import EntryForm
from stations.registry.merged_code import codes_merged_into
from stations.registry.record_history import ChangeKind, RecordChange, list_changes, state_at
from stations.registry.record_kind import RecordKind
from stations.registry.record_references import count_references
from stations.registry.record_rows import state_of
from stations.registry.record_state import HistoryEntry, Offer, values_of
from stations.registry.station import Station, Status, get_station, get_status
from stations.requests.filing import Draft, file_request
from stations.requests.handling import look_up
from stations.requests.queue import list_requests
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_centre, add_station
from tests.stations.registry_factories import (
    COUNTY,
    KUNSHAN,
    OPENED,
    PROVINCE,
    added_station,
    centre_form,
    form_of,
    station_form,
)
from tests.stations.request_factories import filled_form, steward_of

STATION, CENTRE = RecordKind.STATION, RecordKind.CENTRE


def merged(session: Session, survivor: Station, other: Station, **changes: object) -> Station:
    given = {"history": HistoryChoice.BOTH, "versions": (survivor.version, other.version), "now": NOW} | changes
    return merge_records(session, PROVINCE, STATION, survivor.code, other.code, **given)


def test_after_a_merge_nothing_is_lost(reference_engine: Engine) -> None:
    drafts = [Draft() for _ in range(3)]
    with transaction(reference_engine) as session:
        survivor = added_station(session, phone="")
        other = added_station(session, services=(Offer("metrology.calibration"), Offer("standards")), chains=())
        suspended = EntryForm("suspended", dated="2025-02", reason="搬迁")
        change_status(session, PROVINCE, STATION, other.code, suspended, version=1, now=NOW)
        change_status(session, PROVINCE, STATION, other.code, EntryForm("active", dated="2025-05"), version=2, now=NOW)
        for draft, station in zip(drafts, (survivor, other, other), strict=True):
            asked = filled_form(station, services=("metrology.calibration",))
            file_request(session, asked, draft, now=NOW, samples=True)
        session.add(
            User(
                username="steward",
                name="王管家",
                sample=False,
                created_at=NOW,
                updated_at=NOW,
                duties=[Duty(role=Role.STATION, area_kind=AreaKind.STATION, area_code=other.code)],
            )
        )
        third = added_station(session, county_adcode="320581", lon=None, lat=None, phone="")
        mark_as_two(session, PROVINCE, STATION, other.code, third.code, reason="", now=NOW)
        gone = state_of(other)
    with transaction(reference_engine) as session:
        numbers = {
            session.scalar(sa.select(ServiceRequest.number).where(ServiceRequest.draft_key == draft.key))
            for draft in drafts
        }
        survivor, other = (get_station(session, one.code, samples=True) for one in (survivor, other))
        referring = count_references(session, other)
        assert referring["service_request"] == 2
        old, new = other.code, survivor.code
        merged(session, survivor, other, reason="同一站点登记两次")
    with reading(reference_engine) as session:
        station = get_station(session, old, samples=True)
        assert station.code == new and station.phone == "0512-5550 0001" and station.version == 2
        assert session.scalar(sa.select(sa.func.count()).select_from(Station).where(Station.code == old)) == 0
        assert [entry.status for entry in station.history] == ["active", "suspended", "active"]
        assert {entry.recorded_by for entry in station.history} == {"zhao"}
        assert [offer.service_code for offer in station.offers] == ["metrology.calibration", "standards", "testing"]
        assert {request.number for request in list_requests(session, steward_of(station), samples=True)} == numbers
        assert session.scalar(sa.select(Duty.area_code).where(Duty.role == Role.STATION)) == new
        assert codes_merged_into(session, STATION, new) == [old]
        (pair,) = session.scalars(sa.select(NotADouble))
        assert {pair.code, pair.other} == {new, third.code}
        changes = list_changes(session, STATION, [new, old])
        assert [change.change for change in changes[:2]] == [ChangeKind.MERGED_AWAY, ChangeKind.MERGED]
        assert (changes[0].other, changes[1].other, changes[1].reason) == (new, old, "同一站点登记两次")
        assert {field: change.before for field, change in changes[0].fields.items()} == {
            field: value for field, value in values_of(gone).items() if value not in (None, ())
        }
        assert {change.after for change in changes[0].fields.values()} == {None, ()}
        assert state_at(session, STATION, new, 2) == state_of(station)
        entry = session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "merge_station"))
        assert (entry.subject, entry.detail["merged"]) == (new, old)
        assert entry.detail["moved"] == referring | {"duty": 1}


def test_a_firm_still_sees_its_request_after_the_merge(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        survivor, other = added_station(session), added_station(session)
        asked = filled_form(other, services=("metrology.calibration",))
        number = file_request(session, asked, draft, now=NOW, samples=True).number
        merged(session, survivor, other)
    with reading(reference_engine) as session:
        assert look_up(session, number, draft.code).station.code == survivor.code


def test_the_history_can_stay_the_survivors_and_the_others_is_kept_in_the_changes(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        survivor, other = added_station(session), added_station(session)
        closed = EntryForm("closed", dated="2025", reason="重复登记")
        change_status(session, PROVINCE, STATION, other.code, closed, version=1, now=NOW)
        merged(session, survivor, other, history=HistoryChoice.SURVIVOR)
    with reading(reference_engine) as session:
        station = get_station(session, survivor.code, samples=True)
        assert get_status(session, station, TODAY) is Status.ACTIVE
        farewell = list_changes(session, STATION, [other.code])[0]
        assert [entry.stage for entry in farewell.fields["history"].before] == ["active", "closed"]


def test_fields_can_be_taken_from_the_one_that_goes(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        survivor = added_station(session, name="昆山高新区站", hours="")
        other = added_station(session)
        merged(session, survivor, other, take={"name"})
    with reading(reference_engine) as session:
        station = get_station(session, survivor.code, samples=True)
        assert (station.name, station.hours) == ("昆山高新区质量小站", "Mo-Fr 09:00-17:00")


def test_codes_merged_one_after_another_lead_to_the_last(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        first, second, third = (added_station(session) for _ in range(3))
        codes = first.code, second.code, third.code
        merged(session, second, first)
        merged(session, third, second)
        assert {get_station(session, code, samples=True).code for code in codes} == {codes[2]}
        assert add_record(session, PROVINCE, STATION, station_form(), OPENED, now=NOW).code == "S-3205-004"


def test_a_merge_is_refused_where_it_would_go_wrong(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        survivor, other, sample = (
            added_station(session),
            added_station(session),
            add_station(session, KUNSHAN, sample=True),
        )
        codes = survivor.code, other.code
        wish = Wish(form_of(other, phone="12315"))
        propose(session, COUNTY, wish, reason="x", now=NOW, station_code=other.code, version=1)
    given = {"history": HistoryChoice.BOTH, "now": NOW}
    for error, actor, pair, versions in (
        (Conflict, PROVINCE, (codes[0], codes[0]), (1, 1)),
        (Conflict, PROVINCE, (codes[0], sample.code), (1, 1)),
        (Conflict, PROVINCE, codes, (1, 1)),
        (ChangedMeanwhile, PROVINCE, codes, (1, 2)),
        (NotAllowed, COUNTY, codes, (1, 1)),
        (NotAllowed, None, codes, (1, 1)),
    ):
        with pytest.raises(error), transaction(reference_engine) as session:
            merge_records(session, actor, STATION, *pair, versions=versions, **given)
    with reading(reference_engine) as session:
        assert {get_station(session, code, samples=True).code for code in codes} == set(codes)


def test_centres_are_merged_too(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        first = add_record(session, PROVINCE, CENTRE, centre_form(), EntryForm("accepted", dated="2024"), now=NOW)
        second = add_centre(session, [(Stage.APPROVED, "2022", None)])
        old = second.code
        merge_records(session, PROVINCE, CENTRE, first.code, old, versions=(1, 1), history=HistoryChoice.BOTH, now=NOW)
    with reading(reference_engine) as session:
        centre = get_centre(session, old, samples=True)
        assert [entry.stage for entry in centre.history] == [Stage.APPROVED, Stage.ACCEPTED]
        assert session.scalar(sa.select(sa.func.count()).select_from(Centre).where(Centre.code == old)) == 0


def test_the_changes_of_the_registry_can_not_be_touched(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        added_station(session)
    with pytest.raises(PermissionError), transaction(reference_engine) as session:
        session.scalar(sa.select(RecordChange)).reason = "anders"


def test_both_histories_are_suggested_unless_they_end_in_another_status(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        first, second = added_station(session), added_station(session)
        assert suggested_history(STATION, state_of(first), state_of(second)) is HistoryChoice.BOTH
        closed = EntryForm("closed", dated="2025", reason="重复登记")
        change_status(session, PROVINCE, STATION, second.code, closed, version=1, now=NOW)
        assert suggested_history(STATION, state_of(first), state_of(second)) is HistoryChoice.SURVIVOR
        assert suggested_history(STATION, state_of(second), state_of(first)) is HistoryChoice.BOTH


def history_of(*told: tuple[str, str]) -> list[HistoryEntry]:
    return [HistoryEntry(Status(status), PartialDate.parse(day)) for status, day in told]


@pytest.mark.parametrize(
    ("mine", "theirs", "kept", "left_out"),
    [
        ([("active", "2021-09-13")], [("planned", "2026-09")], ["active 2021-09-13"], ["planned 2026-09"]),
        ([("planned", "2026-09")], [("active", "2021-09-13")], ["active 2021-09-13"], ["planned 2026-09"]),
        ([("active", "2021")], [("planned", "2020")], ["planned 2020", "active 2021"], []),
        ([("active", "2021")], [("active", "2022")], ["active 2021"], ["active 2022"]),
        ([("active", "2021")], [("closed", "2020")], ["active 2021"], ["closed 2020"]),
        (
            [("active", "2021"), ("suspended", "2023")],
            [("active", "2020"), ("closed", "2022")],
            ["active 2020", "suspended 2023"],
            ["active 2021", "closed 2022"],
        ),
        ([("closed", "2020")], [("active", "2021")], ["closed 2020"], ["active 2021"]),
        ([("active", "2021")], [("suspended", "2023")], ["active 2021", "suspended 2023"], []),
    ],
)
def test_of_both_histories_stays_what_can_follow_each_other(
    mine: list, theirs: list, kept: list[str], left_out: list[str]
) -> None:
    both = both_histories(STATION, history_of(*mine), history_of(*theirs))
    assert [f"{entry.stage} {entry.dated}" for entry in both.entries] == kept
    assert [f"{entry.stage} {entry.dated}" for entry in both.left_out] == left_out


def test_a_merge_says_which_status_it_leads_to_and_when_it_ends_a_running_station() -> None:
    running, planned = history_of(("active", "2021")), history_of(("planned", "2024"))
    kept = merge_effect(running, planned, running, TODAY)
    assert (kept.before, kept.after, kept.ends_work) == (Status.ACTIVE, Status.ACTIVE, False)
    lost = merge_effect(planned, running, planned, TODAY)
    assert (lost.before, lost.after, lost.ends_work) == (Status.PLANNED, Status.PLANNED, True)
    announced = history_of(("active", "2021"), ("closed", "2099"))
    assert not merge_effect(running, announced, announced, TODAY).ends_work


def test_a_running_station_merged_with_a_planned_one_keeps_running(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        survivor = added_station(session)
        other = add_record(session, PROVINCE, STATION, station_form(), EntryForm("planned", dated="2026-06"), now=NOW)
        old = other.code
        assert suggested_history(STATION, state_of(survivor), state_of(other)) is HistoryChoice.BOTH
        merged(session, survivor, other)
    with reading(reference_engine) as session:
        station = get_station(session, survivor.code, samples=True)
        assert get_status(session, station, TODAY) is Status.ACTIVE
        assert [entry.status for entry in station.history] == [Status.ACTIVE]
        farewell = list_changes(session, STATION, [old])[0]
        assert [entry.stage for entry in farewell.fields["history"].before] == ["planned"]
