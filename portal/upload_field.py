"""Fields for uploading files: each opens the gate (``upload_gate``) while it is drawn, and for its size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, overload

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from portal.upload_gate import MEGABYTE, gate

_DRAWN = "upload_fields_drawn"


@overload
def upload_field(
    label: str, *, key: str, megabytes: int, kinds: Sequence[str] | None = None, several: Literal[True]
) -> list[UploadedFile]: ...


@overload
def upload_field(
    label: str, *, key: str, megabytes: int, kinds: Sequence[str] | None = None, several: Literal[False] = False
) -> UploadedFile | None: ...


def upload_field(
    label: str, *, key: str, megabytes: int, kinds: Sequence[str] | None = None, several: bool = False
) -> list[UploadedFile] | UploadedFile | None:
    """Draw the field, and return the chosen file, or the files if there may be ``several``.

    ``megabytes``: the most that one file may have, which the field itself says. ``kinds``: the suffixes offered.
    """
    st.session_state.setdefault(_DRAWN, set()).add(key)
    gate.open(_visit(), key, megabytes * MEGABYTE)
    if several:
        return st.file_uploader(label, kinds, key=key, accept_multiple_files=True, max_upload_size=megabytes)
    return st.file_uploader(label, kinds, key=key, max_upload_size=megabytes)


def begin_upload_fields() -> None:
    """Note that a whole run of a page begins, in which no field is drawn yet."""
    st.session_state[_DRAWN] = set()


def end_upload_fields() -> None:
    """Close the gate for fields that the run, which ends here, has not drawn."""
    gate.close(_visit(), but=st.session_state.get(_DRAWN, set()))


def let_go(files: Sequence[UploadedFile]) -> None:
    """Free the memory of files that are no longer needed; Streamlit would keep them until the visitor leaves."""
    context = get_script_run_ctx()
    manager = context.uploaded_file_mgr if context else None
    if context and isinstance(manager, MemoryUploadedFileManager):
        for file in files:
            manager.remove_file(context.session_id, file.file_id)


def _visit() -> str:
    context = get_script_run_ctx()
    return context.session_id if context else ""
