"""Showing the problems of a form: all in one list, and each beside its field as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from portal.components import notice
from portal.language import _
from stations.errors import DomainError, InvalidForm, InvalidInput


class FormProblems:
    """Placeholders for the problems of a form, created while the form is drawn."""

    def __init__(
        self, labels: Mapping[str, str], way_on: Callable[[InvalidInput], str] = lambda _problem: ""
    ) -> None:
        """Place the list of all problems here. ``labels``: the label of each field in the visitor's language.
        ``way_on``: returns a link that leads on from a problem, "" if there is none.
        """
        self._labels, self._way_on = labels, way_on
        self._all = st.empty()
        self._beside: dict[str, DeltaGenerator] = {}

    def place(self, field: str) -> None:
        """Place the problems of a field here; call it right after drawing the field."""
        self._beside[field] = st.empty()

    def place_all(self) -> None:
        """Move the list of all problems here, e.g. next to the submit button of a long form."""
        self._all = st.empty()

    def show(self, error: DomainError) -> None:
        """Show the problems of an error; the fields keep their input."""
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
            Markup("<li><strong>{}</strong> {} {}</li>").format(
                self._labels.get(problem.field, problem.field), told, self._way_on(problem)
            )
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
                    st.html(Markup('<p class="field-problem">{} {}</p>').format(told, self._way_on(problem)))


def list_problems(error: DomainError) -> list[tuple[InvalidInput, str]]:
    """Return the problems of single fields in ``error``, each with its text for the visitor; [] if there are none."""
    if isinstance(error, InvalidForm):
        return [(problem, _(problem.message, **problem.params)) for problem in error.problems]
    if isinstance(error, InvalidInput):
        return [(error, _(error.message, **error.params))]
    return []
