from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import reading, transaction
from stations.registry.station import Station
from stations.revision import current_revision, move_revision
from tests.conftest import NOW
from tests.stations.factories import add_station


def revision(engine: Engine) -> int:
    with reading(engine) as session:
        return current_revision(session)


def test_the_number_moves_once_with_each_change_that_pages_show(reference_engine: Engine) -> None:
    before = revision(reference_engine)
    with transaction(reference_engine) as session:
        add_station(session, "320583")
        add_station(session, "320581")
    assert revision(reference_engine) == before + 1
    with transaction(reference_engine) as session:
        session.scalar(sa.select(Station)).phone = "1"
    assert revision(reference_engine) == before + 2


def test_the_number_stands_still_for_reading_for_the_audit_log_and_for_what_is_rolled_back(
    reference_engine: Engine,
) -> None:
    before = revision(reference_engine)
    with transaction(reference_engine) as session:
        log.record(session, at=NOW, actor="a", action=AuditAction.SIGN_IN, subject_kind=AuditSubject.USER, subject="d")
    with pytest.raises(RuntimeError), transaction(reference_engine) as session:
        add_station(session, "320583")
        raise RuntimeError
    assert revision(reference_engine) == before


def test_a_session_with_one_snapshot_keeps_its_revision_until_it_ends(reference_engine: Engine) -> None:
    before = revision(reference_engine)
    with reading(reference_engine) as session:
        assert current_revision(session) == before
        with transaction(reference_engine) as other:
            move_revision(other)
        assert current_revision(session) == before
        session.rollback()
        assert current_revision(session) == before + 1


def test_after_a_savepoint_is_rolled_back_further_changes_move_the_revision(reference_engine: Engine) -> None:
    before = revision(reference_engine)
    with transaction(reference_engine) as session:
        with pytest.raises(RuntimeError), session.begin_nested():
            add_station(session, "320583")
            session.flush()
            raise RuntimeError
        add_station(session, "320583")
    assert revision(reference_engine) > before
