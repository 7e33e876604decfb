"""Showing the state of the outbox to those who may see it, and retrying failed notices."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.components import notice, tag
from portal.language import _, current, ngettext
from portal.notices.notice_settings import notice_settings
from portal.page_action import perform
from portal.visit import visit
from stations.answers.outbox import FAILED_COLUMNS, STANDING_COLUMNS
from stations.duty.roles import Action
from stations.errors import NotAllowed
from stations.language import label
from stations.notices.outbox import NoticeState, list_failed, outbox_standing, try_again

SHOWN = 20


def draw_outbox(session: Session) -> None:
    """Draw the outbox; draw nothing for users who may not see it."""
    actor = visit().actor
    channels = notice_settings().channels
    try:
        standing = outbox_standing(session, actor, channels)
        failed = list_failed(session, actor, limit=SHOWN)
    except NotAllowed:
        return
    with st.expander(_("Notices to firms")):
        if not standing:
            notice(_("No notice has been written yet."))
            return
        waiting = sum(one.count for one in standing if one.state is NoticeState.WAITING and not one.configured)
        if waiting:
            notice(
                ngettext(
                    "{count} notice waits because its way is not configured. It is kept.",
                    "{count} notices wait because their way is not configured. They are kept.",
                    waiting,
                ),
                "warn",
            )
        draw_answer(
            STANDING_COLUMNS,
            standing,
            caption=_("Outbox"),
            drawn={
                "state": lambda one: (
                    _("Waiting: not configured")
                    if one.state is NoticeState.WAITING and not one.configured
                    else label(current(), one.state)
                ),
                "configured": lambda _one: "",  # in the words of the state
                "count": lambda one: current().format_number(one.count),
            },
            beneath={"configured": "state"},
            numbers={"count"},
        )
        if failed:
            draw_answer(
                FAILED_COLUMNS,
                failed,
                caption=_("Failed for good, the oldest first"),
                drawn={"last_error": lambda one: tag(one.last_error or "", "bad")},
                numbers={"tries"},
            )
        if failed and actor and actor.may_somewhere(Action.RETRY_NOTICES):
            keys = [one.key for one in failed]
            st.button(_("Try these again"), on_click=lambda: perform(_again(keys), _("They are tried again.")))


def _again(keys: list[str]) -> Callable[[Session], None]:
    def act(session: Session) -> None:
        for key in keys:
            try_again(session, visit().actor, key, now=visit().now)

    return act
