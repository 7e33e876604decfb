"""Choosing files to go along with a message, an answer or a delivery, within a form."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from portal.language import _, current
from stations.errors import InvalidForm, InvalidInput
from stations.requests.attached_file import FILE_LIMIT, KINDS, MEGABYTE, CheckedFile, check_file


def draw_file_chooser(key: str, label: str) -> None:
    """Draw it; ``label`` says what the files are."""
    told = _(
        "{label} (optional): {kinds}, {limit} MB each at most",
        label=label,
        kinds=current().join(kind.name for kind in KINDS),
        limit=FILE_LIMIT // MEGABYTE,
    )
    st.file_uploader(told, accept_multiple_files=True, key=_key(key))


def chosen_files(key: str) -> list[tuple[str, bytes]]:
    """What is chosen there: name and content of each."""
    return [(file.name, file.getvalue()) for file in st.session_state.get(_key(key)) or ()]


def check_files(files: Sequence[tuple[str, bytes]]) -> list[CheckedFile]:
    """The files as they may be kept.

    Raises:
        InvalidForm: one problem for each that can't be.
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
    """Let nothing be chosen any more."""
    st.session_state[f"{key}_turn"] = st.session_state.get(f"{key}_turn", 0) + 1


def _key(key: str) -> str:
    # A new key empties the list of files, which can't be set.
    return f"{key}_{st.session_state.get(f'{key}_turn', 0)}"
