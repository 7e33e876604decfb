"""Coverage on a date: of every county, of every city, and of the province."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns, rounded
from stations.answers.presentation import Presentation, sample_note
from stations.coverage.county_coverage import (
    RULE,
    CityCoverage,
    CountyCoverage,
    Coverage,
    active_without_county,
    coverage_on,
)
from stations.language import N_, Bilingual, Language
from stations.places.census import urban_share
from stations.registry.registry_snapshot import registry_snapshot
from stations.registry.station import Station, misplaced_stations


@dataclass(frozen=True)
class CoveredCounty:
    """A county on a date, with the names of the elements of quality infrastructure offered there."""

    coverage: CountyCoverage
    as_of: date
    elements: tuple[Bilingual, ...]


@dataclass(frozen=True)
class CoverageReport:
    """Coverage on a date, with the station records that need correction.

    ``placeless``: active stations whose source does not name their county. ``misplaced``: stations whose coordinates
    lie outside the county that they state.
    """

    coverage: Coverage
    counties: tuple[CoveredCounty, ...]
    placeless: tuple[Station, ...]
    misplaced: tuple[Station, ...]


def covered_counties(session: Session, coverage: Coverage) -> tuple[CoveredCounty, ...]:
    """Return the counties of a coverage with the names of what is offered in each."""
    elements = {one.code: one.name for one in registry_snapshot(session).elements}
    return tuple(
        CoveredCounty(county, coverage.as_of, tuple(elements[code] for code in county.elements))
        for county in coverage.counties
    )


def coverage_report(session: Session, as_of: date, *, samples: bool) -> CoverageReport:
    """Return the coverage of every county on ``as_of``. ``samples``: whether sample stations count."""
    coverage = coverage_on(session, as_of, samples=samples)
    return CoverageReport(
        coverage=coverage,
        counties=covered_counties(session, coverage),
        placeless=tuple(active_without_county(session, as_of, samples=samples)),
        misplaced=tuple(misplaced_stations(session, samples=samples)),
    )


COUNTIES: Columns[CoveredCounty] = Columns(
    Column("adcode", lambda row: row.coverage.county.adcode, N_("Adcode")),
    Column("name", lambda row: Bilingual(row.coverage.county.name, row.coverage.county.name_en), N_("Name")),
    Column("city", lambda row: Bilingual(*_city(row)), N_("City")),
    Column("status", lambda row: row.coverage.status, N_("Status")),
    Column("stations", lambda row: row.coverage.stations, N_("Active stations")),
    Column("sample_stations", lambda row: row.coverage.sample_stations, N_("Of them samples")),
    Column("elements", lambda row: row.coverage.elements),
    Column("element_names", lambda row: row.elements, N_("Elements offered"), in_data=False),
    Column("residents", lambda row: row.coverage.county.population),
    Column("urban_share", lambda row: urban_share(row.coverage.county.adcode), data=rounded(4)),
    Column("residents_source", lambda row: row.coverage.county.population_source),
    Column("area_km2", lambda row: row.coverage.county.area_km2),
    Column("as_of", lambda row: row.as_of, N_("As of"), in_data=False),
)

COUNTY_COLUMNS = COUNTIES.take("adcode", "name", "city", "status", "stations", "sample_stations", "element_names")
"""The table of counties, on the page and on the command line."""

SAVED_COUNTY_COLUMNS = (*COUNTY_COLUMNS, COUNTIES["as_of"])
"""The same table for a file, in which each row has its date."""

CITIES: Columns[CityCoverage] = Columns(
    Column("adcode", lambda city: city.adcode),
    Column("name", lambda city: Bilingual(city.name, city.name_en), N_("City")),
    Column("total", lambda city: city.total, N_("Counties")),
    Column("covered", lambda city: city.covered, N_("Covered")),
    Column("fully_served", lambda city: city.fully_served, N_("Fully served")),
    Column(
        "share_covered",
        lambda city: city.covered / city.total,
        N_("Share covered"),
        show=lambda share, language: language.format_percent(share),
        data=lambda share: round(share, 4),
    ),
)

CITY_COLUMNS = CITIES.take("name", "total", "covered", "fully_served", "share_covered")
"""The table of cities."""


def _city(row: CoveredCounty) -> tuple[str, str]:
    city = row.coverage.county.city
    return city.name, city.name_en


def _data(report: CoverageReport, language: Language) -> dict[str, Any]:
    coverage = report.coverage
    return {
        "as_of": coverage.as_of.isoformat(),
        "rule": language.translate(RULE),
        "total": coverage.total,
        "covered": coverage.covered,
        "fully_served": coverage.fully_served,
        "thin": coverage.covered - coverage.fully_served,
        "uncovered": len(coverage.uncovered),
        "covered_by_samples_only": coverage.covered_by_samples_only,
        "active_stations_without_county": coverage.without_county,
        "cities": [CITIES.as_data(city) for city in coverage.by_city()],
        "counties": [COUNTIES.as_data(row) for row in report.counties],
        "stations_without_county": [station.code for station in report.placeless],
        "misplaced_stations": [
            {"code": one.code, "county": one.county_adcode, "located": one.located_adcode} for one in report.misplaced
        ],
    }


COVERAGE: Presentation[CoverageReport, CoveredCounty] = Presentation(
    data=_data,
    rows=lambda report: report.counties,
    columns=lambda _report: COUNTY_COLUMNS,
    notes=lambda report, language: [sample_note(language, report.coverage.sample_stations)],
)
"""The coverage of the counties on a date."""
