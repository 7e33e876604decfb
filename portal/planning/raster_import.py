"""Importing a population raster on the page: it is read in a process of its own, and stored when that has ended."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.population_by_hexagon import PopulationTask
from geo.population_raster import RasterFault, UnusableRaster
from portal.components import notice
from portal.language import _, ngettext, pick
from portal.list_import import draw_import_problems
from portal.markdown_text import plain
from portal.planning.background_progress import asker, background, follow, tell_of_failure
from portal.planning.removal import draw_removal
from portal.required_fields import mark_required
from portal.storage import engine
from portal.upload_field import let_go, upload_field
from portal.visit import Visit
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import DomainError
from stations.language import Listed
from stations.planning.importing import FIRST_YEAR, LAST_YEAR
from stations.planning.population_layer import (
    PopulationLayer,
    RasterComparison,
    as_problem,
    check_population,
    import_population,
    own_layer,
    remove_population,
)
from stations.planning.worker_jobs import SharedJob

MEGABYTES = 50
KINDS = ["tif", "tiff"]
PATIENCE_S = 1.0
SHOWN_COUNTIES = 12
_RUN, _TOLD, _SENT = "raster_run", "raster_told", "raster_sent"


@dataclass(frozen=True)
class _Run:
    """A raster that is being read, and what was said of it."""

    job: SharedJob
    file: str
    name: str
    year: int
    source: str
    replace: bool

    @property
    def asker(self) -> str:
        return f"{asker()}:raster"


def draw_raster_import(present: Visit, actor: Actor, session: Session) -> None:
    """Draw the form, how far the reading of a raster is, and the removal of the one on file."""
    with st.expander(_("Import a population raster"), key="import_raster"):
        standing = own_layer(session, actor)
        _draw_form(present, standing)
        run: _Run | None = st.session_state.get(_RUN)
        if run is not None:
            _go_on(present, run)
        if told := st.session_state.pop(_TOLD, None):
            notice(told, "good")
        if standing is not None:
            draw_removal(
                _("Take the raster off"),
                "raster",
                {standing.code: _("{name} ({year})", name=standing.name, year=standing.year)},
                lambda session, _code: remove_population(session, actor, now=present.now),
            )


def _draw_form(present: Visit, standing: PopulationLayer | None) -> None:
    told = _(
        "A GeoTIFF with one band of people per cell, in any coordinate system, such as WorldPop or GHS-POP offer it. "
        "Cells of 1 km are enough; of finer ones, cut out the province first, or have the operator import the file by "
        "the command “import population”. The raster says where in a county its people live; how many it has is said "
        "by the census."
    )
    st.html(Markup("<p>{}</p>").format(told))
    with st.form("raster_form", border=False, enter_to_submit=False):
        # A file that was handed over is let go, and the field that held it is replaced by an empty one.
        key = f"raster_file_{st.session_state.get(_SENT, 0)}"
        file = upload_field(_("File with the raster"), kinds=KINDS, key=key, megabytes=MEGABYTES)
        mark_required("raster_name", "raster_year", "raster_origin")
        left, right = st.columns(2)
        name = left.text_input(_("What it is"), placeholder="WorldPop", key="raster_name")
        year = right.number_input(_("Year"), FIRST_YEAR, LAST_YEAR, present.today.year - 1, key="raster_year")
        origin = st.text_input(_("Source: who published it, where"), key="raster_origin")
        replace = standing is not None and st.checkbox(
            _("It takes the place of {name} ({year})", name=plain(standing.name), year=standing.year),
            key="raster_replace",
        )
        pressed = st.form_submit_button(_("Import"), key="raster_import")
    if not pressed:
        return
    if file is None:
        notice(_("Choose a file first."), "bad")
        return
    _begin(present, file, name, int(year), origin, replace=replace)


def _begin(present: Visit, file: UploadedFile, name: str, year: int, source: str, *, replace: bool) -> None:
    """Check what was said of the raster, and have it read."""
    try:
        with reading(engine()) as session:
            check_population(session, present.actor, name=name, year=year, source=source, replace=replace)
        content = file.getvalue()
        key = ("raster", hashlib.sha256(content).hexdigest())
        job = background().ask(key, PopulationTask(content), f"{asker()}:raster")
    except DomainError as error:
        draw_import_problems(error, _names())
        return
    st.session_state[_RUN] = _Run(job, file.name, name, year, source, replace)
    let_go([file])
    st.session_state[_SENT] = st.session_state.get(_SENT, 0) + 1
    st.rerun()


def _go_on(present: Visit, run: _Run) -> None:
    """Draw how far the reading is; once it has ended, store the people and draw the page anew."""

    def cancel() -> None:
        background().leave(run.job.key, run.asker)
        st.session_state.pop(_RUN, None)

    if not run.job.ended.wait(PATIENCE_S):
        follow(run.job, _("Reading {file}…", file=run.file), cancel, "raster")
        return
    found = run.job.result
    try:
        if found is None:
            tell_of_failure(run.job)
        elif "fault" in found:
            raise as_problem(UnusableRaster(RasterFault(found["fault"]), found["told"]), Path(run.file))
        else:
            with transaction(engine()) as session:
                done = import_population(
                    session,
                    present.actor,
                    found["people"],
                    name=run.name,
                    year=run.year,
                    source=run.source,
                    replace=run.replace,
                    file=run.file,
                    now=present.now,
                )
                st.session_state[_TOLD] = _told(done)
    except DomainError as error:
        draw_import_problems(error, _names())
    del st.session_state[_RUN]
    if _TOLD in st.session_state:
        st.rerun()  # the choices above are other ones now


def _told(done: RasterComparison) -> str:
    told = _(
        "{name} ({year}) was imported: {raster} people in the province, {census} by the census. It can be chosen as "
        "the place where people are counted.",
        name=done.name,
        year=done.year,
        raster=f"{sum(one.people or 0 for one in done.counties):,.0f}",
        census=f"{sum(one.census or 0 for one in done.counties):,.0f}",
    )
    bare = [pick(one.county.name, one.county.name_en) for one in done.counties if one.people is None]
    if not bare:
        return told
    names = bare[:SHOWN_COUNTIES]
    if len(bare) > SHOWN_COUNTIES:
        names.append(_("{count} more", count=len(bare) - SHOWN_COUNTIES))
    return f"{told} " + ngettext(
        "It has no value in {count} county, whose people are spread by rule: {names}.",
        "It has no value in {count} counties, whose people are spread by rule: {names}.",
        len(bare),
        names=Listed(names),
    )


def _names() -> dict[str, str]:
    """Return the label of each field of the form."""
    return {
        "file": _("File"),
        "name": _("What it is"),
        "year": _("Year"),
        "source": _("Source"),
        "replace": _("Replace"),
    }
