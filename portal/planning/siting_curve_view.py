"""The curve of coverage, or of the average way, against the number of new stations. Computed when it is asked for."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.chart import draw_chart
from portal.components import notice, source
from portal.language import N_, _, current
from portal.planning.background_progress import asker
from portal.planning.siting_progress import jobs
from portal.theme import COLOURS
from stations.answers.siting_curve import curve_columns, curve_title, figure_at, knee_text
from stations.errors import DomainError
from stations.planning.siting_curve import SitingCurve, curve_of, curve_task
from stations.planning.siting_jobs import SitingJob
from stations.planning.station_siting import PosedQuestion, SitingAnswer
from stations.planning.travel import TravelUnit

HEIGHT = 300
KNEE, CHOSEN = "#d9500b", COLOURS["ink"]
PATIENCE_S = 1.0
_WANTED = "siting_curve"
AVERAGE_IN = {TravelUnit.METRES: N_("Average way in kilometres"), TravelUnit.SECONDS: N_("Average way in minutes")}


def draw_curve(posed: PosedQuestion, answer: SitingAnswer) -> None:
    """Draw the curve; until it is asked for, a button that asks."""
    if not answer.added:
        return
    st.header(_("How many stations are worth it?"))
    task = curve_task(posed, answer)
    key = ("curve", posed.fingerprint, task.most)
    if st.session_state.get(_WANTED) != key:
        source(
            _(
                "The best choice of each number of new stations from 1 to {most}, each proven by itself: the curve "
                "shows where one more begins to gain little.",
                most=task.most,
            )
        )

        def want() -> None:
            st.session_state[_WANTED] = key

        st.button(_("Compute the curve"), key="siting_curve_ask", on_click=want)
        return
    job: SitingJob | None = st.session_state.get("siting_curve_job")
    if job is None or job.key != key:
        try:
            job = st.session_state["siting_curve_job"] = jobs().ask(key, task, f"{asker()}:curve")
        except DomainError as error:
            notice(_(error.message, **error.params), "warn")
            return
    if not job.ended.wait(PATIENCE_S):
        _follow(job, len(task.numbers))
        return
    if job.curve is None:
        notice(_("The computation broke off."), "warn")

        def again() -> None:
            del st.session_state["siting_curve_job"]

        st.button(_("Compute it after all"), key="siting_curve_again", on_click=again)
        return
    if len(job.curve.points) < len(task.numbers):
        told = _("The curve ends at {count}: it was stopped, or time ran out.", count=len(job.curve.points))
        notice(told, "warn")
    _draw(curve_of(posed, answer, task, job.curve))


@st.fragment(run_every=1.0)
def _follow(job: SitingJob, count: int) -> None:
    if job.ended.is_set():
        st.rerun()
    done = len(job.progress.points) if job.progress else 0
    told = _("{done} of {count} tried.", done=done, count=count)
    st.html(
        Markup('<div class="notice" role="status"><strong>{}</strong> {}</div>').format(_("Computing…"), told)
    )
    st.progress(done / count)

    def stop() -> None:
        jobs().cancel(job.key, f"{asker()}:curve")

    st.button(_("Stop trying"), key="siting_curve_stop", on_click=stop)


def _draw(curve: SitingCurve) -> None:
    if not curve.lines:
        notice(_("No point of the curve was found in time."), "warn")
        return
    say, title = current(), curve_title(curve, current())
    told = _(
        "{title}: {first} with {least} new stations, {last} with {most}",
        title=title,
        first=figure_at(curve, curve.lines[0].figure, say),
        least=curve.lines[0].p,
        last=figure_at(curve, curve.lines[-1].figure, say),
        most=curve.lines[-1].p,
    )
    draw_chart(_chart(curve, title), told)
    st.html(Markup("<p>{}</p>").format(knee_text(curve, say)))
    with st.expander(_("The same as a table"), key="siting_curve_table"):
        draw_answer(
            curve_columns(curve),
            curve.lines,
            caption=title,
            numbers=("p", "figure", "gained"),
            notes=[knee_text(curve, say)],
            file="siting-curve",
        )


def _chart(curve: SitingCurve, title: str) -> alt.LayerChart | alt.FacetChart:
    say = current()
    scale = 1.0 if curve.coverage else 1 / curve.unit.per
    frame = pd.DataFrame(
        [
            {"p": line.p, "figure": line.figure * scale, "told": figure_at(curve, line.figure, say)}
            for line in curve.lines
        ]
    )
    heading = title if curve.coverage else _(AVERAGE_IN[curve.unit])
    axis = alt.Axis(format="%") if curve.coverage else alt.Axis()
    y = alt.Y("figure:Q", title=heading, axis=axis, scale=alt.Scale(zero=not curve.coverage))
    x = alt.X("p:Q", title=_("New stations"), axis=alt.Axis(tickMinStep=1, grid=False))
    tooltip = [alt.Tooltip("p:Q", title=_("New stations")), alt.Tooltip("told:N", title=title)]
    base = alt.Chart(frame).encode(x=x, y=y, tooltip=tooltip)
    layers = [
        base.mark_line(color=COLOURS["primary"], strokeWidth=2.5),
        base.mark_point(color=COLOURS["primary"], filled=True, size=45, opacity=1),
    ]
    for p, name, colour, above in (
        (curve.chosen, _("chosen above: {count}", count=curve.chosen), CHOSEN, 18),
        (curve.knee, _("knee: {count}", count=curve.knee), KNEE, -14),
    ):
        marked = frame[frame["p"] == p]
        if marked.empty:
            continue
        spot = alt.Chart(marked).encode(x=x, y=y, tooltip=tooltip)
        layers.append(spot.mark_point(color=colour, filled=True, size=130, opacity=1))
        layers.append(spot.mark_text(text=name, dy=above, dx=6, align="left", color=colour, fontSize=13))
    return alt.layer(*layers).properties(height=HEIGHT)
