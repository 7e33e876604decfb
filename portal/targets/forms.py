"""The province's forms: changing the counting rule of a target, and adding a target for a later period."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import streamlit as st
from sqlalchemy.orm import Session

from portal.address_choice import text_in_address
from portal.form_action import do_or_tell, finish, seen_version
from portal.form_problems import FormProblems
from portal.language import _, current
from portal.required_fields import mark_required
from portal.visit import Visit
from stations.duty.roles import Action, whole_province
from stations.errors import InvalidInput
from stations.language import label
from stations.readers.numbers import read_whole_number
from stations.registry.centre import CentreLevel
from stations.targets.counting_rule import KINDS_OF, CountingRule, Measure, Subject, Within
from stations.targets.keeping import TargetDraft, add_target, change_rule
from stations.targets.new_approvals import MOST_A_YEAR
from stations.targets.target import Target

APPROVALS = "approvals"


def may_keep_targets(present: Visit) -> bool:
    """Whether the visitor may edit the province's targets."""
    return present.actor is not None and present.actor.may(Action.EDIT_TARGETS, whole_province())


def draw_rule_form(target: Target, present: Visit) -> None:
    """Draw the form that changes the counting rule from today on."""
    rule = target.rule_on(present.today)
    problems = FormProblems({"rule": _("Counted by"), "reason": _("Reason"), "levels": _("Level"), "kinds": _("Kind")})
    with st.form("change_rule", border=True):
        mark_required("rule_measure", "rule_reason")
        measures = list(Measure)
        measure = st.radio(
            _("Counted by"),
            measures,
            index=measures.index(rule.measure) if rule.measure else 0,
            format_func=lambda one: label(current(), one),
            key="rule_measure",
        )
        problems.place("rule")
        levels = _choose(_("Level"), CentreLevel, rule.levels, "rule_levels") if rule.levels else ()
        problems.place("levels")
        kinds = _choose(_("Kind"), KINDS_OF[rule.subject], rule.kinds, "rule_kinds")
        problems.place("kinds")
        reason = st.text_area(_("Reason"), key="rule_reason")
        problems.place("reason")
        version = seen_version(f"target_{target.code}", target.version)
        if not st.form_submit_button(_("Count by this rule from today on"), type="primary"):
            return

    def keep(session: Session) -> None:
        data = {**rule.as_data(), "levels": levels, "kinds": kinds, "stage": rule.stage, "within": rule.within}
        chosen = CountingRule.of_data(data).measured_by(measure)
        change_rule(session, present.actor, target.code, chosen, reason=reason, version=version, now=present.now)

    if do_or_tell(keep, problems, f"target_{target.code}"):
        finish(_("The rule is changed. It is in force from today on; earlier days keep theirs."))


def approvals_in_address() -> int:
    """Return how many new approvals a year the address supposes; 0 if it names none that can be read."""
    try:
        return read_whole_number(APPROVALS, text_in_address(APPROVALS) or "0", 0, MOST_A_YEAR)
    except InvalidInput:
        return 0


def draw_approvals_choice(chosen: int) -> None:
    """Draw the field for supposed approvals a year, which is kept in the address."""
    key = "supposed_approvals"
    st.session_state[key] = chosen

    def change() -> None:
        if st.session_state[key]:
            st.query_params[APPROVALS] = str(st.session_state[key])
        else:
            st.query_params.pop(APPROVALS, None)

    with st.container(width=320):
        st.number_input(
            _("What if so many more were approved every year?"),
            min_value=0,
            max_value=MOST_A_YEAR,
            step=1,
            key=key,
            on_change=change,
        )


def draw_add_form(present: Visit) -> None:
    """Draw the form that adds a target for a period."""
    labels = {
        "name_zh": _("Name in Chinese"),
        "name_en": _("Name in English (may stay empty)"),
        "required": _("How many are required"),
        "period_end": _("Last day of the period"),
        "clause": _("Clause"),
        "quote": _("The words of the policy"),
        "source": _("Which policy"),
        "levels": _("Level"),
        "kinds": _("Kind"),
    }
    subject = st.radio(
        _("What is counted"),
        [*Subject],
        format_func=lambda one: label(current(), one),
        horizontal=True,
        key="new_target_subject",
    )
    problems = FormProblems(labels)

    def text(field: str, limit: int, tall: bool = False) -> str:
        draw = st.text_area if tall else st.text_input
        value = draw(labels[field], key=f"new_target_{field}")
        problems.place(field)
        return value

    with st.form("add_target", border=True):
        wanted = ("name_zh", "required", "period_start", "period_end", "levels", "kinds_*", "quote", "source", "clause")
        mark_required(*(f"new_target_{field}" for field in wanted))
        name_zh, name_en = text("name_zh", 120), text("name_en", 200)
        left, right = st.columns(2)
        with left:
            required = st.number_input(labels["required"], min_value=1, value=1, step=1, key="new_target_required")
            problems.place("required")
            start = st.date_input(
                _("First day of the period"), date(2026, 1, 1), format="YYYY-MM-DD", key="new_target_period_start"
            )
        with right:
            at_least = st.checkbox(_("More is welcome (“at least”)"), key="new_target_at_least")
            end = st.date_input(
                labels["period_end"], date(2030, 12, 31), format="YYYY-MM-DD", key="new_target_period_end"
            )
            problems.place("period_end")
        measure = Measure.ACCEPTED_IN_PERIOD
        levels: tuple[StrEnum, ...] = ()
        kinds: tuple[StrEnum, ...] = ()
        if subject is not Subject.COUNTY:
            measure = st.radio(
                _("Counted by"), [*Measure], format_func=lambda one: label(current(), one), key="new_target_measure"
            )
            if subject is Subject.CENTRE:
                levels = _choose(labels["levels"], CentreLevel, tuple(CentreLevel), "new_target_levels")
                problems.place("levels")
            kinds = _choose(labels["kinds"], KINDS_OF[subject], tuple(KINDS_OF[subject]), f"new_target_kinds_{subject}")
            problems.place("kinds")
        quote, source, clause = text("quote", 1000, tall=True), text("source", 300), text("clause", 20)
        if not st.form_submit_button(_("Add the target"), type="primary"):
            return

    def keep(session: Session) -> None:
        rule = CountingRule.of_data(
            {"subject": subject, "levels": levels, "kinds": kinds, "stage": "accepted", "within": Within.PERIOD}
        ).measured_by(measure)
        draft = TargetDraft(name_zh, name_en, int(required), at_least, start, end, clause, quote, source, rule)
        add_target(session, present.actor, draft, now=present.now)

    if do_or_tell(keep, problems):
        for field in ("name_zh", "name_en", "quote", "source", "clause"):
            del st.session_state[f"new_target_{field}"]
        finish(_("The target is added."))


def _choose(title: str, kind: type[StrEnum], chosen: tuple[StrEnum, ...], key: str) -> tuple[StrEnum, ...]:
    st.session_state.setdefault(key, list(chosen))
    return tuple(
        st.pills(title, list(kind), selection_mode="multi", key=key, format_func=lambda one: label(current(), one))
    )
