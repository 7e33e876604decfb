"""The registry for its editors: the records of a person's area, each with its status and when it was changed last."""

from __future__ import annotations

from collections.abc import Mapping

from stations.answers.columns import Column, Columns
from stations.keeping.listing import Listed
from stations.language import N_, Bilingual, Language, day_in_china
from stations.registry.record_state import FIELD_NAMES, PERSONAL_FIELDS
from stations.registry.unread import Unread, unread_of
from stations.registry.unread_names import UNREAD_NAMES


def unread_words(one: Listed) -> tuple[Unread, ...]:
    """Return what was not understood of a record, except of its contact person."""
    return tuple(each for each in unread_of(one.record.unread) if each.field not in PERSONAL_FIELDS)


def _in_words(words: Mapping[str, str], language: Language) -> str:
    return language.semicolon.join(
        language.translate(N_("{name}: {value}"), name=language.translate(UNREAD_NAMES[field]), value=written)
        for field, written in words.items()
    )


LISTED: Columns[Listed] = Columns(
    Column("code", lambda one: one.record.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.record.name, one.record.name_en), N_("Name")),
    Column("sample", lambda one: one.record.sample, N_("Sample")),
    Column("city", lambda one: Bilingual(one.record.city.name, one.record.city.name_en), N_("City")),
    Column(
        "county",
        lambda one: one.record.county and Bilingual(one.record.county.name, one.record.county.name_en),
        N_("County, city or district"),
    ),
    Column("status", lambda one: one.stage, N_("Status")),
    Column("unread", lambda one: dict(unread_words(one)), FIELD_NAMES["unread"], show=_in_words, data=dict),
    Column("version", lambda one: one.record.version, N_("Version")),
    Column("changed_on", lambda one: day_in_china(one.record.updated_at), N_("Last changed")),
)
LISTED_COLUMNS = LISTED.take("code", "name", "sample", "county", "city", "status", "unread", "version", "changed_on")
"""The table of records."""
