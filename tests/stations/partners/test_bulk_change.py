"""Many changes of stations by another system's own ids: each row is written, merged, in conflict, or told why not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.errors import Conflict, InvalidInput, NotAllowed
from stations.keeping.double_merging import HistoryChoice, merge_records
from stations.keeping.editing import edit_record
from stations.keeping.proposal import Proposal
from stations.keeping.proposal_review import accept, refuse
from stations.keeping.record_merge import Side
from stations.partners.bulk_change import MOST_ROWS, change_stations
from stations.partners.interface_key import KeyInUse
from stations.partners.key_administration import KeyForm, make_key
from stations.partners.row_proposal import proposals_of_system
from stations.partners.row_result import Outcome, RowResult
from stations.partners.sync_conflict import conflicts_of_system, forget_old_conflicts, list_conflicts, settle_conflict
from stations.registry.record_history import RecordChange
from stations.registry.record_kind import RecordKind
from stations.registry.station import Station
from stations.retention import kept_for
from tests.conftest import NOW, TODAY
from tests.stations.registry_factories import PROVINCE, SUZHOU, added_station, form_of

ROW: dict[str, Any] = {
    "id": "SZ-001",
    "name": "苏州平台小站",
    "address": "昆山市前进中路 8 号",
    "county": "昆山市",
    "phone": "0512-5550 0001",
    "hours": "周一至周五 9:00-17:00",
    "services": ["metrology.calibration"],
    "source": "苏州平台",
    "status": {"status": "active", "since": "2026-03"},
}


@pytest.fixture
def key(reference_engine: Engine) -> KeyInUse:
    form = KeyForm("suzhou", "苏州平台", "某局", SUZHOU, ["stations:write"], TODAY)
    with transaction(reference_engine) as session:
        made, _ = make_key(session, PROVINCE, form, now=NOW)
    return KeyInUse.of(made)


def send(engine: Engine, key: KeyInUse, *rows: Any, **how: bool) -> list[RowResult]:
    return change_stations(engine, key, rows, **{"all_or_none": False, "dry_run": False, **how}, now=NOW)


def station_of(engine: Engine, code: str) -> Station:
    with reading(engine) as session:
        return session.scalars(select(Station).where(Station.code == code)).one()


def edit_here(engine: Engine, code: str, **changes: Any) -> None:
    with transaction(engine) as session:
        held = session.scalars(select(Station).where(Station.code == code)).one()
        form = form_of(held, **changes)
        edit_record(session, PROVINCE, RecordKind.STATION, code, form, version=held.version, now=NOW)


def fields_told(result: RowResult) -> set[str]:
    return {one.field for one in result.problems}


def test_a_row_is_created_changed_and_unchanged_when_it_comes_again(reference_engine: Engine, key: KeyInUse) -> None:
    first, again = send(reference_engine, key, ROW, ROW)
    assert (first.outcome, again.outcome, first.code) == (Outcome.CREATED, Outcome.UNCHANGED, again.code)
    (changed,) = send(reference_engine, key, {"id": "SZ-001", "phone": "0512-5550 0002", "version": first.version})
    assert (changed.outcome, changed.version, changed.record) == (Outcome.CHANGED, 2, None)
    station = station_of(reference_engine, first.code)
    assert (station.phone, station.hours, station.name) == ("0512-5550 0002", "Mo-Fr 09:00-17:00", "苏州平台小站")
    (closed,) = send(
        reference_engine, key, {"id": "SZ-001", "status": {"status": "closed", "since": "2026-11", "reason": "搬迁"}}
    )
    assert (closed.outcome, closed.version) == (Outcome.CHANGED, 3)
    with reading(reference_engine) as session:
        by = set(session.scalars(select(RecordChange.actor).where(RecordChange.code == first.code)))
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.subject == first.code)).all()
    assert by == {f"key:{key.prefix}"} and actions == ["add_station", "edit_station", "change_status"]


def test_every_wrong_row_is_told_by_field_and_the_others_are_written(reference_engine: Engine, key: KeyInUse) -> None:
    rows: list[Any] = [
        {**ROW, "id": "A", "county": "常州市", "hours": "看情况吧", "lon": "东"},
        {**ROW, "id": "B", "county": "南京市玄武区"},  # outside the key's area
        {**ROW, "id": ""},
        "text",
        {**ROW, "id": "C", "colour": "red", "version": 2},
        {"id": "D", "name": "无状态"},
        {**ROW, "id": "E", "services": ["nothing.there"]},
        ROW,
    ]
    results = send(reference_engine, key, *rows)
    assert [one.outcome for one in results] == [Outcome.REFUSED] * 7 + [Outcome.CREATED]
    assert {"lon"} <= fields_told(results[0])
    assert isinstance(results[1].told, NotAllowed)
    assert [fields_told(one) for one in results[2:7]] == [{"id"}, {"row"}, {"colour"}, {"status"}, {"services"}]
    assert results[4].written["colour"] == "red"
    with reading(reference_engine) as session:
        assert len(session.scalars(select(RecordChange).where(RecordChange.actor == f"key:{key.prefix}")).all()) == 1


def test_all_or_none_and_a_trial_write_nothing(reference_engine: Engine, key: KeyInUse) -> None:
    (tried,) = send(reference_engine, key, ROW, dry_run=True)
    assert tried.outcome is Outcome.CREATED
    good, bad = send(reference_engine, key, ROW, {"id": "X"}, all_or_none=True)
    assert (good.outcome, bad.outcome) == (Outcome.LEFT_OUT, Outcome.REFUSED)
    with reading(reference_engine) as session:
        assert session.scalars(select(RecordChange)).all() == []
    for rows in ([], [ROW] * (MOST_ROWS + 1)):
        with pytest.raises(InvalidInput):
            send(reference_engine, key, *rows)


def test_what_only_one_side_changed_is_merged(reference_engine: Engine, key: KeyInUse) -> None:
    (made,) = send(reference_engine, key, ROW)
    edit_here(reference_engine, made.code, phone="0512-5550 0009")
    (merged,) = send(reference_engine, key, {**ROW, "address": "昆山市前进中路 9 号"})
    assert (merged.outcome, merged.version) == (Outcome.CHANGED, 3)
    assert merged.record and merged.record["phone"] == "0512-5550 0009"  # news for the system
    station = station_of(reference_engine, made.code)
    assert (station.phone, station.address) == ("0512-5550 0009", "昆山市前进中路 9 号")


def test_a_clash_is_reported_and_decided_by_the_system(reference_engine: Engine, key: KeyInUse) -> None:
    (made,) = send(reference_engine, key, ROW)
    edit_here(reference_engine, made.code, phone="0512-5550 0009", host="某院")
    row = {"id": "SZ-001", "phone": "0512-5550 0008", "host": "某所", "brand": "小站", "version": 1}
    (clash,) = send(reference_engine, key, row)
    assert (clash.outcome, clash.version) == (Outcome.CONFLICT, 2)
    assert {one["field"]: (one["base"], one["ours"], one["theirs"]) for one in clash.fields} == {
        "phone": ("0512-5550 0001", "0512-5550 0009", "0512-5550 0008"),
        "host": (None, "某院", "某所"),
    }
    assert station_of(reference_engine, made.code).version == 2
    (half,) = send(reference_engine, key, {**row, "settle": {"version": 2, "fields": {"phone": "theirs"}}})
    assert (half.outcome, [one["field"] for one in half.fields]) == (Outcome.CONFLICT, ["host"])
    sides = {"phone": "theirs", "host": "ours"}
    (stale,) = send(reference_engine, key, {**row, "settle": {"version": 1, "fields": sides}})
    assert stale.outcome is Outcome.CONFLICT
    (done,) = send(reference_engine, key, {**row, "settle": {"version": 2, "fields": sides}})
    assert (done.outcome, done.version) == (Outcome.CHANGED, 3) and done.record
    station = station_of(reference_engine, made.code)
    assert (station.phone, station.host, station.brand) == ("0512-5550 0008", "某院", "小站")
    with reading(reference_engine) as session:
        assert conflicts_of_system(session, "suzhou") == []


def test_a_clash_is_decided_by_an_administrator(reference_engine: Engine, key: KeyInUse) -> None:
    (made,) = send(reference_engine, key, ROW)
    edit_here(reference_engine, made.code, phone="0512-5550 0009")
    row = {"id": "SZ-001", "phone": "0512-5550 0008", "brand": "小站", "version": 1}
    send(reference_engine, key, row)
    with transaction(reference_engine) as session:
        (conflict,) = list_conflicts(session, PROVINCE)
        with pytest.raises(InvalidInput):
            settle_conflict(session, PROVINCE, conflict.id, {}, now=NOW)
        settle_conflict(session, PROVINCE, conflict.id, {"phone": Side.THEIRS}, now=NOW)
        with pytest.raises(Conflict):
            settle_conflict(session, PROVINCE, conflict.id, {"phone": Side.THEIRS}, now=NOW)
    station = station_of(reference_engine, made.code)
    assert (station.phone, station.brand) == ("0512-5550 0009", "小站")
    edit_here(reference_engine, made.code, phone="0512-5550 0007")
    send(reference_engine, key, {"id": "SZ-001", "phone": "0512-5550 0006", "version": 3})
    edit_here(reference_engine, made.code, phone="0512-5550 0005")
    with transaction(reference_engine) as session:
        (conflict,) = list_conflicts(session, PROVINCE)
        with pytest.raises(Conflict, match="changed since"):
            settle_conflict(session, PROVINCE, conflict.id, {"phone": Side.YOURS}, now=NOW)
    later = NOW + kept_for("change") + timedelta(days=1)
    assert forget_old_conflicts(reference_engine, later) == 2


def test_status_that_both_sides_changed_is_a_clash(reference_engine: Engine, key: KeyInUse) -> None:
    (made,) = send(reference_engine, key, ROW)
    suspended = {"status": "suspended", "since": "2026-10", "reason": "装修"}
    closed = {"status": "closed", "since": "2026-11", "reason": "搬迁"}
    send(reference_engine, key, {"id": "SZ-001", "status": suspended})
    (clash,) = send(reference_engine, key, {"id": "SZ-001", "status": closed, "version": 1})
    assert [one["field"] for one in clash.fields] == ["status"]
    settle = {"version": 2, "fields": {"status": "theirs"}}
    (done,) = send(reference_engine, key, {"id": "SZ-001", "status": closed, "version": 1, "settle": settle})
    assert (done.outcome, made.code) == (Outcome.CHANGED, done.code)


def test_a_clash_of_status_is_decided_by_an_administrator(reference_engine: Engine, key: KeyInUse) -> None:
    (made,) = send(reference_engine, key, ROW)
    suspended = {"status": "suspended", "since": "2026-10", "reason": "装修"}
    closed = {"status": "closed", "since": "2026-11", "reason": "搬迁"}
    send(reference_engine, key, {"id": "SZ-001", "status": suspended})
    send(reference_engine, key, {"id": "SZ-001", "status": closed, "version": 1})
    with transaction(reference_engine) as session:
        (conflict,) = list_conflicts(session, PROVINCE)
        settle_conflict(session, PROVINCE, conflict.id, {"status": Side.YOURS}, now=NOW)
    with reading(reference_engine) as session:
        station = session.scalars(select(Station).where(Station.code == made.code)).one()
        assert [entry.status.value for entry in station.history] == ["active", "suspended", "closed"]


def test_a_record_merged_away_leads_to_the_one_that_stayed(reference_engine: Engine, key: KeyInUse) -> None:
    (made,) = send(reference_engine, key, ROW)
    with transaction(reference_engine) as session:
        stays = added_station(session)
        merge_records(
            session,
            PROVINCE,
            RecordKind.STATION,
            stays.code,
            made.code,
            versions=(1, 1),
            history=HistoryChoice.SURVIVOR,
            now=NOW,
        )
    (told,) = send(reference_engine, key, {"id": "SZ-001", "phone": "0512-5550 0003"})
    assert isinstance(told.told, Conflict) and told.told.params["survivor"] == stays.code
    row = {"id": "SZ-001", "code": stays.code, "version": 2, "phone": "0512-5550 0003"}
    (done,) = send(reference_engine, key, row)
    assert (done.outcome, done.code) == (Outcome.CHANGED, stays.code)


@pytest.mark.one_database
def test_a_record_that_is_here_already_is_linked_by_its_code(reference_engine: Engine, key: KeyInUse) -> None:
    with transaction(reference_engine) as session:
        code = added_station(session).code
    (linked,) = send(reference_engine, key, {"id": "OLD-7", "code": code})
    assert (linked.outcome, linked.code, linked.version) == (Outcome.UNCHANGED, code, 1)
    (changed,) = send(reference_engine, key, {"id": "OLD-7", "phone": "0512-5550 0004"})
    assert changed.outcome is Outcome.CHANGED


def test_a_station_has_one_id_in_a_system(reference_engine: Engine, key: KeyInUse) -> None:
    (made,) = send(reference_engine, key, ROW)
    (other,) = send(reference_engine, key, {"id": "SZ-002", "code": made.code, "host": "某院"})
    assert other.outcome is Outcome.REFUSED
    assert (other.problems[0].field, other.problems[0].params["id"]) == ("code", ROW["id"])


@pytest.fixture
def proposing(reference_engine: Engine) -> KeyInUse:
    """A key that may only propose."""
    form = KeyForm("suzhou", "苏州平台", "某局", SUZHOU, ["stations:propose"], TODAY)
    with transaction(reference_engine) as session:
        made, _ = make_key(session, PROVINCE, form, now=NOW)
    return KeyInUse.of(made)


def decide(engine: Engine, code: str, *, refuse_it: bool = False) -> None:
    with transaction(engine) as session:
        proposal = session.scalars(select(Proposal).where(Proposal.code == code)).one()
        if refuse_it:
            refuse(session, PROVINCE, code, version=proposal.version, reason="地址不对", now=NOW)
            return
        held = session.scalar(select(Station).where(Station.code == proposal.station_code))
        seen = held.version if held else None
        accept(session, PROVINCE, code, version=proposal.version, station_version=seen, now=NOW)


def proposed(engine: Engine) -> list[dict[str, Any]]:
    with reading(engine) as session:
        return proposals_of_system(session, "suzhou")


def test_a_new_station_of_who_may_only_propose_is_a_proposal(reference_engine: Engine, proposing: KeyInUse) -> None:
    (first,) = send(reference_engine, proposing, ROW)
    assert (first.outcome, first.code, first.version) == (Outcome.PROPOSED, "", None) and first.proposal
    (again,) = send(reference_engine, proposing, ROW)
    assert (again.outcome, again.proposal) == (Outcome.PROPOSED, first.proposal)
    (renewed,) = send(reference_engine, proposing, {"id": ROW["id"], "phone": "0512-5550 0002"})
    assert renewed.proposal == first.proposal
    decide(reference_engine, first.proposal)
    (told,) = proposed(reference_engine)
    assert (told["proposal"], told["id"], told["state"]) == (first.proposal, ROW["id"], "accepted")
    station = station_of(reference_engine, told["code"])
    assert (station.name, station.phone) == (ROW["name"], "0512-5550 0002")
    (same,) = send(reference_engine, proposing, {**ROW, "phone": "0512-5550 0002"})
    assert (same.outcome, same.code, same.version) == (Outcome.UNCHANGED, told["code"], 1)


def test_a_change_of_who_may_only_propose_is_a_proposal(reference_engine: Engine, proposing: KeyInUse) -> None:
    with transaction(reference_engine) as session:
        code = added_station(session).code
    before = station_of(reference_engine, code)
    row = {"id": "SZ-7", "code": code, "version": before.version, "host": "苏州某院"}
    (first,) = send(reference_engine, proposing, row)
    assert (first.outcome, first.code, first.version) == (Outcome.PROPOSED, code, before.version)
    assert station_of(reference_engine, code).host == before.host
    closed = {"id": "SZ-7", "status": {"status": "suspended", "since": "2026-11", "reason": "装修"}}
    (both,) = send(reference_engine, proposing, closed)
    assert both.proposal == first.proposal
    (kept,) = send(reference_engine, proposing, {"id": "SZ-7", "phone": "0512-5550 0009"})
    assert kept.proposal == first.proposal
    edit_here(reference_engine, code, hours="周一 9:00-17:00")
    decide(reference_engine, first.proposal)
    after = station_of(reference_engine, code)
    with reading(reference_engine) as session:
        held = session.merge(after, load=False)
        assert (held.host, held.phone, held.history[-1].status.value) == ("苏州某院", "0512-5550 0009", "suspended")
        assert "9" in (held.hours or "")
    (same,) = send(reference_engine, proposing, row)
    assert same.outcome is Outcome.UNCHANGED


def test_what_was_refused_is_refused_until_it_says_something_else(
    reference_engine: Engine, proposing: KeyInUse
) -> None:
    (first,) = send(reference_engine, proposing, ROW)
    decide(reference_engine, first.proposal, refuse_it=True)
    (again,) = send(reference_engine, proposing, ROW)
    assert again.outcome is Outcome.REFUSED and again.told is not None
    assert again.told.params["reason"] == "地址不对"
    (other,) = send(reference_engine, proposing, {**ROW, "address": "昆山市前进中路 9 号"})
    assert other.outcome is Outcome.PROPOSED and other.proposal != first.proposal


def test_a_proposal_that_clashes_is_a_conflict_and_a_trial_proposes_nothing(
    reference_engine: Engine, proposing: KeyInUse
) -> None:
    with transaction(reference_engine) as session:
        code = added_station(session).code
    base = station_of(reference_engine, code).version
    edit_here(reference_engine, code, host="省里写的")
    row = {"id": "SZ-8", "code": code, "version": base, "host": "市里写的"}
    (clash,) = send(reference_engine, proposing, row)
    assert clash.outcome is Outcome.CONFLICT and [one["field"] for one in clash.fields] == ["host"]
    settled = {**row, "settle": {"version": clash.version, "fields": {"host": "theirs"}}}
    (trial,) = send(reference_engine, proposing, settled, dry_run=True)
    assert trial.outcome is Outcome.PROPOSED and proposed(reference_engine) == []
    (sent,) = send(reference_engine, proposing, settled)
    assert sent.outcome is Outcome.PROPOSED
    elsewhere = {**ROW, "id": "NJ-1", "county": "玄武区"}
    (refused,) = send(reference_engine, proposing, elsewhere)
    assert refused.outcome is Outcome.REFUSED
