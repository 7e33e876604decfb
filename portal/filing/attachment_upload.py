"""Attaching files to a request being entered: each is checked and stored with the draft at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session
from streamlit.runtime.uploaded_file_manager import UploadedFile

from portal.components import source
from portal.firm_browser import browser_token, network
from portal.language import _, current
from portal.redraw import redraw_fragment
from portal.requests.kept_draft import Typed, begin_draft, draft_serial
from portal.storage import engine
from portal.upload_field import let_go, upload_field
from stations.database import reading, transaction
from stations.errors import InvalidInput
from stations.requests.attached_file import FILE_LIMIT, KINDS, MEGABYTE, check_file
from stations.requests.attachments import DRAFT_FILES, attach_to_draft, detach_from_draft, list_draft_attachments
from stations.requests.draft import RequestDraft, find_draft, open_draft
from stations.requests.upload_quota import count_upload

_TURN = "draft_upload_turn"
_PROBLEMS = "draft_upload_problems"


def draw_attachments(typed: Typed, now: datetime) -> None:
    """Draw the files of the draft, each with a button to remove it, and the upload field."""
    turn = st.session_state.setdefault(_TURN, 0)
    chosen = upload_field(
        _("{label} (optional)", label=_("Files")),
        several=True,
        key=f"draft_upload_{turn}",
        megabytes=FILE_LIMIT // MEGABYTE,
    )
    source(
        _(
            "{kinds}; up to {count} files. Pictures are kept without the place and device they tell of.",
            kinds=current().join(kind.name for kind in KINDS),
            count=DRAFT_FILES,
        )
    )
    if chosen:
        st.session_state[_PROBLEMS] = _take(chosen, typed, now)
        let_go(chosen)
        st.session_state[_TURN] = turn + 1  # a new key yields an empty upload field
        redraw_fragment()
    for told in st.session_state.get(_PROBLEMS, ()):
        st.html(Markup('<p class="field-problem" role="alert">{}</p>').format(told))
    _draw_kept(now)


def _take(chosen: Sequence[UploadedFile], typed: Typed, now: datetime) -> list[str]:
    """Store the valid files with the draft; return the problems of the others."""
    problems = []
    begin_draft(typed, now)
    for upload in chosen:
        try:
            file = check_file(upload.name, upload.getvalue())
            with transaction(engine()) as session:
                attach_to_draft(session, open_draft(session, browser_token(), now, draft_serial()), file, now=now)
                count_upload(session, network(), file, now)
        except InvalidInput as problem:
            problems.append(_(problem.message, **problem.params))
    return problems


def _own(session: Session, now: datetime) -> RequestDraft | None:
    """Return the draft of this form; None if none is stored yet."""
    serial = draft_serial()
    return find_draft(session, browser_token(), now, serial) if serial is not None else None


def _draw_kept(now: datetime) -> None:
    with reading(engine()) as session:
        draft = _own(session, now)
        files = list_draft_attachments(session, draft) if draft else []

    def take_away(code: str) -> None:
        st.session_state.pop(_PROBLEMS, None)
        with transaction(engine()) as session:
            own = _own(session, now)
            if own is not None:
                detach_from_draft(session, own, [code])

    for file in files:
        with st.container(horizontal=True, vertical_alignment="center", key=f"draft_file_{file.code}"):
            st.html(
                Markup('<p class="kept-file"><strong>{}</strong> <span>{}</span></p>').format(
                    file.name, _("{size} KB", size=max(1, round(file.size / 1024)))
                )
            )
            st.button(
                _("Remove"), key=f"draft_remove_{file.code}", type="tertiary", on_click=take_away, args=(file.code,)
            )
