"""A firm's rights over what its request holds: to take it along, and to have it erased."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st
from sqlalchemy.orm import Session

from portal.language import _
from portal.page_action import perform
from stations.answers.own_request import own_request
from stations.requests.attachments import Attachment
from stations.requests.erasure import erase_as_firm, may_erase
from stations.requests.lookup import Proof
from stations.requests.rating import Rating
from stations.requests.shown_request import ShownRequest, rating_whole
from stations.retention import kept_for

_SURE = "own_data_sure"


def draw_own_data(
    request: ShownRequest,
    files: Sequence[Attachment],
    rating: Rating | None,
    proof: Proof,
    version: int,
    clock: Callable[[], datetime],
) -> None:
    """Draw how long the data is kept, the button that saves it and, once the request has ended, the one that erases it.

    ``request`` is whole, of that version. Erasing also closes the request in this browser, for good.
    """
    number, ended = request.number, may_erase(request.state)

    def content() -> str:
        told = own_request(request, files, rating_whole(rating) if rating else None)
        return json.dumps(told, ensure_ascii=False, indent=1)

    def erase(session: Session) -> None:
        erase_as_firm(session, number, proof, version=version, now=clock())

    with st.expander(_("Your data"), key="own_data"):
        st.write(
            _(
                "Names, numbers, texts and files of this request are erased {years} years after it has ended. What "
                "statistics need stays: services, county, station, dates and grades.",
                years=round(kept_for("request").days / 365),
            )
        )
        st.download_button(
            _("Save all of it as a file"),
            content,
            file_name=f"{number}.json",
            mime="application/json",
            on_click="ignore",
            key="own_data_file",
        )
        if not ended:
            st.caption(_("Once the request has ended or was withdrawn, you can have it erased here."))
            return
        sure = st.checkbox(_("I know that nobody can open this request any more afterwards, nor its files"), key=_SURE)
        st.button(
            _("Erase it now"),
            disabled=not sure,
            key="own_data_erase",
            on_click=lambda: perform(erase, _("The data of request {number} is erased.", number=number)),
        )
