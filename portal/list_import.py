"""Taking an uploaded list whose rows are imported all or none, and showing what came of it, row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session
from streamlit.runtime.uploaded_file_manager import UploadedFile

from portal.components import notice
from portal.form_problems import list_problems
from portal.language import _
from portal.storage import engine
from stations.database import transaction
from stations.errors import DomainError

FILES = ["csv", "xlsx"]
Rows = TypeVar("Rows")
Imported = TypeVar("Imported")


def take_list(
    file: UploadedFile | None,
    read: Callable[[bytes], Rows],
    action: Callable[[Session, Rows], Imported],
    told: Callable[[Imported], str],
    names: Mapping[str, str],
) -> None:
    """Import the rows that ``read`` finds in the uploaded file, and draw the result or the problems.

    ``names``: field of the form → its label.
    """
    if file is None:
        notice(_("Choose a file first."), "bad")
        return
    try:
        rows = read(file.getvalue())  # before the transaction: others would wait to write meanwhile
        with transaction(engine()) as session:
            done = action(session, rows)
    except DomainError as error:
        draw_import_problems(error, names)
        return
    notice(told(done), "good")


def draw_import_problems(error: DomainError, names: Mapping[str, str]) -> None:
    """Draw why nothing was imported. ``names``: as in ``take_list``."""
    problems = list_problems(error)
    if not problems:
        notice(_(error.message, **error.params), "bad")
        return
    lines = Markup("").join(
        Markup("<li><strong>{}</strong> {}</li>").format(_field_in_words(problem.field, names), words)
        for problem, words in problems
    )
    head = _("Nothing was imported. Please put this right and try again:")
    st.html(Markup('<div class="notice bad" role="alert">{}<ul>{}</ul></div>').format(head, lines))


def _field_in_words(field: str, names: Mapping[str, str]) -> str:
    """Return the label of a field or of a row of the file."""
    if field.startswith("row "):
        return _("Row {row}:", row=field.removeprefix("row "))
    return names.get(field, field)
