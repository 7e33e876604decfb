from __future__ import annotations

from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.distance import great_circle_m
from stations.access.accounts import Duty, User
from stations.access.roles import AreaKind, Role
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.errors import Conflict, NotAllowed
from stations.registry.centre import Centre, Stage, get_centre
from stations.registry.dated_entries import EntryForm
from stations.registry.double_merging import HistoryChoice, merge_records, suggested_history
from stations.registry.doubles import (
    DoubleReason,
    Lookalike,
    doubles_of,
    find_doubles,
    lookalikes,
    mark_as_two,
    open_doubles,
)
from stations.registry.editing import add_record, change_status
from stations.registry.merged_code import codes_merged_into
from stations.registry.merged_history import both_histories, merge_effect
from stations.registry.not_a_double import NotADouble
from stations.registry.proposing import Wish, propose
from stations.registry.record_history import ChangeKind, RecordChange, list_changes, state_at
from stations.registry.record_kind import RecordKind
from stations.registry.record_merge import ChangedMeanwhile
from stations.registry.record_references import count_references
from stations.registry.record_state import state_of
from stations.registry.station import Station, Status, get_station, get_status
from stations.registry.station_form import Offer
from stations.requests.filing import Draft, file_request
from stations.requests.handling import look_up
from stations.requests.queue import list_requests
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_centre, add_station
from tests.stations.registry_factories import (
    CITY,
    COUNTY,
    IN_KUNSHAN,
    KUNSHAN,
    OPENED,
    PROVINCE,
    added_station,
    centre_form,
    form_of,
    station_form,
)
from tests.stations.request_factories import actor_with, filled_form, steward_of

STATION, CENTRE = RecordKind.STATION, RecordKind.CENTRE


def one(code: str, name: str = "花桥质量小站", **changes: object) -> Lookalike:
    given = {
        "phone": None,
        "lon": None,
        "lat": None,
        "city_adcode": "320500",
        "county_adcode": KUNSHAN,
        "city": "苏州市",
        "county": "昆山市",
        "sample": False,
    }
    return Lookalike(code=code, name=name, **given | changes)


def reasons(*records: Lookalike) -> dict[tuple[str, str], set[DoubleReason]]:
    return {(double.code, double.other): set(double.reasons) for double in find_doubles(records)}


def test_the_same_name_in_other_words_is_found() -> None:
    found = reasons(one("A", "昆山市花桥质量小站"), one("B", "江苏昆山花桥质量驿站"), one("C", "昆山巴城质量小站"))
    assert found == {("A", "B"): {DoubleReason.NAME}}


def test_the_same_name_in_another_county_is_another_station() -> None:
    elsewhere = {"county_adcode": "320581", "county": "常熟市"}
    assert reasons(one("A", "高新区质量小站"), one("B", "高新区质量小站", **elsewhere)) == {}
    unknown = {"county_adcode": None, "county": None}
    assert reasons(one("A", "高新区质量小站"), one("B", "高新区质量小站", **unknown)) == {
        ("A", "B"): {DoubleReason.NAME}
    }


def test_the_same_line_and_the_same_place_are_found_whatever_the_name() -> None:
    found = reasons(
        one("A", "花桥", phone="0512-5550 0001", lon=120.98, lat=31.38),
        one("B", "巴城", phone="(0512)55500001", lon=120.9815, lat=31.38),
        one("C", "张浦", lon=120.9816, lat=31.38),
        one("D", "周庄", lon=120.9834, lat=31.38),
    )
    assert found == {("A", "B"): {DoubleReason.PHONE, DoubleReason.PLACE}, ("B", "C"): {DoubleReason.PLACE}} | (
        {("A", "C"): {DoubleReason.PLACE}} if great_circle_m(120.98, 31.38, 120.9816, 31.38) <= 150 else {}
    )


def test_more_reasons_score_higher_and_come_first() -> None:
    doubles = find_doubles(
        [one("A", phone="12315"), one("B", phone="12315"), one("C", "巴城", phone="12315"), one("D", "巴城")]
    )
    assert [(double.code, double.other) for double in doubles] == [("A", "B"), ("C", "D"), ("A", "C"), ("B", "C")]
    assert doubles[0].score == pytest.approx(1 - 0.3 * 0.4) and doubles[1].score == pytest.approx(0.7)


def test_an_invented_record_is_no_double_of_a_documented_one() -> None:
    assert reasons(one("A"), one("B", sample=True)) == {}


def test_only_pairs_asked_for_are_given() -> None:
    doubles = find_doubles([one("A"), one("B"), one("C")], among={"C"})
    assert [(double.code, double.other) for double in doubles] == [("A", "C"), ("B", "C")]


NAMES = st.sampled_from(["花桥", "花桥商务城", "巴城", "花桥1号", "花桥2号", "智能制造产业园", "智能制造园"])


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            NAMES,
            st.sampled_from([None, "12315", "0512-55500001", "0512 5550 0001"]),
            st.sampled_from([None, 120.98, 120.981, 120.99]),
            st.sampled_from([KUNSHAN, "320581", None]),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_blocking_finds_what_comparing_every_pair_finds(rows: list[tuple]) -> None:
    records = [
        one(
            f"R{number:02d}",
            name,
            phone=phone,
            lon=lon,
            lat=None if lon is None else 31.38,
            county_adcode=county,
            county={KUNSHAN: "昆山市", "320581": "常熟市", None: None}[county],
            sample=sample,
        )
        for number, (name, phone, lon, county, sample) in enumerate(rows)
    ]
    by_pair = {
        (double.code, double.other)
        for first in range(len(records))
        for second in range(first + 1, len(records))
        for double in find_doubles([records[first], records[second]])
    }
    found = {(double.code, double.other): double for double in find_doubles(records)}
    assert set(found) <= by_pair
    # Of a heap at one point only the first is compared with its neighbours, by place.
    heads: dict[tuple, str] = {}
    for record in records:
        heads.setdefault((record.sample, record.lon), record.code)
    for pair in by_pair - set(found):
        behind = [record for record in records if record.code in pair]
        (missing,) = find_doubles(behind)
        assert missing.reasons == (DoubleReason.PLACE,)
        assert any(heads[record.sample, record.lon] != record.code for record in behind)


def test_ten_thousand_stations_are_compared_without_comparing_all_pairs() -> None:
    chance = Random(1)
    records = [
        one(
            f"R{number:05d}",
            f"{chance.choice('花巴张周锦淀陆千')}{chance.choice('桥城浦庄溪山家灯')}{number}站",
            county_adcode=f"3205{number % 90:02d}",
            phone=f"0512-{55500000 + number}",
            lon=chance.uniform(116.5, 121.9),
            lat=chance.uniform(31, 35),
        )
        for number in range(10_000)
    ]
    records += [one("TWIN", records[77].name, county_adcode=records[77].county_adcode, phone="0512-55500077")]
    first = find_doubles(records)[0]
    assert (first.code, first.other) == ("R00077", "TWIN")


def test_doubles_are_found_in_the_registry_and_for_one_that_is_entered(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        first = added_station(session)
        second = added_station(session, name="昆山市高新技术产业开发区质量驿站", phone="", lon=None, lat=None)
        add_station(session, "320102")
    with reading(reference_engine) as session:
        (double,) = [
            double for double in find_doubles(lookalikes(session, STATION, samples=True)) if double.code == first.code
        ]
        assert (double.other, double.reasons, double.metres) == (second.code, (DoubleReason.NAME,), None)
        entered = one("", "花桥质量小站", lon=IN_KUNSHAN[0] + 0.0005, lat=IN_KUNSHAN[1])
        (near,) = doubles_of(session, entered, STATION)
        assert near.other == first.code and near.reasons == (DoubleReason.PLACE,) and near.metres < 60


def test_two_that_were_found_to_be_two_are_not_listed_again(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        first, second = added_station(session), added_station(session)
        doubles = find_doubles(lookalikes(session, STATION, samples=True), {first.code})
        for actor in (PROVINCE, CITY, COUNTY):
            assert len(open_doubles(session, actor, STATION, doubles, samples=True)) == 1
        elsewhere = actor_with(Role.COUNTY, AreaKind.COUNTY, "320581")
        assert open_doubles(session, elsewhere, STATION, doubles, samples=True) == []
        mark_as_two(session, PROVINCE, STATION, second.code, first.code, reason="两个窗口", now=NOW)
        assert open_doubles(session, PROVINCE, STATION, doubles, samples=True) == []
        with pytest.raises(Conflict):
            mark_as_two(session, PROVINCE, STATION, first.code, second.code, reason="", now=NOW)
        with pytest.raises(NotAllowed):
            mark_as_two(session, COUNTY, STATION, first.code, second.code, reason="", now=NOW)


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
        assert {field: values["before"] for field, values in changes[0].fields.items()} == {
            field: value for field, value in gone.items() if value not in (None, [])
        }
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
        assert [entry["status"] for entry in farewell.fields["history"]["before"]] == ["active", "closed"]


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


def history_of(*told: tuple[str, str]) -> list[dict]:
    return [{"status": status, "dated": day, "as_of": None, "reason": None, "source": None} for status, day in told]


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
    assert [f"{entry['status']} {entry['dated']}" for entry in both.entries] == kept
    assert [f"{entry['status']} {entry['dated']}" for entry in both.left_out] == left_out


def test_a_merge_says_which_status_it_leads_to_and_when_it_ends_a_running_station() -> None:
    running, planned = history_of(("active", "2021")), history_of(("planned", "2024"))
    kept = merge_effect(STATION, running, planned, running, TODAY)
    assert (kept.before, kept.after, kept.ends_work) == (Status.ACTIVE, Status.ACTIVE, False)
    lost = merge_effect(STATION, planned, running, planned, TODAY)
    assert (lost.before, lost.after, lost.ends_work) == (Status.PLANNED, Status.PLANNED, True)
    announced = history_of(("active", "2021"), ("closed", "2099"))
    assert not merge_effect(STATION, running, announced, announced, TODAY).ends_work


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
        assert [entry["status"] for entry in farewell.fields["history"]["before"]] == ["planned"]
