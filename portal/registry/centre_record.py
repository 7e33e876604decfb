"""One centre as text and marker: its name, its position as exactly as known, and its stage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from markupsafe import Markup

from portal.components import link, page_url, sample_tag
from portal.language import _, current, pick
from portal.maps.county_map import Marker
from portal.places.county_name import county_name
from portal.registry.dated_history import when_in_words
from portal.theme import MARKERS, MarkerStyle
from stations.language import label
from stations.registry.centre import Centre, CentreKind, CentreLevel, CentreStage, Stage
from stations.registry.dated_stage import latest
from stations.registry.nearest_stations import PlacedBy
from stations.targets.pilot import Pilot, PilotStage

LEVEL_COLOURS: dict[CentreLevel, str] = {
    CentreLevel.NATIONAL: MARKERS["national_centre"].colour,
    CentreLevel.PROVINCIAL: MARKERS["provincial_centre"].colour,
}
KIND_SHAPES: dict[CentreKind, Literal["circle", "square", "diamond"]] = {
    CentreKind.QUALITY_INSPECTION: "square",
    CentreKind.METROLOGY: "circle",
    CentreKind.INDUSTRIAL_METROLOGY: "diamond",
}
STAGE_FILLS: dict[Stage, Literal["full", "half", "hollow", "crossed"]] = {
    Stage.ACCEPTED: "full",
    Stage.UNDER_CONSTRUCTION: "half",
    Stage.APPROVED: "half",
    Stage.PLANNED: "hollow",
    Stage.WITHDRAWN: "crossed",
}


def centre_style(level: CentreLevel, kind: CentreKind, stage: Stage | None) -> MarkerStyle:
    """Return the marker of a centre: colour by level, shape by kind, fill by stage."""
    return MarkerStyle(KIND_SHAPES[kind], LEVEL_COLOURS[level], STAGE_FILLS[stage] if stage else "hollow")


def centre_url(code: str) -> str:
    """Return the address of a centre's page."""
    return page_url("centre", code=code)


def centre_name(centre: Centre) -> Markup:
    """Return a centre's name, linked to its page, with a mark if it is a sample."""
    name = link(centre_url(centre.code), pick(centre.name, centre.name_en))
    return Markup("{} {}").format(name, sample_tag()) if centre.sample else name


def place_name(record: Centre | Pilot) -> str:
    """Return the county and city of a record, or its city if the county is unknown."""
    if record.county:
        return county_name(record.county)
    return _("{city}, county not known", city=pick(record.city.name, record.city.name_en))


def stage_in_words(record: Centre | Pilot, as_of: date) -> str:
    """Return the last known stage on a date, with the date when it was reached."""
    history: Sequence[CentreStage | PilotStage] = record.history
    entry = latest(history, as_of)
    if not history:
        return _("stage not stated by any source")
    if entry is None:
        return _("nothing known by {date}", date=current().format_date(as_of))
    return _("{stage} · {when}", stage=label(current(), entry.stage), when=when_in_words(entry))


def placed_by(centre: Centre) -> PlacedBy:
    """Return how exactly a centre's position is known."""
    if centre.lon is not None:
        return PlacedBy.POINT
    return PlacedBy.COUNTY if centre.county else PlacedBy.CITY


def _position(centre: Centre) -> tuple[float, float] | None:
    if centre.lon is not None and centre.lat is not None:
        return centre.lon, centre.lat
    return (centre.county.lon, centre.county.lat) if centre.county else None


def centre_marker(centre: Centre, as_of: date) -> Marker | None:
    """Return the marker of a centre: at its coordinates, or at an inner point of its county, labelled as such.

    None if only its city is known, because any point would be arbitrary.
    """
    by, position = placed_by(centre), _position(centre)
    if position is None:
        return None
    entry = latest(centre.history, as_of)
    detail: tuple[str, ...] = (label(current(), centre.kind), stage_in_words(centre, as_of), place_name(centre))
    if centre.host:
        detail = (*detail, _("Host: {host}", host=centre.host))
    if centre.chains:
        chains = current().join(pick(chain.name_zh, chain.name_en) for chain in centre.chains)
        detail = (*detail, _("Industrial chains: {chains}", chains=chains))
    if by is PlacedBy.COUNTY:
        detail = (*detail, label(current(), by))
    return Marker(
        *position,
        centre_style(centre.level, centre.kind, entry.stage if entry else None),
        pick(centre.name, centre.name_en),
        detail,
        sample=centre.sample,
        href=centre_url(centre.code),
    )
