"""The weights of the score: those in force, earlier ones, and the form to set new ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from markupsafe import Markup

from portal.answer_table import draw_answer
from portal.components import source
from portal.form_action import do_or_tell, finish
from portal.form_problems import FormProblems
from portal.language import _, current
from portal.required_fields import mark_required
from portal.visit import visit
from stations.answers.evaluation_scheme import WEIGHT_LINES, weight_columns
from stations.duty.roles import Action, whole_province
from stations.evaluation.indicators import Indicator
from stations.evaluation.weights import INITIAL, MOST_FEW, REASON_LIMIT, SCORES, WHOLE, EvaluationScheme, set_weights
from stations.language import label


def draw_weights(
    in_force: EvaluationScheme, schemes: Sequence[EvaluationScheme], people: Mapping[str, str]
) -> None:
    """Draw the formula and the weights, who set each and why, and for those who may set them the form.

    ``people``: the names of those who set them, by user name.
    """
    source(
        _(
            "Score = 100 × Σ w·s ÷ Σ w over the indicators that have a value. s: the value brought to 0–1 by the "
            "formula beside it; w: its weight. Weights in force since {day}, set by {who}: {reason}",
            day=current().format_date(in_force.in_force_from),
            who=_who(in_force, people),
            reason=reason_in_words(in_force),
        )
    )
    source(
        _(
            "Weighted mean after OECD/JRC, Handbook on Constructing Composite Indicators (2008). Weights and formulas "
            "are this portal's own; no standard at hand sets them."
        )
    )
    with st.expander(_("Weights and formulas")):
        days = {one.in_force_from.isoformat(): current().format_date(one.in_force_from) for one in schemes}
        draw_answer(
            weight_columns(schemes),
            WEIGHT_LINES,
            caption=_("Weights by the day they came into force, latest first"),
            headed=days,
            drawn={"formula": lambda one: SCORES[one.indicator].formula if one.indicator else ""},
            numbers=days.keys(),
            file="evaluation-weights",
        )
        told = Markup("").join(
            Markup("<li><div><strong>{}</strong><br><span>{}</span></div><div><p>{}</p></div></li>").format(
                current().format_date(one.in_force_from), _who(one, people), reason_in_words(one)
            )
            for one in schemes
        )
        st.html(Markup('<ol class="timeline rules">{}</ol>').format(told))
        actor = visit().actor
        if actor is not None and actor.may(Action.SET_WEIGHTS, whole_province()):
            _draw_form(schemes[0])


def _who(scheme: EvaluationScheme, people: Mapping[str, str]) -> str:
    return _("this portal") if scheme.recorded_by == INITIAL else people.get(scheme.recorded_by, scheme.recorded_by)


def reason_in_words(scheme: EvaluationScheme) -> str:
    """Return the reason for the weights: translated for the initial ones, otherwise as written."""
    if scheme.recorded_by == INITIAL:
        return _("initial weights of this portal, for the province to adjust")
    return scheme.reason


def _draw_form(latest: EvaluationScheme) -> None:
    labels = {indicator.value: label(current(), indicator) for indicator in SCORES} | {
        "weights": _("Weights"),
        "few": _("Not ranked below so many requests"),
        "in_force_from": _("In force from"),
        "reason": _("Reason"),
    }
    with st.form("weights", border=True):
        problems = FormProblems(labels)
        mark_required("weight_*", "few", "weights_from", "weights_reason")
        weights: dict[Indicator, int] = {}
        columns = st.columns(2)
        for place, indicator in enumerate(SCORES):
            weights[indicator] = columns[place % 2].number_input(
                labels[indicator.value],
                min_value=0,
                max_value=WHOLE,
                step=1,
                value=latest.weight(indicator),
                key=f"weight_{indicator}",
            )
        few = st.number_input(labels["few"], min_value=0, max_value=MOST_FEW, step=1, value=latest.few, key="few")
        day = st.date_input(labels["in_force_from"], value=visit().today, min_value=visit().today, key="weights_from")
        reason = st.text_area(labels["reason"], max_chars=REASON_LIMIT, key="weights_reason")
        source(_("Together they have to be {whole}. Periods that ended before keep their weights.", whole=WHOLE))
        if st.form_submit_button(_("Set the weights"), type="primary") and do_or_tell(
            lambda session: set_weights(
                session, visit().actor, weights, few=few, in_force_from=day, reason=reason, now=visit().now
            ),
            problems,
        ):
            finish(_("The weights are set."))
