"""The registry for its editors: the records of a person's area, each with its status and when it was changed last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stations.answers.columns import Column, Columns
from stations.keeping.listing import Listed
from stations.language import N_, Bilingual, Language, day_in_china
from stations.registry.centre import Centre
from stations.registry.record_kind import RecordKind
from stations.registry.record_score import score_of
from stations.registry.record_state import FIELD_NAMES, PERSONAL_FIELDS
from stations.registry.station import Station
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


def _of_station(one: Listed, field: str) -> str | None:
    return getattr(one.record, field) if isinstance(one.record, Station) else None


def _score(one: Listed) -> int | None:
    return score_of(one.record).points if isinstance(one.record, Station) else None


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
    Column("address", lambda one: one.record.address, FIELD_NAMES["address"]),
    Column("brand", lambda one: _of_station(one, "brand"), FIELD_NAMES["brand"]),
    Column("host", lambda one: one.record.host, FIELD_NAMES["host"]),
    Column("hours", lambda one: _of_station(one, "hours"), FIELD_NAMES["hours"]),
    Column("phone", lambda one: _of_station(one, "phone"), FIELD_NAMES["phone"]),
    Column("services", lambda one: len(one.record.offers) if isinstance(one.record, Station) else None, N_("Services")),
    Column("chains", lambda one: len(one.record.chains), FIELD_NAMES["chains"]),
    Column("score", _score, N_("Completeness score")),
    Column("confirmed_on", lambda one: one.confirmation and one.confirmation.last, N_("Confirmed on")),
    Column("confirm_by", lambda one: one.confirmation and one.confirmation.due_on, N_("To be confirmed by")),
    Column("level", lambda one: one.record.level if isinstance(one.record, Centre) else None, FIELD_NAMES["level"]),
    Column("kind", lambda one: one.record.kind if isinstance(one.record, Centre) else None, FIELD_NAMES["kind"]),
    Column("source", lambda one: one.record.source, FIELD_NAMES["source"]),
    Column("version", lambda one: one.record.version, N_("Version")),
    Column("changed_on", lambda one: day_in_china(one.record.updated_at), N_("Last changed")),
)
ALWAYS = ("code", "name", "sample", "unread")
"""The columns of every table of records: which record it is, and what is to be put right in it."""
CHOOSABLE: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.STATION: (
        *("county", "status", "score", "confirmed_on", "confirm_by", "hours", "phone", "address", "brand", "host"),
        *("services", "chains", "source", "version", "changed_on"),
    ),
    RecordKind.CENTRE: (
        *("county", "status", "level", "kind", "address", "host", "chains", "source", "version", "changed_on"),
    ),
}
"""The columns that a person can choose, in the order in which they are shown."""
USUAL: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.STATION: ("county", "status", "score", "confirmed_on", "changed_on"),
    RecordKind.CENTRE: ("county", "status", "level", "kind", "changed_on"),
}
"""Those shown where nobody has chosen."""


def chosen_columns(kind: RecordKind, chosen: Sequence[str]) -> Sequence[Column[Listed]]:
    """Return the columns of the table of records: those chosen, unknown names left out; the usual ones for none."""
    wanted = [name for name in CHOOSABLE[kind] if name in chosen] or USUAL[kind]
    return LISTED.take(*ALWAYS, *(("city",) if "county" in wanted else ()), *wanted)
