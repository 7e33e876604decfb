"""What was taught and put right over an upload, until the list is imported or another file is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import streamlit as st

from portal.language import _
from stations.imports.word_mapping import TaughtWord
from stations.tables.corrections import NO_CORRECTIONS, CorrectedCell, Corrections, with_edits
from stations.tables.workbook_grids import sheet_names

_OVER = "import_over"


@dataclass(frozen=True)
class OverUpload:
    """What stands over an upload.

    ``digest``: of the content and of what it is read as. ``sheets``: the names of the workbook's sheets, of which
    ``sheet`` was chosen, "" to find it. ``words``: taught in the preview. ``corrections``: cells put right. ``turn``:
    how often the list was read again; keys of fields have it, so that they are empty after each time.
    """

    digest: str
    sheets: tuple[str, ...] = ()
    sheet: str = ""
    words: tuple[TaughtWord, ...] = ()
    corrections: Corrections = field(default_factory=lambda: NO_CORRECTIONS)
    turn: int = 0

    def key(self, name: str) -> str:
        """Return the key of a field that belongs to this reading of the list."""
        return f"{name}_{self.digest[:12]}_{self.turn}"


def over_upload(content: bytes, read_as: str) -> OverUpload:
    """Return what stands over an upload; nothing over one that is seen for the first time.

    ``read_as``: as what it is read, such as the kind of list; what was taught of one says nothing of another.
    """
    digest = sha256(read_as.encode() + b"\0" + content).hexdigest()
    kept: OverUpload | None = st.session_state.get(_OVER)
    if kept is None or kept.digest != digest:
        kept = st.session_state[_OVER] = OverUpload(digest, sheet_names(content))
    return kept


def with_sheet_chosen(over: OverUpload) -> OverUpload:
    """Draw the choice of the sheet that is read, if the workbook has several; return what stands over the upload then.

    A correction belongs to a cell of the sheets that were read when it was made; the choice of other sheets drops it.
    """
    if len(over.sheets) < 2:
        return over
    sheet = st.selectbox(
        _("Which sheet holds the list?"),
        ["", *over.sheets],
        key=f"sheet_{over.digest[:12]}",
        format_func=lambda name: name or _("As found: the sheets with such headings"),
        filter_mode=None,
    )
    if sheet != over.sheet:
        over = st.session_state[_OVER] = replace(over, sheet=sheet, corrections=NO_CORRECTIONS, turn=over.turn + 1)
    return over


def read_again(
    over: OverUpload, words: Iterable[TaughtWord], made: Sequence[CorrectedCell], edits: Corrections
) -> None:
    """Let the upload be read again with further words and corrections. ``made``: what those before have changed."""
    st.session_state[_OVER] = replace(
        over,
        words=(*over.words, *words),
        corrections=with_edits(over.corrections, made, edits),
        turn=over.turn + 1,
    )


def forget_upload() -> None:
    """Forget what stands over the upload, once it was imported."""
    st.session_state.pop(_OVER, None)
