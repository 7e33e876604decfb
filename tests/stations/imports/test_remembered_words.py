"""The words that an office taught, remembered for its next list: who sees and changes them, page and command alike."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from stations.audit.log import entries_about
from stations.database import open_engine, reading, transaction
from stations.duty.roles import Action, Actor, AreaKind, Responsibility, Role
from stations.errors import InvalidInput, NotAllowed
from stations.imports.remembered_words import (
    forget_words,
    mapping_of,
    office_of,
    remember_words,
    remembered_words,
)
from stations.imports.station_words import STATION_WORDS
from stations.imports.vocabulary import Vocabulary
from stations.imports.word_mapping import LEFT_OUT, Origin, TaughtWord, WordKind
from stations.lists.accounts import ACCOUNTS
from stations.registry.record_terms import Terms
from tests.conftest import NOW, Databases
from tests.stations.commands.test_command_line import run
from tests.stations.imports.import_files.make import text
from tests.stations.registry_factories import CITY, COUNTY, PROVINCE

INVENTED = Actor("yan", "演示", True, PROVINCE.duties)
VERIFICATION = TaughtWord(WordKind.SERVICE, "量具一条龙", ("metrology.compulsory_verification",), Origin.NOW)
CASE = TaughtWord(WordKind.HEADING, "科室", LEFT_OUT, Origin.NOW)


def taught(
    engine: Engine, actor: Actor | None, area: str, *words: TaughtWord, of: Vocabulary = STATION_WORDS
) -> None:
    with transaction(engine) as session:
        remember_words(session, actor, area, words, of, Terms.load(session), now=NOW)


def known(
    engine: Engine, actor: Actor | None, area: str = "320000", of: Vocabulary = STATION_WORDS
) -> list[tuple[str, tuple]]:
    with reading(engine) as session:
        found = remembered_words(session, actor, area, of, Terms.load(session))
    assert all(one.word.origin is Origin.REMEMBERED for one in found)
    return [(one.word.written, one.word.means) for one in found]


def test_an_office_learns_relearns_and_forgets(reference_engine: Engine) -> None:
    taught(reference_engine, PROVINCE, "320000", VERIFICATION, CASE)
    assert known(reference_engine, PROVINCE) == [
        ("科室", ()),
        ("量具一条龙", ("metrology.compulsory_verification",)),
    ]
    other = TaughtWord(WordKind.SERVICE, "量具 一条龙", ("metrology.calibration", "testing"))
    taught(reference_engine, PROVINCE, "320000", other)
    assert known(reference_engine, PROVINCE)[1] == ("量具 一条龙", other.means)
    with transaction(reference_engine) as session:
        forget_words(session, PROVINCE, "320000", {CASE.key}, STATION_WORDS, Terms.load(session), now=NOW)
    assert len(known(reference_engine, PROVINCE)) == 1
    with reading(reference_engine) as session:
        entries = entries_about(session, "office_words", "320000")
    assert [entry.action for entry in entries] == ["remember_words", "remember_words", "forget_words"]
    assert entries[-1].detail == {"list": "stations", "words": [{"word": "科室", "means": ""}]}


@pytest.mark.one_database
@pytest.mark.parametrize("actor", [None, CITY, COUNTY])
def test_who_may_not_import_for_an_office_neither_sees_nor_changes_its_words(
    reference_engine: Engine, actor: Actor | None
) -> None:
    acts: list[Callable[[], object]] = [
        lambda: known(reference_engine, actor),
        lambda: taught(reference_engine, actor, "320000", CASE),
        lambda: office_of(actor, Action.IMPORT_STATIONS),
    ]
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.one_database
def test_each_office_has_its_own_words(reference_engine: Engine) -> None:
    """Of the lists of accounts, which cities and counties import too."""
    steward = TaughtWord(WordKind.ROLE, "驻点人", ("station",), Origin.NOW)
    of = ACCOUNTS.vocabulary
    for actor, area in ((CITY, "320500"), (COUNTY, "320583")):
        assert office_of(actor, of.action) == area
        taught(reference_engine, actor, area, steward, of=of)
        assert known(reference_engine, actor, area, of)
    assert known(reference_engine, PROVINCE, of=of) == []
    assert known(reference_engine, PROVINCE, "320583", of) != []  # the province sees every office's words
    assert known(reference_engine, PROVINCE, "320583") == []  # lists of stations have words of their own
    for actor, area in ((CITY, "320583"), (COUNTY, "320500"), (CITY, "320000")):
        with pytest.raises(NotAllowed):
            known(reference_engine, actor, area, of)


@pytest.mark.one_database
def test_an_invented_person_teaches_invented_persons_only(reference_engine: Engine) -> None:
    taught(reference_engine, INVENTED, "320000", VERIFICATION)
    assert known(reference_engine, INVENTED) and not known(reference_engine, PROVINCE)


@pytest.mark.one_database
def test_the_widest_duty_says_the_office() -> None:
    duties = (Responsibility(Role.COUNTY, AreaKind.COUNTY, "320583"), *PROVINCE.duties)
    assert office_of(Actor("wu", "吴", False, duties), Action.IMPORT_STATIONS) == "320000"


@pytest.mark.one_database
def test_a_meaning_that_is_not_on_file_is_refused_and_one_that_went_is_not_applied(reference_engine: Engine) -> None:
    gone = TaughtWord(WordKind.SERVICE, "潜水", ("diving",))
    with pytest.raises(InvalidInput):
        taught(reference_engine, PROVINCE, "320000", gone)
    with pytest.raises(InvalidInput):
        taught(reference_engine, PROVINCE, "110000", CASE)
    taught(reference_engine, PROVINCE, "320000", VERIFICATION, CASE)
    with reading(reference_engine) as session:
        terms = Terms.load(session)
        del terms.services["metrology.compulsory_verification"]
        words = remembered_words(session, PROVINCE, "320000", STATION_WORDS, terms)
    assert [one.holds for one in words] == [True, False]
    assert [word.written for word in mapping_of(words).words] == ["科室"]


@pytest.mark.one_database
def test_the_command_remembers_uses_and_exports_them(databases: Databases, reference_url: str, tmp_path: Path) -> None:
    url = databases.new(like=reference_url)
    rows = [("站点名称", "片区", "详细地址", "服务项目"), ("示例质量小站", "昆山市", "示例路1号", "量具一条龙")]
    words = [("种类", "名单用语", "对应"), ("表头", "片区", "县(市、区)"), ("服务", "量具一条龙", "强制检定")]
    for name, content in (("list.csv", rows), ("words.csv", words)):
        (tmp_path / name).write_bytes(text(content))
    first = ("import", "stations", str(tmp_path / "list.csv"), "--format", "json", "--lang", "en")
    dry = json.loads(run(url, *first, "--dry-run", "--remembered", "江苏").stdout)
    assert dry["new"] == 0 and [one["word"] for one in dry["list"]["unknown_words"]] == ["量具一条龙", "片区"]
    told = run(url, *first, "--remember", "320000")
    assert told.returncode != 0 and "--mapping" in told.stderr
    taught_by = ("--mapping", str(tmp_path / "words.csv"), "--remember", "江苏省")
    run(url, *first, "--dry-run", *taught_by)  # writes nothing
    assert json.loads(run(url, "export", "words", "--format", "json").stdout) == []
    run(url, *first, *taught_by)
    saved = run(url, "export", "words", "--format", "csv", "--area", "320000").stdout
    (tmp_path / "saved.csv").write_text(saved, encoding="utf-8")
    assert "量具一条龙" in saved
    for options in (("--remembered", "320000"), ("--mapping", str(tmp_path / "saved.csv"))):
        answer = json.loads(run(url, *first, "--dry-run", *options).stdout)
        assert (answer["unchanged"], answer["list"]["unknown_words"]) == (1, [])
        assert {one["word"] for one in answer["list"]["taught_words"]} == {"片区", "量具一条龙"}
    with reading(open_engine(url)) as session:
        assert entries_about(session, "office_words", "320000")[0].actor == "command line"


def test_two_who_teach_one_word_at_the_same_moment_both_succeed(reference_engine: Engine) -> None:
    other = TaughtWord(WordKind.SERVICE, VERIFICATION.written, ("testing",), Origin.NOW)
    ready, failed = threading.Barrier(2), []

    def teach(*words: TaughtWord) -> None:
        try:
            with transaction(reference_engine) as session:
                terms = Terms.load(session)
                if reference_engine.dialect.name == "postgresql":  # SQLite lets in one writer at a time
                    ready.wait(timeout=10)
                remember_words(session, PROVINCE, "320000", words, STATION_WORDS, terms, now=NOW)
        except Exception as problem:  # told by the assertion below
            failed.append(problem)

    threads = [threading.Thread(target=teach, args=words) for words in ((VERIFICATION, CASE), (CASE, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failed == []
    words = dict(known(reference_engine, PROVINCE))
    assert words[CASE.written] == () and words[VERIFICATION.written] in (VERIFICATION.means, other.means)


@pytest.mark.one_database
def test_a_word_learned_in_this_session_is_seen_in_it_with_its_new_meaning(reference_engine: Engine) -> None:
    other = TaughtWord(WordKind.SERVICE, VERIFICATION.written, ("testing",), Origin.NOW)
    with transaction(reference_engine) as session:
        terms = Terms.load(session)
        for word in (VERIFICATION, other):
            remember_words(session, PROVINCE, "320000", [word], STATION_WORDS, terms, now=NOW)
            (found,) = remembered_words(session, PROVINCE, "320000", STATION_WORDS, terms)
            assert found.word.means == word.means
