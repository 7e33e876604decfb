"""One county on a date: its coverage, and the stations and centres recorded in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.counties import COUNTIES, CoveredCounty, covered_counties
from stations.answers.presentation import Presentation, sample_note
from stations.answers.registers import (
    CENTRES,
    COUNTY_STATION_FILE,
    STATIONS,
    CentreToday,
    centres_on,
    stations_on,
)
from stations.coverage.county_coverage import RULE, Coverage, coverage_on
from stations.language import N_, Language, label
from stations.places.counties import get_county
from stations.registry.station import StationToday


@dataclass(frozen=True)
class CountyReport:
    """A county on a date. ``coverage``: that of every county, for its neighbours on a map."""

    county: CoveredCounty
    coverage: Coverage
    stations: Sequence[StationToday]
    centres: Sequence[CentreToday]


def county_report(session: Session, adcode: str, as_of: date, *, samples: bool) -> CountyReport:
    """Return what is recorded in the county on ``as_of``.

    Raises:
        NotFound: no county has this adcode.
    """
    county = get_county(session, adcode)
    coverage = coverage_on(session, as_of, samples=samples)
    (row,) = (one for one in covered_counties(session, coverage) if one.coverage.county.adcode == county.adcode)
    return CountyReport(
        row,
        coverage,
        stations_on(session, as_of, samples=samples, county_adcode=county.adcode),
        centres_on(session, as_of, samples=samples, county_adcode=county.adcode),
    )


def _data(report: CountyReport, language: Language) -> dict[str, Any]:
    return {
        "as_of": report.county.as_of.isoformat(),
        "rule": language.translate(RULE),
        **COUNTIES.as_data(report.county),
        "station_records": [STATIONS.as_data(one) for one in report.stations],
        "centres": [CENTRES.as_data(one) for one in report.centres],
    }


def _notes(report: CountyReport, language: Language) -> list[str]:
    row = report.county.coverage
    samples = sum(one.station.sample for one in report.stations) + sum(one.centre.sample for one in report.centres)
    centres = language.join(language.pick(one.centre.name, one.centre.name_en) for one in report.centres)
    return [
        language.translate(
            N_("{county} on {date}: {status}, active stations: {count}"),
            county=language.pick(row.county.name, row.county.name_en),
            date=language.format_date(report.county.as_of),
            status=label(language, row.status),
            count=row.stations,
        ),
        language.translate(N_("Centres here: {names}"), names=centres) if centres else "",
        sample_note(language, samples),
    ]


COUNTY: Presentation[CountyReport, StationToday] = Presentation(
    data=_data,
    rows=lambda report: report.stations,
    columns=lambda _report: COUNTY_STATION_FILE,
    notes=_notes,
)
"""A county as JSON; as a table its stations, with the rest in notes."""
