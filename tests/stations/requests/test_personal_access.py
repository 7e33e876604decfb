"""Who of the offices opens a request's personal data stands in the audit log, once a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError

from stations.audit.log import AuditEntry
from stations.audit.proof import verify_audit
from stations.audit.vocabulary import AuditAction
from stations.audit_search.words import action_word
from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.language import Language
from stations.requests import personal_access
from stations.requests.attached_file import check_file
from stations.requests.attachments import attach
from stations.requests.personal_access import note_file_opened, note_request_opened
from stations.requests.states import Party
from tests.conftest import NOW
from tests.stations.file_samples import PDF
from tests.stations.request_factories import actor_with, file_one, steward_of

TO_MIDNIGHT = timedelta(hours=23)  # later than midnight in China, whatever the hour of NOW

ACCESS = (AuditAction.OPEN_PERSONAL_DATA, AuditAction.OPEN_FILE)


def noted(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action.in_(ACCESS)).order_by(AuditEntry.id)
        ).all()
        assert verify_audit(session).fault is None
        return [(one.actor, one.action, one.detail.get("attachment", "")) for one in entries]


def test_each_person_is_noted_once_a_day_for_each_request_and_file(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)
        files = [
            attach(session, request, check_file(f"{n}.pdf", PDF + bytes([n])), party=Party.FIRM, actor="firm", now=NOW)
            for n in range(2)
        ]
        steward = steward_of(request.station)
        county = replace(actor_with(Role.COUNTY, AreaKind.COUNTY, "320583"), username="county")
    for when in (NOW, NOW + timedelta(minutes=5), NOW + TO_MIDNIGHT):
        assert note_request_opened(reference_engine, steward, request, when)
        for file in (*files, files[0]):
            note_file_opened(reference_engine, steward, file, when)
    assert note_request_opened(reference_engine, county, request, NOW)
    of_a_day = [
        (steward.username, "open_personal_data", ""),
        *((steward.username, "open_file", file.code) for file in files),
    ]
    assert noted(reference_engine) == [*of_a_day, *of_a_day, (county.username, "open_personal_data", "")]
    for language in (Language("zh_CN"), Language("en")):
        for access in ACCESS:
            assert action_word(language, access.value) not in {"", access.value}


@pytest.mark.one_database
def test_what_is_masked_invented_or_erased_is_not_noted(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        request, sample = file_one(session), file_one(session, sample=True)
    auditor = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")
    assert not note_request_opened(reference_engine, auditor, request, NOW), "masked for an auditor"
    assert note_request_opened(reference_engine, steward_of(sample.station, sample=True), sample, NOW)
    request.erased_at = NOW
    assert note_request_opened(reference_engine, steward_of(request.station), request, NOW)
    assert noted(reference_engine) == []


@pytest.mark.one_database
def test_what_can_not_be_noted_is_not_shown_in_clear(
    reference_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(reference_engine) as session:
        request = file_one(session)

    def refuse(*_given: object, **_named: object) -> None:
        raise OperationalError("INSERT", {}, Exception("read-only"))

    monkeypatch.setattr(personal_access.log, "record", refuse)
    monkeypatch.setattr(personal_access, "can_still_be_read", lambda _error: True)
    assert not note_request_opened(reference_engine, steward_of(request.station), request, NOW)
    monkeypatch.setattr(personal_access, "can_still_be_read", lambda _error: False)
    with pytest.raises(OperationalError):  # another fault is told, with a reference
        note_request_opened(reference_engine, steward_of(request.station), request, NOW)
