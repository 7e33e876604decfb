"""How sure the answer is: the second best choice, and what would change it. Computed when it is asked for."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import notice, source
from portal.language import _, current, pick
from portal.planning.background_progress import asker
from portal.planning.siting_progress import jobs
from portal.storage import engine
from portal.visit import Visit
from stations.answers.siting_variants import (
    figure_text,
    loss_text,
    stability_lines,
    variant_columns,
    variant_name,
)
from stations.database import reading
from stations.errors import DomainError
from stations.planning.siting_sensitivity import VariantKind, VariantResult, variants_of
from stations.planning.station_siting import PosedQuestion, SitingAnswer
from stations.planning.travel import TravelUnit
from stations.planning.variant_run import VariantRun

PATIENCE_S = 0.8
_RUN = "siting_variants"


def draw_sensitivity(present: Visit, posed: PosedQuestion, answer: SitingAnswer) -> None:
    """Draw the second best choice and what would change the answer; until it is asked for, a button that asks."""
    if not answer.added:
        return
    st.header(_("How sure is this choice?"))
    mark = (posed.fingerprint, answer.added)
    kept: tuple[object, VariantRun] | None = st.session_state.get(_RUN)
    if kept is None or kept[0] != mark:
        if kept is not None:
            kept[1].cancel()
            del st.session_state[_RUN]
        step = _("5 km") if posed.unit is TravelUnit.METRES else _("5 minutes")
        source(
            _(
                "Tried on request: the second best choice in another county, {step} more and less, demand counted "
                "otherwise, and each new station left out. Each is solved like the question itself.",
                step=step,
            )
        )
        st.button(
            _("Try what would change it"), key="siting_try", on_click=_begin, args=(present, posed, answer, mark)
        )
        return
    run = kept[1]
    if run.ended:
        _draw_results(posed, answer, run)
    else:
        _follow(posed, answer, run)


def _begin(present: Visit, posed: PosedQuestion, answer: SitingAnswer, mark: object) -> None:
    with reading(engine()) as session:
        variants = variants_of(session, posed, answer, as_of=present.today, samples=present.samples)
    st.session_state[_RUN] = (mark, VariantRun(jobs(), variants, answer, asker()))


@st.fragment(run_every=1.0)
def _follow(posed: PosedQuestion, answer: SitingAnswer, run: VariantRun) -> None:
    try:
        run.advance(PATIENCE_S)
    except DomainError as error:
        notice(_(error.message, **error.params), "warn")
    if run.ended:
        st.rerun()
    done, count = len(run.results), len(run.variants)
    told = _("{done} of {count} tried.", done=done, count=count)
    st.html(
        Markup('<div class="notice" role="status"><strong>{}</strong> {}</div>').format(_("Computing…"), told)
    )
    st.progress(done / count)
    st.button(_("Stop trying"), key="siting_stop", on_click=run.cancel)


def _draw_results(posed: PosedQuestion, answer: SitingAnswer, run: VariantRun) -> None:
    if run.cancelled:
        notice(
            _("Stopped: {done} of {count} were tried.", done=len(run.results), count=len(run.variants)), "warn"
        )
        st.button(_("Try all anew"), key="siting_again", on_click=lambda: st.session_state.pop(_RUN, None))
    second = [one for one in run.results if one.variant.kind is VariantKind.SECOND_BEST]
    if second:
        _draw_second(posed, answer, second[0])
    others = [one for one in run.results if one.variant.kind is not VariantKind.SECOND_BEST]
    if not others:
        return
    st.subheader(_("What would change it"))
    draw_answer(
        variant_columns(answer),
        others,
        caption=_("Each line is a question of its own, with its own best answer"),
        drawn={"variant": lambda one: Markup("<strong>{}</strong>").format(variant_name(one, current()))},
        stacks=True,
        file="siting-variants",
    )
    source(
        _(
            "With the stations chosen: what those of the answer above would do on these terms. Where it is close to "
            "the best, the choice stands even so."
        )
    )
    if lines := stability_lines(answer, others, current()):
        items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
        st.html(
            Markup("<p><strong>{}</strong></p><ul>{}</ul>").format(
                _("How often each new station is chosen again, with other distances and other demand"), items
            )
        )


def _draw_second(posed: PosedQuestion, answer: SitingAnswer, second: VariantResult) -> None:
    """Draw the second best choice beside the best."""
    st.subheader(_("The second best choice, with a station in another county"))
    if second.figure is None or second.variant.posed is None:
        notice(_("There is none: no other county can be chosen."))
        return
    say = current()
    order = {one.id: column for column, one in enumerate(posed.candidates)}
    names = {one.id: pick(one.name, one.name_en) for one in posed.candidates}
    chosen = set(answer.added) - set(second.left) | set(second.entered)

    def card(title: str, figure: float | None, sites: set[str], new: set[str]) -> Markup:
        shown = Markup("").join(
            Markup("<li>{}</li>").format(
                Markup("<strong>{}</strong>").format(names[one]) if one in new else names[one]
            )
            for one in sorted(sites, key=order.__getitem__)
        )
        return Markup('<div class="card"><h4>{}</h4><p>{}</p><ul>{}</ul></div>').format(
            title, figure_text(posed, figure, say) or "–", shown
        )

    left = card(_("Best"), second.chosen, set(answer.added), set(second.left))
    right = card(_("Second best"), second.figure, chosen, set(second.entered))
    st.html(Markup('<div class="cards figures">{}{}</div>').format(left, right))
    st.html(Markup("<p><strong>{}</strong></p>").format(loss_text(posed, answer, second, say)))
    source(_("Bold: the stations in which the two differ."))


