"""The message of a page whose address names no existing record."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st
from markupsafe import Markup

from portal.address_choice import text_in_address
from portal.components import notice
from portal.language import _
from portal.page_end import end_page
from stations.errors import NotFound


def end_without_record(title: str, parameter: str, error: NotFound, way_on: Markup) -> NoReturn:
    """Say under ``title`` what is missing, and end the page with the link ``way_on``.

    ``parameter``: the query parameter that should name the record.
    """
    st.title(title)
    problem = _(error.message, **error.params)
    told = (
        _("{problem}. Perhaps the link is mistyped, or the record was taken away.", problem=problem)
        if text_in_address(parameter).strip()
        else _("The link is not whole: it does not say which record to show ({parameter}=…).", parameter=parameter)
    )
    notice(Markup("{} {}").format(told, way_on), "warn")
    end_page()
