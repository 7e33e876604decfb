"""What was taught and put right over an upload, until the list is imported or another file is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

import streamlit as st

from stations.imports.word_mapping import TaughtWord
from stations.tables.corrections import NO_CORRECTIONS, CorrectedCell, Corrections, with_edits

_OVER = "import_over"


@dataclass(frozen=True)
class OverUpload:
    """What stands over an upload.

    ``digest``: of the content and of what it is read as. ``words``: taught in the preview. ``corrections``: cells put
    right. ``turn``: how often the list was read again; keys of fields have it, so that they are empty after each
    time.
    """

    digest: str
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
        kept = st.session_state[_OVER] = OverUpload(digest)
    return kept


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
