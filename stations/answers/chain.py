"""One industrial chain on a date: who serves it, and the history of its entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.chains import CHAINS, ServedChain, served_chain
from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, sample_note
from stations.answers.registers import CENTRES, CentreToday
from stations.audit.log import AuditEntry, entries_about
from stations.audit.vocabulary import AuditSubject
from stations.catalogue.chain import get_chain
from stations.chains.chain_coverage import Cell, ChainCoverage, chain_coverage
from stations.chains.chain_keeping import change_in_words
from stations.language import N_, Bilingual, Language
from stations.registry.centre import Centre, Stage
from stations.registry.dated_stage import latest
from stations.registry.station import Station


@dataclass(frozen=True)
class ChainReport:
    """A chain on a date. ``listed``: whether it is on the list that day; if not, nobody is said to serve it, and no
    city to lack it. ``coverage``: of all chains. ``entries``: the changes of its entry, latest first.
    """

    served: ServedChain
    coverage: ChainCoverage
    listed: bool
    entries: tuple[AuditEntry, ...]

    @property
    def centres(self) -> list[CentreToday]:
        """The centres that serve it, those being built last."""
        return [
            CentreToday(one, latest(one.history, self.coverage.as_of))
            for one in (*self.served.served.centres, *self.served.served.building)
        ]


def chain_report(session: Session, code: str, as_of: date, *, samples: bool) -> ChainReport:
    """Return one chain on ``as_of``.

    Raises:
        NotFound: there is none with this code.
    """
    chain = get_chain(session, code)
    coverage = chain_coverage(session, as_of, samples=samples)
    listed = chain.listed_on(as_of)
    served = served_chain(coverage, chain) if listed else ServedChain(chain, Cell(), (), ())
    return ChainReport(served, coverage, listed, tuple(reversed(entries_about(session, AuditSubject.CHAIN, code))))


CHAIN_CENTRE_COLUMNS = CENTRES.take("name", "place", "stage")
"""The table of the centres on the page, where the stage is shown with its dates."""

SERVING_STATIONS: Columns[Station] = Columns(
    Column("code", lambda one: one.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.name, one.name_en), N_("Station")),
    Column("city", lambda one: Bilingual(one.city.name, one.city.name_en), N_("City")),
    Column(
        "county",
        lambda one: one.county and Bilingual(one.county.name, one.county.name_en),
        N_("County, city or district"),
    ),
)
CHAIN_STATION_COLUMNS = SERVING_STATIONS.take("name", "city")
"""The table of the stations on the page."""

CHAIN_STATION_FILE_COLUMNS = SERVING_STATIONS.take("code", "name", "city", "county")
"""The table of the stations as a file."""

ENTRIES: Columns[AuditEntry] = Columns(
    Column("at", lambda one: one.at, N_("When")),
    Column("actor", lambda one: one.actor, N_("Who")),
    Column("action", lambda one: one.action),
    Column(
        "change",
        lambda one: one,
        N_("What"),
        show=lambda one, language: change_in_words(language, one),
        in_data=False,
    ),
    Column("before", lambda one: one.detail.get("before")),
    Column("after", lambda one: one.detail.get("after")),
    Column("reason", lambda one: one.detail.get("reason", ""), N_("Reason")),
)
ENTRY_COLUMNS = ENTRIES.take("at", "actor", "change", "reason")
"""The table of the changes of a chain's entry."""


@dataclass(frozen=True)
class Server:
    """A record that serves a chain. ``stage``: the last known one of a centre; None for a station."""

    record: Centre | Station
    stage: Stage | None


def servers(report: ChainReport) -> list[Server]:
    """Return the centres and stations that serve a chain, centres first."""
    return [
        *(Server(one.centre, one.stage.stage if one.stage else None) for one in report.centres),
        *(Server(one, None) for one in report.served.served.stations),
    ]


def _kind(record: Centre | Station, language: Language) -> str:
    return language.translate(N_("Centre") if isinstance(record, Centre) else N_("Station"))


SERVERS: Columns[Server] = Columns(
    Column("kind", lambda one: one.record, N_("Record"), show=_kind, data=lambda record: type(record).__name__.lower()),
    Column("code", lambda one: one.record.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.record.name, one.record.name_en), N_("Name")),
    Column("city", lambda one: Bilingual(one.record.city.name, one.record.city.name_en), N_("City")),
    Column(
        "county",
        lambda one: one.record.county and Bilingual(one.record.county.name, one.record.county.name_en),
        N_("County, city or district"),
    ),
    Column("stage", lambda one: one.stage, N_("Stage known last")),
    Column("sample", lambda one: one.record.sample),
)


def _data(report: ChainReport, _language: Language) -> dict[str, Any]:
    return {
        **CHAINS.as_data(report.served),
        "as_of": report.coverage.as_of.isoformat(),
        "listed": report.listed,
        "retired_on": report.served.chain.retired_on and report.served.chain.retired_on.isoformat(),
        "servers": [SERVERS.as_data(one) for one in servers(report)],
        "history": [ENTRIES.as_data(one) for one in report.entries],
    }


def _notes(report: ChainReport, language: Language) -> list[str]:
    gaps = [Bilingual(city.name, city.name_en) for city in report.served.gaps]
    told = ""
    if not report.listed:
        told = language.translate(N_("This chain is not on the list on the date shown."))
    elif gaps:
        told = language.ngettext(
            "{count} city without a centre or station serving it: {cities}",
            "{count} cities without a centre or station serving it: {cities}",
            len(gaps),
            cities=language.comma.join(language.pick(*one) for one in gaps),
        )
    return [told, sample_note(language, report.served.served.samples)]


CHAIN: Presentation[ChainReport, Server] = Presentation(
    data=_data,
    rows=servers,
    columns=lambda _report: SERVERS.take("kind", "code", "name", "city", "county", "stage"),
    notes=_notes,
)
"""One chain; its table is of the records that serve it."""
