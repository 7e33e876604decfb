"""Choosing files to send with a message, an answer or a delivery, within a form."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.language import _, current
from portal.upload_field import let_go, upload_field
from stations.errors import InvalidForm, InvalidInput
from stations.requests.attached_file import FILE_LIMIT, KINDS, MEGABYTE, CheckedFile, check_file


def draw_file_chooser(key: str, label: str) -> None:
    """Draw the upload field; ``label``: what the files are."""
    told = _("{label} (optional): {kinds}", label=label, kinds=current().join(kind.name for kind in KINDS))
    upload_field(told, several=True, key=_key(key), megabytes=FILE_LIMIT // MEGABYTE)


def chosen_files(key: str) -> list[tuple[str, bytes]]:
    """Return name and content of each chosen file."""
    return [(file.name, file.getvalue()) for file in st.session_state.get(_key(key)) or ()]


def check_files(files: Sequence[tuple[str, bytes]]) -> list[CheckedFile]:
    """Return the files after checking them.

    Raises:
        InvalidForm: one problem for each rejected file.
    """
    checked, problems = [], []
    for name, content in files:
        try:
            checked.append(check_file(name, content))
        except InvalidInput as problem:
            problems.append(problem)
    if problems:
        raise InvalidForm(problems)
    return checked


def empty_chooser(key: str) -> None:
    """Clear the chosen files."""
    let_go(st.session_state.get(_key(key)) or ())
    st.session_state[f"{key}_turn"] = st.session_state.get(f"{key}_turn", 0) + 1


def _key(key: str) -> str:
    # An upload field can't be cleared, so a new key replaces it.
    return f"{key}_{st.session_state.get(f'{key}_turn', 0)}"
