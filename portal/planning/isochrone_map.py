"""The map of what is reached by car within some minutes: isochrones of the stations, over the road data."""

from __future__ import annotations

from datetime import date

import numpy as np
import streamlit as st
from sqlalchemy.orm import Session

from geo.roads.isochrones import Isochrone, IsochroneTask, read_isochrones
from portal.address_choice import draw_choice_of_one
from portal.components import notice, source
from portal.language import _, pick
from portal.maps.areas import Area
from portal.maps.county_map import Marker, county_map
from portal.maps.legend import LegendEntry
from portal.planning.background_progress import asker, background, follow, tell_of_failure
from portal.theme import FIGURE_AREAS, MARKERS
from stations.answers.measures import OFF_ROADS
from stations.catalogue.service import get_services
from stations.errors import DomainError
from stations.planning.road_travel import road_travel
from stations.registry.nearest_stations import candidates

MINUTES = (15, 30, 45, 60)
STATION = "from"
PATIENCE_S = 1.0
_ENDED = "isochrones_ended"


def draw_isochrones(session: Session, as_of: date, *, samples: bool, service: str | None) -> None:
    """Draw, where roads are imported, from where a station is reached by car within so many minutes: the nearest of all
    active stations, or the one chosen (``?from=…``). ``service``: only stations that offer it.
    """
    travel = road_travel()
    if travel is None:
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
    reached = _isochrones(IsochroneTask(travel.folder, places, MINUTES))
    if reached is None:
        return
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


def _isochrones(task: IsochroneTask) -> list[Isochrone] | None:
    """Return the isochrones, the shortest first; while they are computed, draw how far that is and return None."""
    key = ("isochrones", task)
    name = f"{asker()}:isochrones"
    if st.session_state.get(_ENDED) == key:
        notice(_("No areas were drawn: the computation was cancelled or broke off."), "warn")
        again = _("Compute it after all")
        st.button(again, key="isochrones_again", on_click=lambda: st.session_state.pop(_ENDED, None))
        return None

    def cancel() -> None:
        background().leave(key, name)
        st.session_state[_ENDED] = key

    try:
        job = background().ask(key, task, name)
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
        return None
    if not job.ended.wait(PATIENCE_S):
        follow(job, _("Drawing the areas reached by car…"), cancel, "isochrones")
        return None
    if job.result is None:
        tell_of_failure(job)
        st.session_state[_ENDED] = key
        return None
    return read_isochrones(job.result)
