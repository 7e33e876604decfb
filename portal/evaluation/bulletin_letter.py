"""The form of what an office writes itself on a month's bulletin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from portal.components import source
from portal.form_action import do_or_tell, finish, seen_version
from portal.form_problems import FormProblems
from portal.language import _, current
from portal.visit import visit
from stations.bulletin.letter import LIMITS, Letter, keep_letter


def draw_letter(letter: Letter, month: date) -> None:
    """Draw the texts of a month's bulletin for changing, and who kept them last."""
    present = visit()
    key = f"letter_{month:%Y-%m}_{present.samples}"
    st.header(_("What the office writes itself"))
    with st.form(key, border=True):
        labels = {
            "number": _("Document number (发文字号)"),
            "addressees": _("Sent to (主送机关)"),
            "issuer": _("Issued by (left out where empty)"),
            "asked_next": _("What is asked next, in the office’s own words"),
        }
        problems = FormProblems(labels)
        version = seen_version(key, letter.version)
        given = {}
        for name in ("number", "addressees", "issuer"):
            given[name] = st.text_input(
                labels[name],
                getattr(letter, name),
                max_chars=LIMITS[name],
                key=f"{key}_{name}",
                placeholder="×市监发〔2026〕×号" if name == "number" else "",
                autocomplete="off",
            )
            problems.place(name)
        given["asked_next"] = st.text_area(
            labels["asked_next"], letter.asked_next, max_chars=LIMITS["asked_next"], key=f"{key}_asked_next"
        )
        problems.place("asked_next")
        source(
            _("The paper asks for what its figures show: services overdue, counties not covered, cities below average.")
        )
        if st.form_submit_button(_("Keep the texts")) and do_or_tell(
            lambda session: keep_letter(
                session,
                present.actor,
                month,
                replace(letter, **given, version=version),
                samples=present.samples,
                now=present.now,
            ),
            problems,
            key,
        ):
            finish(_("The texts are kept."))
    if letter.written_by and letter.written_at:
        moment = current().format_datetime(letter.written_at)
        source(_("Kept by {name}, {moment}", name=letter.written_by, moment=moment))
