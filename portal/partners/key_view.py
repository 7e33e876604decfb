"""One key on the page of keys: what it allows, and withdrawing it."""

from __future__ import annotations

from datetime import datetime

import streamlit as st
from markupsafe import Markup

from portal.components import facts, notice, sample_tag, tag
from portal.language import _, current, pick
from portal.page_action import perform
from portal.partners.key_form import draw_made_key
from portal.storage import engine
from portal.visit import visit
from stations.database import reading
from stations.duty.roles import Actor
from stations.errors import DomainError
from stations.language import label
from stations.partners.interface_key import InterfaceKey, KeyState
from stations.partners.key_administration import open_key, withdraw_key
from stations.partners.scopes import Scope
from stations.places.area_names import area_name


def state_tag(key: InterfaceKey, now: datetime) -> Markup:
    """Return a tag for whether a key is valid."""
    state = key.state_at(now)
    return tag(label(current(), state), "good" if state is KeyState.VALID else "bad")


def scope_tags(key: InterfaceKey) -> Markup:
    """Return a tag for each thing that a key allows."""
    return Markup(" ").join(tag(label(current(), scope)) for scope in Scope if scope in key.allowed)


def draw_key(actor: Actor, prefix: str) -> InterfaceKey | None:
    """Draw one key and return it; None if there is none in the actor's area."""
    with reading(engine()) as session:
        try:
            key = open_key(session, actor, prefix)
        except DomainError as error:
            notice(_(error.message, **error.params), "warn")
            return None
    draw_made_key(prefix)
    spoken = current()
    st.html(Markup('<h2 class="request-title">{} {}</h2>').format(key.name, state_tag(key, visit().now)))
    facts(
        [
            (_("Key"), Markup("<code>nqi_{}_…</code> {}").format(key.prefix, sample_tag() if key.sample else "")),
            (_("System code"), key.system),
            (_("Who holds it"), key.holder),
            (_("Area of the key"), pick(*area_name(key.area_code))),
            (_("What it allows"), scope_tags(key)),
            (_("Requests a minute"), spoken.format_number(key.per_minute)),
            (_("Requests a day"), spoken.format_number(key.per_day)),
            (_("Last day"), spoken.format_date(key.expires_on)),
            (_("Last used"), spoken.format_datetime(key.last_used_at) if key.last_used_at else _("Never")),
            (_("Made"), _("{at}, by {who}", at=spoken.format_datetime(key.created_at), who=key.made_by)),
            (
                _("Withdrawn"),
                _("{at}, by {who}", at=spoken.format_datetime(key.withdrawn_at), who=key.withdrawn_by)
                if key.withdrawn_at
                else "",
            ),
        ]
    )
    if key.withdrawn_at is None and not actor.sample:
        with st.expander(_("Withdraw this key")):
            st.html(
                Markup("<p>{}</p>").format(
                    _("From then on it opens nothing, and its system is called back no more. This can't be undone.")
                )
            )
            st.button(
                _("Withdraw now"),
                on_click=lambda: perform(
                    lambda session: withdraw_key(
                        session, visit().actor, prefix, version=key.version, now=visit().now
                    ),
                    _("The key is withdrawn."),
                ),
            )
    return key
