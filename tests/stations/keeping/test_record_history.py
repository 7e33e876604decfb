"""Whatever is done with a record, its change history rebuilds it, at every version."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.errors import Conflict, InvalidForm
from stations.keeping.double_merging import HistoryChoice, merge_records
from stations.keeping.editing import change_status, correct_history, edit_record
from stations.registry.dated_entries import EntryForm
from stations.registry.record_history import RecordChange, rebuild, state_at
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.record_state import Offer, RecordState
from stations.registry.station import Station, Status, get_station
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.registry_factories import KUNSHAN, PROVINCE, added_station, form_of

STATION = RecordKind.STATION

fields = st.fixed_dictionaries(
    {"source": st.just("昆市监〔2026〕3 号"), "address": st.just("测试路 2 号")},
    optional={
        "name": st.sampled_from(["花桥质量小站", "巴城质量小站"]),
        "phone": st.sampled_from(["", "12315", "0512-5550 0002"]),
        "hours": st.sampled_from(["", "24/7", "Mo-Fr 09:00-17:00"]),
        "services": st.lists(st.sampled_from(["testing", "standards", "metrology"]), unique=True).map(
            lambda codes: tuple(Offer(code) for code in codes)
        ),
        "place": st.sampled_from([(120.9807, 31.3856), (120.99, 31.3856), (None, None)]),
    },
)
status = st.builds(
    EntryForm,
    st.sampled_from(list(Status)),
    dated=st.sampled_from(["2024", "2025-06", "2026-01-02"]),
    reason=st.just("x"),
)
step = st.one_of(
    st.tuples(st.just("edit"), fields),
    st.tuples(st.just("status"), status),
    st.tuples(st.just("correct"), st.lists(status, min_size=1, max_size=3)),
    st.tuples(st.just("merge"), st.booleans()),
)


def take(session: Session, station: Station, name: str, what: object, now: object) -> None:
    """Make one change, if the rules allow it."""
    given = {"version": station.version, "now": now}
    if name == "edit":
        changes = dict(what)
        if "place" in changes:
            changes["lon"], changes["lat"] = changes.pop("place")
        edit_record(session, PROVINCE, STATION, station.code, form_of(station, **changes), **given)
    elif name == "status":
        change_status(session, PROVINCE, STATION, station.code, what, **given)
    elif name == "correct":
        correct_history(session, PROVINCE, STATION, station.code, what, reason="x", **given)
    else:
        other = added_station(session)
        merge_records(
            session,
            PROVINCE,
            STATION,
            station.code,
            other.code,
            versions=(station.version, other.version),
            history=HistoryChoice.BOTH if what else HistoryChoice.SURVIVOR,
            now=now,
        )
    session.flush()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(loaded=st.booleans(), steps=st.lists(step, max_size=6))
def test_history_from_the_start_rebuilds_the_record(reference_engine: Engine, loaded: bool, steps: list[tuple]) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN) if loaded else added_station(session)
        seen: dict[int, RecordState] = {station.version: state_of(station)}
        for number, (name, what) in enumerate(steps):
            try:
                with session.begin_nested():
                    take(session, station, name, what, NOW + timedelta(minutes=number))
            except (Conflict, InvalidForm):
                continue
            session.expire_all()
            station = get_station(session, station.code, samples=True)
            seen[station.version] = state_of(station)
        changes = list(
            session.scalars(
                sa.select(RecordChange).where(RecordChange.code == station.code).order_by(RecordChange.version)
            )
        )
        if len(seen) == 1 and loaded:
            assert not changes
            return
        assert rebuild(STATION, changes) == state_of(station)
        for version, state in seen.items():
            assert state_at(session, STATION, station.code, version) == state
