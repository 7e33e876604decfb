"""One industrial chain on a date: who serves it, and the history of its entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.accounts.accounts import names_of_people
from stations.answers.chains import CHAINS, ServedChain, served_chain, who_serves
from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, sample_note
from stations.answers.registers import CENTRES, CentreToday
from stations.audit.log import AuditEntry, entries_about
from stations.audit.vocabulary import AuditSubject
from stations.catalogue.chain import get_chain
from stations.chains.chain_counties import ChainCounty, chain_counties
from stations.chains.chain_coverage import Cell, ChainCoverage, chain_coverage
from stations.chains.chain_keeping import change_in_words
from stations.language import N_, Bilingual, Language
from stations.places.counties import list_counties
from stations.registry.centre import Centre, Stage
from stations.registry.dated_stage import latest
from stations.registry.station import Station

OFF_THE_LIST = N_("This chain is not on the list on the date shown.")
BY_COUNTY = N_(
    "By county as far as the records say: where a centre or station is known to its city only, no county of the city "
    "is said to be without one."
)


@dataclass(frozen=True)
class ChainEntry:
    """A change of a chain's entry. ``who``: the name of who made it; the user name, if no account has it any more."""

    entry: AuditEntry
    who: str


@dataclass(frozen=True)
class ChainReport:
    """A chain on a date. ``listed``: whether it is on the list that day; if not, nobody is said to serve it, and no
    city or county to lack it. ``coverage``: of all chains. ``counties``: every county with who serves it there.
    ``entries``: the changes of its entry, latest first.
    """

    served: ServedChain
    coverage: ChainCoverage
    listed: bool
    counties: tuple[ChainCounty, ...]
    entries: tuple[ChainEntry, ...]

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
    counties = chain_counties(coverage, code, list_counties(session)) if listed else ()
    entries = entries_about(session, AuditSubject.CHAIN, code)
    people = names_of_people(session, [entry.actor for entry in entries])
    history = [ChainEntry(entry, people.get(entry.actor, entry.actor)) for entry in reversed(entries)]
    return ChainReport(served, coverage, listed, tuple(counties), tuple(history))


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


def service_in_county(one: ChainCounty, language: Language) -> str:
    """Return who serves a chain in a county, in words, and who of the city may."""
    told = who_serves(one.cell, language) if one.service is not None else language.translate(N_("not known"))
    if one.by_city_only == Cell():
        return told
    return language.translate(
        N_("{who}; in the city, in which county is not known: {city}"),
        who=told,
        city=who_serves(one.by_city_only, language),
    )


def _codes(cell: Cell) -> dict[str, list[str]]:
    return {
        "centres": [one.code for one in cell.centres],
        "building": [one.code for one in cell.building],
        "stations": [one.code for one in cell.stations],
    }


SERVED_COUNTIES: Columns[ChainCounty] = Columns(
    Column("adcode", lambda one: one.county.adcode, N_("Adcode")),
    Column("county", lambda one: Bilingual(one.county.name, one.county.name_en), N_("County, city or district")),
    Column("city", lambda one: Bilingual(one.county.city.name, one.county.city.name_en), N_("City")),
    Column("service", lambda one: one.service or "unknown"),
    Column("served", lambda one: one, N_("Who serves it"), show=service_in_county, in_data=False),
    Column("known", lambda one: _codes(one.cell)),
    Column("by_city_only", lambda one: _codes(one.by_city_only)),
    Column("samples", lambda one: one.cell.samples, N_("Of them samples")),
)
SERVED_COUNTY_COLUMNS = SERVED_COUNTIES.take("adcode", "county", "city", "served", "samples")
"""The table of the counties, on the page and on the command line."""

CHAIN_BY_COUNTY: Presentation[ChainReport, ChainCounty] = Presentation(
    data=lambda report, _language: {
        "code": report.served.chain.code,
        "as_of": report.coverage.as_of.isoformat(),
        "listed": report.listed,
        "counties": [SERVED_COUNTIES.as_data(one) for one in report.counties],
    },
    rows=lambda report: report.counties,
    columns=lambda _report: SERVED_COUNTY_COLUMNS,
    notes=lambda report, language: [
        "" if report.listed else language.translate(OFF_THE_LIST),
        language.translate(BY_COUNTY),
        sample_note(language, report.served.served.samples),
    ],
)
"""One chain county by county."""

ENTRIES: Columns[ChainEntry] = Columns(
    Column("at", lambda one: one.entry.at, N_("When")),
    Column("actor", lambda one: one.entry.actor),
    Column("who", lambda one: one.who, N_("Who")),
    Column("action", lambda one: one.entry.action),
    Column(
        "change",
        lambda one: one.entry,
        N_("What"),
        show=lambda one, language: change_in_words(language, one),
        in_data=False,
    ),
    Column("before", lambda one: one.entry.detail.get("before")),
    Column("after", lambda one: one.entry.detail.get("after")),
    Column("reason", lambda one: one.entry.detail.get("reason", ""), N_("Reason")),
)
ENTRY_COLUMNS = ENTRIES.take("at", "who", "change", "reason")
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
        "counties": [SERVED_COUNTIES.as_data(one) for one in report.counties],
        "history": [ENTRIES.as_data(one) for one in report.entries],
    }


def _notes(report: ChainReport, language: Language) -> list[str]:
    gaps = [Bilingual(city.name, city.name_en) for city in report.served.gaps]
    told = ""
    if not report.listed:
        told = language.translate(OFF_THE_LIST)
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
