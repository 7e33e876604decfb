"""Showing the problems of a form: all in a summary that leads to their fields, and each beside its field as well.

``portal/static/form_errors.js`` moves the focus to the summary when a form was sent, follows its links to the fields,
and marks each field as wrong for assistive technology (``aria-invalid``, ``aria-describedby``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from portal.language import _
from stations.errors import DomainError, InvalidForm, InvalidInput


class FormProblems:
    """Placeholders for the problems of a form, created while the form is drawn."""

    def __init__(
        self, labels: Mapping[str, str], way_on: Callable[[InvalidInput], str] = lambda _problem: ""
    ) -> None:
        """Place the summary here, above the fields. ``labels``: the label of each field in the visitor's language.
        ``way_on``: returns a link that leads on from a problem, "" if there is none.
        """
        self._labels, self._way_on = labels, way_on
        self._all = st.empty()
        self._beside: dict[str, DeltaGenerator] = {}

    def place(self, field: str) -> None:
        """Place the problems of a field here; call it right after drawing the field."""
        self._beside[field] = st.empty()

    def show(self, error: DomainError, sent: str = "") -> None:
        """Show the problems of an error; the fields keep their input.

        ``sent``: what tells one sending of the form from the next, for a form that shows the problems of its last
        sending again and again; the focus moves to the summary once for each. By default every call is a sending.
        """
        sent = sent or uuid4().hex
        order = list(self._beside)
        problems = sorted(
            list_problems(error),
            key=lambda one: order.index(one[0].field) if one[0].field in order else len(order),
        )
        told = _("Nothing was sent yet. Please look at this again:") if problems else _(error.message, **error.params)
        lines = Markup("").join(
            Markup("<li>{} {} {}</li>").format(self._name(problem.field, sent), text, self._way_on(problem))
            for problem, text in problems
        )
        with self._all:
            st.html(
                Markup(
                    '<div class="notice bad form-errors" role="alert" tabindex="-1" data-sent="{}"><p>{}</p>{}</div>'
                ).format(sent, told, Markup("<ul>{}</ul>").format(lines) if lines else "")
            )
        for problem, text in problems:
            if problem.field in self._beside:
                with self._beside[problem.field]:
                    st.html(
                        Markup('<p class="field-problem" id="{}">{}</p>').format(
                            _anchor(problem.field, sent), Markup(" ").join(filter(None, [text, self._way_on(problem)]))
                        )
                    )

    def _name(self, field: str, sent: str) -> Markup:
        """Return the name of a field, as a link to it where it has a place."""
        name = self._labels.get(field, field)
        if field not in self._beside:
            return Markup("<strong>{}</strong>").format(name)
        return Markup('<a href="#{}" target="_self"><strong>{}</strong></a>').format(_anchor(field, sent), name)


def _anchor(field: str, sent: str) -> str:
    """Return the id of the text below a field, which differs from form to form and from sending to sending."""
    return f"problem-{sent}-{field}"


def list_problems(error: DomainError) -> list[tuple[InvalidInput, str]]:
    """Return the problems of single fields in ``error``, each with its text for the visitor; [] if there are none."""
    if isinstance(error, InvalidForm):
        return [(problem, _(problem.message, **problem.params)) for problem in error.problems]
    if isinstance(error, InvalidInput):
        return [(error, _(error.message, **error.params))]
    return []
