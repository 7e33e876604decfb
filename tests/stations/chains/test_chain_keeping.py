"""The list of chains, which the province maintains with a history, and who serves a chain, which those responsible
enter.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.audit.log import entries_about
from stations.catalogue.chain import ChainTier, get_chain, list_chains, listed_numbers, lists_on_file
from stations.chains.chain_keeping import (
    ChainDraft,
    Server,
    add_chain,
    change_chain,
    change_in_words,
    link_chain,
    restore_chain,
    retire_chain,
    unlink_chain,
)
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.errors import Conflict, InvalidForm, InvalidInput, NotAllowed, NotFound
from stations.language import Language
from stations.registry.centre import get_centre
from stations.registry.station import get_station
from stations.revision import current_revision
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station


def actor(role: Role, kind: AreaKind, code: str, *, sample: bool = False) -> Actor:
    return Actor("li", "李某", sample, (Responsibility(role, kind, code),))


PROVINCE = actor(Role.PROVINCE, AreaKind.PROVINCE, "320000")
SUZHOU = actor(Role.CITY, AreaKind.CITY, "320500")
STEWARD = actor(Role.STATION, AreaKind.STATION, "S-1")
DRAFT = ChainDraft("动力电池", "Traction batteries", None, "测试来源")


def test_a_chain_comes_onto_the_list_with_its_source(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        assert add_chain(session, PROVINCE, DRAFT, now=NOW).code == "traction_batteries"
        assert add_chain(session, PROVINCE, ChainDraft("船舶海工", "", ChainTier.KEY, "来源"), now=NOW).code == (
            "chuan_bo_hai_gong"
        )
        with pytest.raises(Conflict, match="动力电池"):
            add_chain(session, PROVINCE, DRAFT, now=NOW)
    with reading(reference_engine) as session:
        (entry,) = entries_about(session, "chain", "traction_batteries")
        assert entry.detail["after"] == {
            "name_zh": "动力电池",
            "name_en": "Traction batteries",
            "tier": None,
            "source": "测试来源",
        }
        on_file = {one.tier: (one.on_file, one.listed) for one in lists_on_file(list_chains(session))}
        assert on_file == {ChainTier.KEY: (3, 50), ChainTier.STRONG: (0, 30), ChainTier.OUTSTANDING: (10, 10)}


def test_every_wrong_field_is_named(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session, pytest.raises(InvalidForm) as told:
        add_chain(session, PROVINCE, ChainDraft(" ", "x" * 121, None, ""), now=NOW)
    assert [problem.field for problem in told.value.problems] == ["name_zh", "name_en", "source"]


def test_a_list_holds_no_more_than_the_policy_says(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        for number in range(listed_numbers()[ChainTier.STRONG]):
            add_chain(session, PROVINCE, ChainDraft(f"链{number}", "", ChainTier.STRONG, "来源"), now=NOW)
        with pytest.raises(InvalidForm, match="This list is full"):
            add_chain(session, PROVINCE, replace(DRAFT, tier=ChainTier.STRONG), now=NOW)


def test_renaming_and_listing_keep_what_was_before(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        before = get_chain(session, "nano_materials")
        draft = ChainDraft("纳米材料", before.name_en, ChainTier.KEY, before.source)
        change_chain(session, PROVINCE, "nano_materials", draft, reason="省工信厅名单", version=1, now=NOW)
        with pytest.raises(Conflict):
            change_chain(session, PROVINCE, "nano_materials", DRAFT, reason="x", version=1, now=NOW)
        with pytest.raises(InvalidInput, match="Nothing is changed"):
            change_chain(session, PROVINCE, "nano_materials", draft, reason="x", version=2, now=NOW)
        with pytest.raises(InvalidInput) as told:
            change_chain(session, PROVINCE, "nano_materials", DRAFT, reason="", version=2, now=NOW)
        assert told.value.field == "reason"
    with reading(reference_engine) as session:
        (entry,) = entries_about(session, "chain", "nano_materials")
        assert change_in_words(Language("en"), entry) == (
            "Changed: name in Chinese “纳米新材料” → “纳米材料”; list “–” → “key”"
        )
        assert entry.detail["reason"] == "省工信厅名单"


def test_a_retired_chain_leaves_the_list_from_that_day_on_and_can_come_back(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        retire_chain(session, PROVINCE, "nano_materials", reason="合并", version=1, now=NOW)
        with pytest.raises(Conflict, match="off the list already"):
            retire_chain(session, PROVINCE, "nano_materials", reason="合并", version=2, now=NOW)
        with pytest.raises(Conflict, match="no longer on the list"):
            link_chain(session, PROVINCE, "nano_materials", Server.CENTRE, "C-001", now=NOW)
        chain = get_chain(session, "nano_materials")
        assert chain.listed_on(TODAY.replace(day=1)) and not chain.listed_on(TODAY)
        assert chain not in list_chains(session, TODAY) and chain in list_chains(session)
        restore_chain(session, PROVINCE, "nano_materials", reason="恢复", version=2, now=NOW)
        assert chain in list_chains(session, TODAY)
    with reading(reference_engine) as session:
        actions = [entry.action for entry in entries_about(session, "chain", "nano_materials")]
        assert actions == ["retire_chain", "restore_chain"]


@pytest.mark.parametrize("who", [None, SUZHOU, STEWARD, replace(PROVINCE, sample=True)])
def test_only_the_province_keeps_the_list(reference_engine: Engine, who: Actor | None) -> None:
    with transaction(reference_engine) as session:
        for act in (
            lambda: add_chain(session, who, DRAFT, now=NOW),
            lambda: change_chain(session, who, "nano_materials", DRAFT, reason="x", version=1, now=NOW),
            lambda: retire_chain(session, who, "nano_materials", reason="x", version=1, now=NOW),
        ):
            with pytest.raises(NotAllowed):
                act()
        assert entries_about(session, "chain", "nano_materials") == []


def link(session: Session, who: Actor | None, code: str, server: Server = Server.CENTRE) -> None:
    link_chain(session, who, "nano_materials", server, code, now=NOW)


def test_who_answers_for_a_record_says_which_chains_it_serves(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        before = current_revision(session)
    with transaction(reference_engine) as session:
        link(session, SUZHOU, "C-002")
        with pytest.raises(NotAllowed):
            link(session, SUZHOU, "C-001")  # in Wuxi
        with pytest.raises(NotAllowed):
            link(session, actor(Role.COUNTY, AreaKind.COUNTY, "320583"), "C-002")  # only its city is known
        with pytest.raises(Conflict):
            link(session, PROVINCE, "C-002")
        with pytest.raises(NotFound):
            link(session, PROVINCE, "C-999")
        centre = get_centre(session, "C-002", samples=False)
        assert [chain.code for chain in centre.chains] == ["nano_materials"] and centre.version == 2
    with reading(reference_engine) as session:
        (entry,) = entries_about(session, "centre", "C-002")
        assert (entry.action, entry.detail) == ("link_chain", {"chain": "nano_materials"})
        assert current_revision(session) == before + 1
    with transaction(reference_engine) as session:
        unlink_chain(session, SUZHOU, "nano_materials", Server.CENTRE, "C-002", now=NOW)
        with pytest.raises(Conflict):
            unlink_chain(session, SUZHOU, "nano_materials", Server.CENTRE, "C-002", now=NOW)
        assert get_centre(session, "C-002", samples=False).chains == []


def test_stations_are_linked_by_their_county_and_samples_by_samples_only(reference_engine: Engine) -> None:
    kunshan = actor(Role.COUNTY, AreaKind.COUNTY, "320583")
    with transaction(reference_engine) as session:
        real, invented = add_station(session, "320583"), add_station(session, "320583", sample=True)
        link(session, kunshan, real.code, Server.STATION)
        link(session, replace(kunshan, sample=True), invented.code, Server.STATION)
        other = add_station(session, "320583")
        with pytest.raises(NotAllowed):
            link(session, replace(kunshan, sample=True), other.code, Server.STATION)
        with pytest.raises(NotAllowed):
            link(session, actor(Role.STATION, AreaKind.STATION, other.code), other.code, Server.STATION)
        assert [chain.code for chain in get_station(session, real.code, samples=False).chains] == ["nano_materials"]
