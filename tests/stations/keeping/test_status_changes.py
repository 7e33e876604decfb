"""The dated status of a record: how it changes, and how a wrong history is corrected."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.errors import InvalidForm
from stations.keeping.editing import change_status, correct_history, edit_record
from stations.keeping.record_merge import ChangedMeanwhile
from stations.registry.dated_entries import EntryForm, check_entry
from stations.registry.record_history import ChangeKind, list_changes
from stations.registry.record_kind import RecordKind
from stations.registry.station import Status, get_station, get_status
from tests.conftest import NOW, TODAY
from tests.stations.registry_factories import COLLEAGUE, PROVINCE, added_station, form_of, problems_of

STATION = RecordKind.STATION
LATER = NOW + timedelta(hours=1)


def test_a_status_follows_the_last_one_and_is_never_overwritten(reference_engine: Engine) -> None:
    steps = [
        EntryForm("suspended", dated="2025-02", reason="搬迁"),
        EntryForm("active", dated="2025-05-06"),
        EntryForm("closed", dated="2027-01-31", reason="并入另一站点"),
    ]
    with transaction(reference_engine) as session:
        code = added_station(session).code
        for version, step in enumerate(steps, start=1):
            change_status(session, PROVINCE, STATION, code, step, version=version, now=NOW)
    with reading(reference_engine) as session:
        station = get_station(session, code, samples=True)
        assert [(entry.status, str(entry.dated)) for entry in station.history] == [
            ("active", "2024-03-05"),
            ("suspended", "2025-02"),
            ("active", "2025-05-06"),
            ("closed", "2027-01-31"),
        ]
        assert get_status(session, station, TODAY) is Status.ACTIVE
        assert {change.change for change in list_changes(session, STATION, [code])[:3]} == {ChangeKind.STATUS}


@pytest.mark.parametrize(
    ("step", "field"),
    [
        (EntryForm("active", dated="2025"), "stage"),
        (EntryForm("planned", dated="2025"), "stage"),
        (EntryForm("suspended", dated="2024-02", reason="x"), "dated"),
        (EntryForm("suspended", dated="2025"), "reason"),
        (EntryForm("closed", dated="", reason="x"), "dated"),
    ],
)
def test_a_status_that_can_not_follow_is_refused(reference_engine: Engine, step: EntryForm, field: str) -> None:
    with transaction(reference_engine) as session:
        code = added_station(session).code
    with pytest.raises(InvalidForm) as refused, transaction(reference_engine) as session:
        change_status(session, PROVINCE, STATION, code, step, version=1, now=NOW)
    assert problems_of(refused) == [field]


def test_a_status_is_not_changed_over_somebody_elses_edit(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = added_station(session)
        edit_record(session, COLLEAGUE, STATION, station.code, form_of(station, phone="12345"), version=1, now=NOW)
    with pytest.raises(ChangedMeanwhile) as conflict, transaction(reference_engine) as session:
        closed = EntryForm("closed", dated="2026", reason="x")
        change_status(session, PROVINCE, STATION, station.code, closed, version=1, now=NOW)
    assert [field.field for field in conflict.value.merge.fields] == ["phone"]


def test_a_wrong_history_is_corrected_by_itself_and_what_stood_is_kept(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        code = added_station(session).code
        right = [EntryForm("planned", dated="2023"), EntryForm("active", dated="2024-03-06")]
        correct_history(session, PROVINCE, STATION, code, right, version=1, reason="批复日期写错", now=LATER)
    with reading(reference_engine) as session:
        station = get_station(session, code, samples=True)
        assert [str(entry.dated) for entry in station.history] == ["2023", "2024-03-06"]
        change = list_changes(session, STATION, [code])[0]
        assert (change.change, change.reason) == (ChangeKind.CORRECTED, "批复日期写错")
        assert str(change.fields["history"].before[0].dated) == "2024-03-05"
        assert (
            session.scalar(
                sa.select(AuditEntry.action).where(AuditEntry.subject == code).order_by(AuditEntry.id.desc())
            )
            == "correct_history"
        )


@pytest.mark.parametrize(
    ("entries", "reason", "fields"),
    [
        ([], "x", ["history"]),
        ([EntryForm("active", dated="2024")], "", ["reason"]),
        ([EntryForm("active", dated="2024"), EntryForm("closed", dated="2023", reason="x")], "x", ["history"]),
        ([EntryForm("active", dated="2024"), EntryForm("closed", dated="x")], "x", ["history_2", "history_2"]),
    ],
)
def test_a_correction_is_checked_like_what_it_corrects(
    reference_engine: Engine, entries: list[EntryForm], reason: str, fields: list[str]
) -> None:
    with transaction(reference_engine) as session:
        code = added_station(session).code
    with pytest.raises(InvalidForm) as refused, transaction(reference_engine) as session:
        correct_history(session, PROVINCE, STATION, code, entries, version=1, reason=reason, now=NOW)
    assert problems_of(refused) == fields


def test_everything_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(InvalidForm) as told:
        check_entry(STATION, EntryForm("closed"), TODAY)
    assert [problem.field for problem in told.value.problems] == ["reason", "dated"]
