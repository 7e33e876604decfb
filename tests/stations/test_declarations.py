"""Every table declares whether caches show it and which personal data it contains, and the declarations are true."""

from __future__ import annotations

import inspect
import re
import sys
from pkgutil import resolve_name
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, Table

from stations.database import Base, reading, transaction
from stations.loading.schema import metadata
from stations.personal_data import PersonalData
from stations.registry.station import Station
from stations.requests.reply_templates import ReplyTemplate
from stations.revision import current_revision
from tests.conftest import NOW
from tests.stations.factories import add_station

MODELS = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}
TELL_TALE = re.compile(
    r"(^|_)(actor|author|owner|proposer|contact|phone|email|mobile|address|username|steward|performer"
    r"|browser|client|device|comment|note|text|reason)(_|$)|_by$"
)
# What the public needs to find a place, what an office publishes, and when or where a notice goes.
PUBLIC = {
    "centre.address",
    "institution.address",
    "institution.phone",
    "station.address",
    "station.phone",
    "service.performer_zh",
    "service.performer_en",
    "reply_template.text",
    "reply_template.text_en",
    "county.population_note",
    "routing_rule.reason",
    "instrument_ledger.address_proof",
    "instrument_ledger.address_confirmed_at",
}


def declared(table: Table) -> tuple[bool, PersonalData | None]:
    model = MODELS.get(table.name)
    said: dict[str, Any] = table.info if model is None else vars(model)
    return said["in_caches"], said["personal_data"]


every_table = pytest.mark.parametrize("table", metadata.sorted_tables, ids=lambda table: table.name)


@every_table
def test_a_table_declares_both(table: Table) -> None:
    in_caches, personal = declared(table)
    assert in_caches in (True, False)
    assert personal is None or (personal.columns or personal.written) and personal.kept


@every_table
def test_the_columns_that_look_personal_are_declared(table: Table) -> None:
    personal = declared(table)[1] or PersonalData()
    named = {*personal.columns, *personal.written}
    assert named <= set(table.columns.keys())
    assert not set(personal.columns) & set(personal.written)
    looking = {column.name for column in table.columns if TELL_TALE.search(column.name) and not column.foreign_keys}
    holding = {name for name in looking - named if not isinstance(table.c[name].type, sa.Boolean)}
    assert {f"{table.name}.{name}" for name in holding} <= PUBLIC


@every_table
def test_what_is_said_to_delete_does(table: Table) -> None:
    personal = declared(table)[1] or PersonalData()
    for path in personal.deleted_by:
        function = resolve_name(path)
        assert callable(function)
        source = inspect.getsource(sys.modules[function.__module__])
        assert "session.delete(" in source or f"delete({MODELS[table.name].__name__})" in source
    assert (
        personal.deleted_by
        or personal.blanked_by
        or personal.kept.startswith(("without limit", "as long as its request"))
        or not (personal.columns or personal.written)
    )


def test_only_what_caches_show_moves_the_revision(reference_engine: Engine) -> None:
    def revision() -> int:
        with reading(reference_engine) as session:
            return current_revision(session)

    before = revision()
    with transaction(reference_engine) as session:
        session.scalar(sa.select(ReplyTemplate)).updated_at = NOW
    assert not ReplyTemplate.in_caches and revision() == before
    with transaction(reference_engine) as session:
        add_station(session, "320583")
    assert Station.in_caches and revision() == before + 1
