"""Telling what is wrong with a form: all of it in one place, each problem beside its field too."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from portal.components import notice
from portal.language import _
from stations.errors import DomainError, InvalidForm, InvalidInput


class FormProblems:
    """Places on the page where problems are told, made while the form is drawn."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        """``labels``: what each field is called in the visitor's language."""
        self._labels = labels
        self._all = st.empty()
        self._beside: dict[str, DeltaGenerator] = {}

    def place(self, field: str) -> None:
        """Keep a place for the field's problem here, right after the field."""
        self._beside[field] = st.empty()

    def place_all(self) -> None:
        """Tell all problems here, in place of above the form: where the eye is when a long one is sent."""
        self._all = st.empty()

    def show(self, error: DomainError) -> None:
        """Tell what is wrong; the fields keep what was typed."""
        order = list(self._beside)
        problems = sorted(
            list_problems(error),
            key=lambda one: order.index(one[0].field) if one[0].field in order else len(order),
        )
        if not problems:
            with self._all:
                notice(_(error.message, **error.params), "bad")
            return
        lines = Markup("").join(
            Markup("<li><strong>{}</strong> {}</li>").format(self._labels.get(problem.field, problem.field), told)
            for problem, told in problems
        )
        with self._all:
            st.html(
                Markup('<div class="notice bad" role="alert">{}<ul>{}</ul></div>').format(
                    _("Nothing was sent yet. Please look at this again:"), lines
                )
            )
        for problem, told in problems:
            if problem.field in self._beside:
                with self._beside[problem.field]:
                    st.html(Markup('<p class="field-problem">{}</p>').format(told))


def list_problems(error: DomainError) -> list[tuple[InvalidInput, str]]:
    """The fields' problems in ``error`` and how each is told to the visitor."""
    if isinstance(error, InvalidForm):
        return [(problem, _(problem.message, **problem.params)) for problem in error.problems]
    if isinstance(error, InvalidInput):
        return [(error, _(error.message, **error.params))]
    return []
