"""The date for which a page shows its data, stored in the address: ``?as_of=2025-12-31``."""

from __future__ import annotations

from datetime import date

import streamlit as st

from portal.components import notice, source
from portal.language import _
from stations.errors import InvalidInput
from stations.readers.dates import read_day, read_day_in_sight
from stations.targets.progress import months_until

PARAMETER = "as_of"
EARLIEST = date(2015, 1, 1)  # before the first record and the first plan


def date_from_address(today: date) -> date:
    """Return the date in the address, or today if there is none or it can't be read.

    Draws a warning if the date can't be read or is in the future.
    """
    text = st.query_params.get(PARAMETER)
    if text is None:
        return today
    try:
        as_of = read_day_in_sight(PARAMETER, text, today)
    except InvalidInput as error:
        problem = _(error.message, **error.params)
        notice(_("{problem}. Today is shown instead.", problem=problem), "warn")
        return today
    if as_of > today:
        notice(_("This date lies ahead: shown is what is known today about it."), "warn")
    return as_of


def draw_month_slider(as_of: date, today: date) -> None:
    """Draw a slider over the ends of months up to today; the choice is written to the address."""
    days = months_until(EARLIEST, max(today, as_of))
    options = sorted({*days, as_of})
    st.session_state["as_of_month"] = as_of

    def change() -> None:
        _keep(st.session_state["as_of_month"], today)

    st.select_slider(
        _("Through time"),
        options,
        key="as_of_month",
        format_func=lambda day: f"{day:%Y-%m}" if day in days[:-1] else day.isoformat(),
        on_change=change,
    )


def _keep(chosen: date | None, today: date) -> None:
    """Write the date to the address; today is left out."""
    if chosen is None or chosen == today:
        st.query_params.pop(PARAMETER, None)
    else:
        st.query_params[PARAMETER] = chosen.isoformat()


def draw_date_input(as_of: date, today: date) -> None:
    """Draw a date field; the choice is written to the address."""
    st.session_state["as_of_date"] = as_of

    def change() -> None:
        _keep(st.session_state["as_of_date"], today)

    st.date_input(
        _("As of"),
        key="as_of_date",
        min_value=min(EARLIEST, as_of),
        max_value=max(today, as_of),
        format="YYYY-MM-DD",
        on_change=change,
        width=200,
    )


def draw_date_slider(as_of: date, today: date, first: date) -> None:
    """Draw a slider over the days from ``first`` to today; the choice is written to the address on release."""
    st.session_state["as_of_slider"] = min(max(as_of, first), today)

    def change() -> None:
        chosen = st.session_state["as_of_slider"]
        if chosen == today:
            st.query_params.pop(PARAMETER, None)
        else:
            st.query_params[PARAMETER] = chosen.isoformat()

    if st.session_state["as_of_slider"] != as_of:
        told = _("The slider covers {first} to {last} only; the date shown lies outside it.", first=first, last=today)
        source(told)
    st.slider(_("Move through time"), first, today, key="as_of_slider", format="YYYY-MM-DD", on_change=change)


def date_of_parameter(parameter: str, default: date) -> date:
    """Return the date in the address under ``parameter``, or ``default`` if there is none or it can't be read.

    Draws a warning if it can't be read.
    """
    text = st.query_params.get(parameter)
    if text is None:
        return default
    try:
        return read_day(parameter, text)
    except InvalidInput as error:
        notice(_(error.message, **error.params), "warn")
        return default


def draw_date_of_parameter(parameter: str, title: str, chosen: date, last: date) -> None:
    """Draw a field for the date in the address under ``parameter``; ``last``: the latest date offered."""
    key = f"date_{parameter}"
    st.session_state[key] = chosen

    def change() -> None:
        if st.session_state[key] is None:
            st.query_params.pop(parameter, None)
        else:
            st.query_params[parameter] = st.session_state[key].isoformat()

    st.date_input(
        title,
        key=key,
        min_value=min(EARLIEST, chosen),
        max_value=max(last, chosen),
        format="YYYY-MM-DD",
        on_change=change,
        width=200,
    )
