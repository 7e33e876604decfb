"""Saving a register as the list that can be changed and imported again."""

from __future__ import annotations

from typing import Any

import streamlit as st

from portal.language import _, current
from portal.storage import engine
from portal.visit import Visit
from stations.answers.presentation import saved_table
from stations.answers.register_lists import list_columns
from stations.database import reading
from stations.lists.applying import list_register
from stations.lists.register import Register
from stations.tables.table import SavedTable, csv_file
from stations.tables.workbooks import MIME, as_workbook


def draw_register_downloads(present: Visit, register: Register[Any]) -> None:
    """Draw the buttons that save the register's records of the actor's area of duty, with every field."""
    language = current()

    def table() -> SavedTable:
        with reading(engine()) as session:
            rows = list_register(session, present.actor, register, now=present.now)
        return saved_table(list_columns(register), rows, language)

    file = f"{_(register.title)}-{present.today}"
    told = _("Every field of every record; change what is to be changed and import it again.")
    with st.container(horizontal=True):
        st.download_button(
            _("The register as a list (Excel)"),
            lambda: as_workbook(table(), language),
            file_name=f"{file}.xlsx",
            mime=MIME,
            on_click="ignore",
            help=told,
            key=f"register_xlsx_{register.name}",
        )
        st.download_button(
            _("The register as a list (CSV)"),
            lambda: csv_file(table()),
            file_name=f"{file}.csv",
            mime="text/csv",
            on_click="ignore",
            help=told,
            key=f"register_csv_{register.name}",
        )
