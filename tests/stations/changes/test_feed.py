"""The feed of changes tells every change once, in an order that no reader can miss, within an area."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.changes.cursor import read_cursor, write_cursor
from stations.changes.feed import (
    DataChange,
    FeedPage,
    TooOld,
    forget_old_changes,
    last_position,
    note_change,
    read_feed,
)
from stations.changes.kinds import Happening, Subject
from stations.database import reading, transaction
from stations.duty.roles import Actor, Area
from stations.errors import InvalidInput
from stations.keeping.double_merging import HistoryChoice, merge_records
from stations.keeping.editing import change_status, edit_record
from stations.registry.dated_entries import EntryForm
from stations.registry.record_kind import RecordKind
from stations.registry.station import Station
from stations.requests.handling import deliver_item, move_as_station, write_as_station
from stations.requests.moves import MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.transfer import transfer
from stations.retention import kept_for
from tests.conftest import NOW
from tests.stations.factories import add_station
from tests.stations.registry_factories import CITY, COUNTY, PROVINCE, added_station, form_of
from tests.stations.request_factories import file_one, steward_of

IN_KUNSHAN = Area.of_codes("320500", "320583")
EVERY = tuple(Subject)


def read(engine: Engine, actor: Actor = PROVINCE, since: int | None = None, **options: object) -> FeedPage:
    with reading(engine) as session:
        return read_feed(session, actor, since, **{"subjects": EVERY, "samples": True, **options})


def told(page: FeedPage) -> list[tuple[str, int | None]]:
    return [(change.kind, change.version) for change in page.changes]


def note(engine: Engine, code: str) -> None:
    with transaction(engine) as session:
        note_change(session, Subject.STATION, Happening.CHANGED, code, IN_KUNSHAN, actor="x", now=NOW)


def test_what_happens_to_a_station_is_told_with_its_version(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station, other = added_station(session), added_station(session, name="另一个小站")
        first = station.code
    with transaction(reference_engine) as session:
        held = session.scalars(select(Station).where(Station.code == first)).one()
        form = form_of(held, hours="", county_adcode="320585", city_adcode="", lon=None, lat=None)
        edit_record(session, PROVINCE, RecordKind.STATION, first, form, version=1, now=NOW)
    with transaction(reference_engine) as session:
        closed = EntryForm("closed", dated="2026-06", reason="搬迁")
        change_status(session, PROVINCE, RecordKind.STATION, first, closed, version=2, now=NOW)
    with transaction(reference_engine) as session:
        versions, history = (1, 3), HistoryChoice.SURVIVOR
        merge_records(
            session, PROVINCE, RecordKind.STATION, other.code, first, versions=versions, history=history, now=NOW
        )
    page = read(reference_engine)
    assert told(page) == [
        *[("station.added", 1)] * 2,
        ("station.changed", 2),
        ("station.left", 2),
        ("station.status_changed", 3),
        ("station.merged", 2),
        ("station.merged_away", 4),
    ]
    assert [change.position for change in page.changes] == list(range(1, 8)) and (page.next, page.more) == (7, False)
    assert (page.changes[-1].code, page.changes[-1].other) == (first, other.code)
    # The county that it left hears that, and no more of it.
    of_county = [change.kind for change in read(reference_engine, COUNTY).changes if change.code == first]
    assert of_county == ["station.added", "station.left"]
    assert len(read(reference_engine, CITY).changes) == 7


def test_what_happens_to_a_request_is_told(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        steward, number = steward_of(request.station), request.number
        other = add_station(session, "320585")
    with transaction(reference_engine) as session:
        move_as_station(session, steward, number, MoveName.ACCEPT, version=1, now=NOW)
    with transaction(reference_engine) as session:
        write_as_station(session, steward, number, "请带样品", now=NOW)
        transfer(session, PROVINCE, number, other.code, version=2, note="更近", now=NOW)
    page = read(reference_engine, kinds=["request.moved", "request.filed", "request.left", "request.message"])
    assert told(page) == [
        ("request.filed", 1),
        ("request.moved", 2),
        ("request.message", 2),
        ("request.moved", 3),
        ("request.left", 3),
    ]
    assert {change.code for change in page.changes} == {number}
    assert [change.kind for change in read(reference_engine, COUNTY).changes][-1] == "request.left"
    taker = steward_of(other)
    with transaction(reference_engine) as session:
        move_as_station(session, taker, number, MoveName.ACCEPT, version=3, now=NOW + timedelta(minutes=1))
        held = session.scalars(select(ServiceRequest)).one()
        for item in held.items:
            deliver_item(
                session,
                taker,
                number,
                item.service_code,
                version=held.version,
                performer="实验室",
                result="合格",
                now=NOW + timedelta(minutes=2),
            )
    with reading(reference_engine) as session:
        held = session.scalars(select(ServiceRequest)).one()
        last = session.scalars(select(DataChange).order_by(DataChange.position.desc())).first()
    assert (last.kind, last.version) == ("request.moved", held.version)
    assert [kind for kind, _ in told(read(reference_engine))].count("request.delivered") == 2


def test_what_is_rolled_back_is_not_told_and_leaves_no_gap(reference_engine: Engine) -> None:
    note(reference_engine, "A")
    with pytest.raises(ZeroDivisionError), transaction(reference_engine) as session:
        note_change(session, Subject.STATION, Happening.CHANGED, "B", IN_KUNSHAN, actor="x", now=NOW)
        raise ZeroDivisionError
    with transaction(reference_engine) as session:
        with pytest.raises(ZeroDivisionError), session.begin_nested():
            note_change(session, Subject.STATION, Happening.CHANGED, "C", IN_KUNSHAN, actor="x", now=NOW)
            raise ZeroDivisionError
        note_change(session, Subject.STATION, Happening.CHANGED, "D", IN_KUNSHAN, actor="x", now=NOW)
    assert [(one.position, one.code) for one in read(reference_engine).changes] == [(1, "A"), (2, "D")]


def test_a_reader_never_misses_what_slow_writers_commit_late(reference_engine: Engine) -> None:
    """Writers begin in one order and commit in another, some after a long wait; a reader polls all the while."""
    writers, each = 6, 8
    done = threading.Event()
    faults: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for turn in range(each):
                with transaction(reference_engine) as session:
                    code = f"{number}-{turn}"
                    note_change(session, Subject.STATION, Happening.CHANGED, code, IN_KUNSHAN, actor="x", now=NOW)
                    session.flush()
                    time.sleep((number * 7 + turn * 3) % 5 / 200)
        except BaseException as fault:
            faults.append(fault)

    seen: list[tuple[int, str]] = []

    def poll() -> None:
        since, last_round = 0, False
        while True:
            last_round = done.is_set()
            page = read(reference_engine, since=since, limit=3)
            seen.extend((change.position, change.code) for change in page.changes)
            since = page.next
            if last_round and not page.more:
                return

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    reader = threading.Thread(target=poll)
    reader.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    reader.join()
    assert faults == []
    assert [position for position, _ in seen] == list(range(1, writers * each + 1))
    assert {code for _, code in seen} == {f"{number}-{turn}" for number in range(writers) for turn in range(each)}


@pytest.mark.one_database("postgresql")
def test_a_transaction_that_has_its_position_holds_up_the_next(reference_engine: Engine) -> None:
    """Between the giving of a position and the commit nobody else gets a later one, so no reader sees that first."""
    first, second = Session(reference_engine), Session(reference_engine)
    note_change(first, Subject.STATION, Happening.CHANGED, "first", IN_KUNSHAN, actor="x", now=NOW)
    note_change(second, Subject.STATION, Happening.CHANGED, "second", IN_KUNSHAN, actor="x", now=NOW)
    first.dispatch.before_commit(first)  # as far as its positions are given
    later = threading.Thread(target=second.commit)
    later.start()
    later.join(0.3)
    assert later.is_alive() and read(reference_engine, since=0).changes == ()
    first.commit()
    later.join(10)
    assert [change.code for change in read(reference_engine, since=0).changes] == ["first", "second"]
    first.close()
    second.close()


def test_pages_kinds_and_areas_move_the_cursor_on(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for number in range(5):
            for area in (IN_KUNSHAN, Area.of_codes("320100", "320102"), Area.of_codes("320500", "320583", sample=True)):
                actor = "key:ABCDEFGH" if number % 2 else "li"
                note_change(session, Subject.STATION, Happening.ADDED, str(number), area, actor=actor, now=NOW)
    page = read(reference_engine, COUNTY, limit=4, samples=False)
    assert ([one.code for one in page.changes], page.more) == (["0", "1", "2", "3"], True)
    rest = read(reference_engine, COUNTY, page.next, limit=4, samples=False)
    assert ([one.code for one in rest.changes], rest.more, rest.next) == (["4"], False, 15)
    assert len(read(reference_engine, COUNTY).changes) == 10
    assert [one.code for one in read(reference_engine, COUNTY, not_by="ABCDEFGH", samples=False).changes] == [
        "0",
        "2",
        "4",
    ]
    assert read(reference_engine, kinds=["centre.added"]).changes == ()
    assert read(reference_engine, since=15).next == 15


def test_a_cursor_that_is_too_old_is_told(reference_engine: Engine) -> None:
    note(reference_engine, "A")
    assert forget_old_changes(reference_engine, NOW + kept_for("change")) == 0
    with transaction(reference_engine) as session:
        later = NOW + timedelta(days=1)
        note_change(session, Subject.STATION, Happening.CHANGED, "B", IN_KUNSHAN, actor="x", now=later)
    assert forget_old_changes(reference_engine, later + kept_for("change")) == 1
    with pytest.raises(TooOld):
        read(reference_engine, since=0)
    assert [one.code for one in read(reference_engine, since=1).changes] == ["B"]
    assert [one.code for one in read(reference_engine).changes] == ["B"]
    assert forget_old_changes(reference_engine, later + kept_for("change") * 2) == 1
    assert read(reference_engine, since=2).next == 2
    with reading(reference_engine) as session:
        assert last_position(session) == 2


@pytest.mark.parametrize("text", ["", "0", "MTox!", "MTo", "ö" * 8, "x" * 500, "MTotMQ", "Mjox", "MToxeA", "\0\0\0\0"])
def test_what_is_no_cursor_is_told(text: str) -> None:
    with pytest.raises(InvalidInput, match="is no cursor"):
        read_cursor("since", text)


@pytest.mark.parametrize("position", [0, 1, 99, 123_456_789])
def test_a_cursor_is_read_as_written(position: int) -> None:
    assert read_cursor("since", write_cursor(position)) == position
