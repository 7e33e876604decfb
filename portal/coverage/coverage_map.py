"""Coverage of the counties, as a map and as text."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import Tone, link, page_url, sample_tag, tag
from portal.language import _, current, pick
from portal.maps.county_map import Fill, county_map
from portal.maps.legend import LegendEntry
from portal.maps.open_county import open_county_at
from portal.theme import COVERAGE_AREAS
from stations.coverage.county_coverage import CountyCoverage, Coverage, CoverageStatus
from stations.language import Language, label
from stations.registry.registry_snapshot import registry_snapshot

COVERAGE_TONES: dict[CoverageStatus, Tone] = {
    CoverageStatus.FULLY_SERVED: "good",
    CoverageStatus.THIN: "",
    CoverageStatus.UNCOVERED: "warn",
}


def draw_coverage_map(coverage: Coverage, *, key: str, height: int = 600) -> None:
    """Draw every county by its status; a click opens the county's page."""
    counts = {status: sum(row.status is status for row in coverage.counties) for status in CoverageStatus}
    click = county_map(
        {row.county.adcode: _fill(row) for row in coverage.counties},
        key=key,
        title=_("Coverage of the counties"),  # without the date: a new title would recreate the map
        asked=(current().format_date(coverage.as_of),),
        legend=[
            LegendEntry(COVERAGE_AREAS[status], f"{label(current(), status)} {counts[status]}")
            for status in reversed(CoverageStatus)
        ],
        height=height,
    )
    if click:
        open_county_at(click.lon, click.lat)


def _fill(row: CountyCoverage) -> Fill:
    spoken = current()
    name = spoken.pick(row.county.name, row.county.name_en)
    return Fill(COVERAGE_AREAS[row.status], name, _told(spoken, row.status, row.stations))


@lru_cache(maxsize=2_000)
def _told(spoken: Language, status: CoverageStatus, stations: int) -> str:
    told = spoken.ngettext("{count} active station", "{count} active stations", stations)
    return spoken.translate("{status}, {stations}", status=label(spoken, status), stations=told)


def county_link(row: CountyCoverage) -> Markup:
    """Return the county's name, linked to its page."""
    return link(page_url("county", adcode=row.county.adcode), pick(row.county.name, row.county.name_en))


def status_tags(row: CountyCoverage) -> Markup:
    """Return the county's status as a tag, marked if it rests on sample stations alone."""
    status = tag(label(current(), row.status), COVERAGE_TONES[row.status])
    return Markup("{} {}").format(status, sample_tag() if only_samples(row) else "")


def only_samples(row: CountyCoverage) -> bool:
    """Whether the county is covered by sample stations alone."""
    return row.covered and row.stations == row.sample_stations


def element_names(session: Session) -> dict[str, str]:
    """Return the names of the four elements by the code of their group, in catalogue order."""
    return {element.code: pick(*element.name) for element in registry_snapshot(session).elements}


def elements_in_words(offered: Collection[str], names: Mapping[str, str]) -> Markup:
    """Return the names of the four elements; those not offered are struck out."""
    return Markup(" ").join(
        Markup("<span>{}</span>").format(name)
        if code in offered
        else Markup('<s title="{}">{}</s>').format(_("not offered"), name)
        for code, name in names.items()
    )
