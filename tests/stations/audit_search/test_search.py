"""Searching the audit log, and who may do it."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

import stations
from stations.accounts.accounts import new_user
from stations.audit.log import record
from stations.audit.vocabulary import AuditAction, AuditSubject, LoggedAction, SystemActor, detail_words
from stations.audit_search.search import AuditQuestion, ReadableEntry, list_actions, search_as_operator, search_audit
from stations.audit_search.words import action_word, actor_word, detail_in_words, subject_word
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.errors import InvalidInput, NotAllowed
from stations.keeping.proposal import StepKind
from stations.language import Bilingual, Language
from stations.requests.moves import MoveName
from tests.conftest import NOW
from tests.stations.request_factories import KUNSHAN, actor_with

PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
AUDITOR = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000")
SUZHOU_AUDITOR = actor_with(Role.AUDITOR, AreaKind.CITY, "320500")
SAMPLE_AUDITOR = actor_with(Role.AUDITOR, AreaKind.PROVINCE, "320000", sample=True)


@pytest.fixture
def log(reference_engine: Engine) -> Engine:
    with transaction(reference_engine) as session:
        for username, area, sample in (("li", "320102", False), ("wang", KUNSHAN, False), ("sample-x", KUNSHAN, True)):
            session.add(new_user(username, username, Role.COUNTY, AreaKind.COUNTY, area, sample=sample, now=NOW))
        for number, (actor, action, subject, at) in enumerate(
            [
                ("li", AuditAction.SIGN_IN, "li", datetime(2026, 11, 1, 15, 59, 59, tzinfo=UTC)),
                ("wang", AuditAction.SIGN_IN, "wang", datetime(2026, 11, 1, 16, 0, tzinfo=UTC)),
                ("wang", MoveName.ACCEPT, "Q261101-AAAAAA", datetime(2026, 11, 2, 15, 59, tzinfo=UTC)),
                ("sample-x", MoveName.ACCEPT, "Q261101-BBBBBB", datetime(2026, 11, 2, 16, 0, tzinfo=UTC)),
                ("firm", AuditAction.FILE_REQUEST, "Q261101-CCCCCC", NOW),
            ],
            start=1,
        ):
            record(
                session,
                at=at,
                actor=actor,
                action=action,
                subject_kind=AuditSubject.SERVICE_REQUEST,
                subject=subject,
                note=f"1381234567{number}",
            )
    return reference_engine


def found(engine: Engine, by: Actor | None = PROVINCE, **asked: object) -> list[int]:
    more = {name: asked.pop(name) for name in ("before_id", "limit") if name in asked}
    with reading(engine) as session:
        return [entry.id for entry in search_audit(session, AuditQuestion(**asked), by=by, **more)]


def test_each_filter_and_all_together(log: Engine) -> None:
    assert found(log) == [5, 4, 3, 2, 1]
    assert found(log, actor=" wang ") == [3, 2]
    assert found(log, action="accept") == [4, 3]
    assert found(log, subject="Q261101-CCCCCC") == [5]
    # Days are those of China's time, both ends included.
    assert found(log, since=date(2026, 11, 2), until=date(2026, 11, 2)) == [3, 2]
    assert found(log, until=date(2026, 11, 1)) == [1]
    assert found(log, actor="wang", action="accept", since=date(2026, 11, 2), subject="Q261101-AAAAAA") == [3]
    assert found(log, actor="wang\0") == found(log, actor="wan") == found(log, actor="%") == []
    with pytest.raises(InvalidInput):
        found(log, since=date(2026, 11, 2), until=date(2026, 11, 1))


def test_pages_follow_one_another_without_a_gap(log: Engine) -> None:
    assert found(log, limit=2) == [5, 4]
    assert found(log, limit=2, before_id=4) == [3, 2]
    assert found(log, limit=2, before_id=2) == [1]


def test_who_reads_what(log: Engine) -> None:
    assert found(log, AUDITOR) == [5, 4, 3, 2, 1]
    assert found(log, SUZHOU_AUDITOR) == [4, 3, 2]  # the actions of the people in its area
    assert found(log, SAMPLE_AUDITOR) == [4]  # a sample user, in whose role anybody may sign in
    both = Actor("x", "x", False, (*SUZHOU_AUDITOR.duties, Responsibility(Role.AUDITOR, AreaKind.COUNTY, "320102")))
    assert found(log, both) == [4, 3, 2, 1]
    for refused in (
        None,
        actor_with(Role.CITY, AreaKind.CITY, "320500"),
        actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000"),
    ):
        with pytest.raises(NotAllowed):
            found(log, refused)


def test_personal_data_is_masked_for_who_need_not_see_it(log: Engine) -> None:
    def phone(by: Actor | None) -> str:
        with reading(log) as session:
            question = AuditQuestion(actor="sample-x")
            entries: list[ReadableEntry] = (
                search_audit(session, question, by=by) if by else search_as_operator(session, question)
            )
        return entries[0].detail["note"]

    assert phone(PROVINCE) == "13812345674"
    assert phone(AUDITOR) == phone(SAMPLE_AUDITOR) == phone(None) == "138****5674"


def test_the_actions_of_the_log_are_listed_once_each(log: Engine) -> None:
    with reading(log) as session:
        assert list_actions(session) == ["accept", "file_request", "sign_in"]


# PostgreSQL scans such a small table whole, whatever the index.
@pytest.mark.one_database
def test_the_search_by_action_and_subject_uses_an_index(log: Engine) -> None:
    with log.connect() as connection:
        for condition in ("action = 'x'", "subject = 'x'", "actor = 'x'"):
            plan = connection.execute(
                sa.text(f"EXPLAIN QUERY PLAN SELECT * FROM audit_entry WHERE {condition} ORDER BY id DESC LIMIT 50")
            ).all()
            assert "USING INDEX" in str(plan), condition


def test_whatever_is_recorded_has_words_in_both_languages() -> None:
    chinese, english = Language("zh_CN"), Language("en")
    actions = [*AuditAction, *MoveName]
    assert {action_word(english, one.value) for one in actions}.isdisjoint(AuditAction)
    assert set(LoggedAction.__subclasses__()) == {AuditAction, MoveName}  # further ones must be told of as well
    told = {
        **{one.value: action_word(chinese, one.value) for one in actions},
        **{f"{one} (subject)": subject_word(chinese, one.value) for one in AuditSubject},
        **{f"{one} (actor)": actor_word(chinese, one.value) for one in SystemActor},
        **{f"{key} (detail)": detail_in_words(chinese, {key: ""}) for key in detail_words()},
    }
    assert [key for key, words in told.items() if not re.search("[\u4e00-\u9fff]", words)] == []


def test_every_step_of_a_proposal_is_an_action_of_the_log() -> None:
    assert {f"proposal_{step}" for step in StepKind} <= set(AuditAction)


def test_nobody_acts_under_a_name_that_the_log_has_no_words_for() -> None:
    """An actor in code is an account's user name or a ``SystemActor``, never a name written out on the spot."""
    written = {
        f"{path.name}: {node.arg}={ast.unparse(node.value)}"
        for path in sorted(Path(stations.__file__).parent.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg in {"actor", "by"} and isinstance(node.value, ast.Constant)
    }
    assert {one for one in written if not one.endswith("None")} == set()


def test_entries_are_told_in_the_readers_language() -> None:
    chinese, english = Language("zh_CN"), Language("en")
    assert action_word(chinese, "sign_in") == "登录"
    assert action_word(english, MoveName.ACCEPT) == MoveName.ACCEPT.label
    assert action_word(english, "something_new") == "something_new"
    detail = {"role": "auditor", "area": "320000", "services": ["a", "b"], "after": {"days": 3}, "n": 3}
    assert detail_in_words(chinese, detail) == "角色：审计员；管辖范围：江苏省；服务：a、b；变更后：(天数：3)；n：3"
    told = "role: Auditor; area of duty: Jiangsu; services: a, b; after: (days: 3); n: 3"
    assert detail_in_words(english, detail) == told


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ({"fields": ["name_en", "hours", "county_adcode"]}, "字段：英文名称、服务时间、县（市、区）"),
        ({"fields": "phone, unit, department"}, "字段：联系电话、单位、处室"),
        ({"active": False}, "启用：否"),
        ({"size": 1234567}, "字节数：1,234,567"),
        ({"due_on": "2026-11-24"}, "期限：2026年11月24日"),
        ({"after": {"county": 3, "city": None}}, "变更后：(县（市、区）：3；设区市：—)"),
        ({"after": {"weights": {"satisfaction": 0.25}, "few": 5}}, None),
        ({"before": {"subject": "county"}}, None),
        ({"after": {"subject": "centre", "levels": ["national"], "kinds": ["metrology"], "within": "period"}}, None),
        ({"after": {"use": "message", "title": "甲", "text": "乙", "text_en": "b", "active": True}}, None),
        ({"county": "320583", "services": ["metrology.calibration"]}, "县（市、区）：苏州市昆山市；服务：校准"),
        ({"kind": "station", "status": "suspended", "method": "password", "second_factor": "app_code"}, None),
    ],
)
def test_no_code_and_no_json_is_left_in_the_words(detail: dict[str, object], told: str | None) -> None:
    """A reader sees names of fields, states, areas and services, days and numbers as they are written."""
    words = detail_in_words(Language("zh_CN"), detail, {"metrology.calibration": Bilingual("校准", "Calibration")})
    assert not re.search(r"[a-z_]{3,}|true|false|null|[{}\[\]\"]", words), words
    if told is not None:
        assert words == told


CORRECTED = {"corrected": [{"after": "91320500MA1", "before": "9132O5", "field": "credit_code", "row": 3}]}


@pytest.mark.parametrize(
    ("detail", "chinese", "english"),
    [
        (
            CORRECTED,
            "已改正的单元格：行：3；字段：统一社会信用代码；变更前：9132O5；变更后：91320500MA1",
            "cells put right: row: 3; field: Unified social credit code; before: 9132O5; after: 91320500MA1",
        ),
        ({"fields": ["phone", "chains"]}, "字段：联系电话、服务产业链", "fields: Telephone, Industrial chains"),
        ({"fields": {"phone": ["", "1"]}}, "字段：联系电话：– → 1", "fields: Telephone: – → 1"),
        ({"fields": ["本单位的列"]}, "字段：本单位的列", "fields: 本单位的列"),
        ({"after": "b", "before": "a"}, "变更前：a；变更后：b", "before: a; after: b"),
    ],
)
def test_fields_are_named_and_what_was_stands_before_what_is(
    detail: dict[str, object], chinese: str, english: str
) -> None:
    assert detail_in_words(Language("zh_CN"), detail) == chinese
    assert detail_in_words(Language("en"), detail) == english
