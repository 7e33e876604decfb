"""The map of what is reached by car within some minutes: isochrones of the stations, over the road data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import streamlit as st
from cachetools import LRUCache, cached
from sqlalchemy.orm import Session

from geo.roads.isochrones import Isochrone, isochrones
from portal.address_choice import draw_choice_of_one
from portal.components import notice, source
from portal.language import _, pick
from portal.maps.areas import Area
from portal.maps.county_map import Marker, county_map
from portal.maps.legend import LegendEntry
from portal.theme import FIGURE_AREAS, MARKERS
from stations.answers.measures import OFF_ROADS
from stations.catalogue.service import get_services
from stations.planning.road_data import road_network
from stations.planning.road_travel import road_travel
from stations.registry.nearest_stations import candidates

MINUTES = (15, 30, 45, 60)
STATION = "from"


def draw_isochrones(session: Session, as_of: date, *, samples: bool, service: str | None) -> None:
    """Draw, where roads are imported, from where a station is reached by car within so many minutes: the nearest of all
    active stations, or the one chosen (``?from=…``). ``service``: only stations that offer it.
    """
    network, travel = road_network(), road_travel()
    if network is None or travel is None:
        return
    st.header(_("Reached by car within so many minutes"))
    wanted = [] if service is None else get_services(session, [service])
    placed = candidates(session, as_of, samples=samples, wanted=wanted)
    stations = placed.columns.stations
    codes = [str(code) for code in stations.code[placed.rows]]
    names = {
        code: pick(stations.name[row], stations.name_en[row]) for code, row in zip(codes, placed.rows, strict=True)
    }
    chosen = draw_choice_of_one(STATION, _("To one station; without a choice, to the nearest of all"), names)
    taken = np.array([chosen is None or code == chosen for code in codes], dtype=bool)
    places = tuple(zip(placed.lons[taken].tolist(), placed.lats[taken].tolist(), strict=True))
    reached = _isochrones(network.facts.mark, places)
    areas = [
        Area(one.area, style)
        for one, style in zip(reversed(reached), FIGURE_AREAS[: len(reached)], strict=True)
        if not one.area.is_empty
    ]
    if not areas:
        notice(_(OFF_ROADS), "warn")
    county_map(
        {},
        key="isochrone_map",
        title=_("Areas from which a station is reached by car within so many minutes"),
        asked=[names[chosen]] if chosen else [],
        legend=[
            *(
                LegendEntry(style, _("{min} minutes or less", min=round(one.minutes)))
                for one, style in zip(reversed(reached), FIGURE_AREAS[: len(reached)], strict=True)
            ),
            LegendEntry(MARKERS["station"], _("Station")),
        ],
        markers=[
            Marker(lon, lat, MARKERS["station"], names[code], sample=bool(stations.sample[row]))
            for code, row, lon, lat, taken_too in zip(
                codes, placed.rows, placed.lons.tolist(), placed.lats.tolist(), taken.tolist(), strict=True
            )
            if taken_too
        ],
        areas=areas,
        height=520,
    )
    source(
        _("No colour: farther, or beyond the road data. Walks of up to half a kilometre from the road are drawn too.")
    )
    source(_(travel.about.message, **travel.about.params))


@cached(LRUCache(32))
def _isochrones(mark: str, places: Sequence[tuple[float, float]]) -> list[Isochrone]:
    """Return the isochrones of the places, the shortest first. ``mark``: of the network in use."""
    network = road_network()
    if network is None or not places:
        return []
    lons, lats = np.array(places).T
    return isochrones(network, lons, lats, MINUTES)
