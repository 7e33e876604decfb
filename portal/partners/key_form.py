"""The form for a new key, and the key that was just made, shown once."""

from __future__ import annotations

from datetime import date

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import page_url
from portal.language import N_, _, current, pick
from portal.page_action import draw_problems, perform
from portal.required_fields import mark_required
from portal.visit import site_address, visit
from stations.duty.roles import Action, Actor, Area
from stations.language import label
from stations.partners.key_administration import (
    LONGEST,
    MOST_PER_DAY,
    MOST_PER_MINUTE,
    PER_DAY,
    PER_MINUTE,
    USUAL,
    KeyForm,
    make_key,
    scopes_to_give,
)
from stations.partners.scopes import Scope
from stations.places.area_names import area_name, areas_named

_MADE = "made_key"
_FIELDS = {
    "system": N_("System code"),
    "holder": N_("Who holds it"),
    "scopes": N_("What it allows"),
    "expires_on": N_("Last day"),
    "per_minute": N_("Requests a minute"),
    "per_day": N_("Requests a day"),
}


def draw_new_key(actor: Actor) -> None:
    """Draw the form; when the key is made, the page shows it."""
    today = visit().today
    st.subheader(_("A new key"))
    mark_required("key_system", "key_name", "key_holder", "key_area", "key_scopes", "key_until")
    left, right = st.columns(2)
    name = left.text_input(_("System"), key="key_name", max_chars=80, placeholder=_("What the system is called"))
    system = right.text_input(
        _("System code"),
        key="key_system",
        max_chars=40,
        placeholder=_("Small letters, digits and dashes"),
        help=_("A key that follows another has the same code, and so the same ids of records."),
    )
    holder = left.text_input(
        _("Who holds it"), key="key_holder", max_chars=200, placeholder=_("Office, and who answers there")
    )
    area = right.selectbox(
        _("Area of the key"),
        _areas(actor),
        index=None,
        key="key_area",
        format_func=lambda code: pick(*area_name(code)),
        placeholder=_("Choose the area"),
        filter_mode="contains",
    )
    scopes: list[Scope] = st.multiselect(
        _("What it allows"),
        scopes_to_give(actor),
        key="key_scopes",
        format_func=lambda scope: label(current(), scope),
        placeholder=_("Choose"),
    )
    first, second, third = st.columns(3)
    until: date | None = first.date_input(
        _("Last day"), value=today + USUAL, min_value=today, max_value=today + LONGEST, key="key_until"
    )
    minute = second.number_input(
        _("Requests a minute"), min_value=1, max_value=MOST_PER_MINUTE, value=PER_MINUTE, key="key_minute"
    )
    day = third.number_input(_("Requests a day"), min_value=1, max_value=MOST_PER_DAY, value=PER_DAY, key="key_day")
    sample = st.checkbox(_("For trying: it reaches sample records only"), key="key_sample")

    def make(session: Session) -> None:
        form = KeyForm(
            system, name, holder, area or "", [scope.value for scope in scopes], until, int(minute), int(day), sample
        )
        key, shown = make_key(session, visit().actor, form, now=visit().now)
        st.session_state[_MADE] = (key.prefix, shown)
        st.query_params.from_dict({"key": key.prefix})

    draw_problems("new_key", {**_FIELDS, "name": N_("System"), "area": N_("Area of the key")})
    st.button(
        _("Make the key"), type="primary", on_click=lambda: perform(make, _("The key is made."), beside="new_key")
    )


def _areas(actor: Actor) -> list[str]:
    """Return the adcodes of the areas for which the actor may make keys, wide ones first."""
    return [
        code
        for code, city in areas_named()
        if actor.may(Action.EDIT_KEYS, Area(f"{code[:2]}0000", city, code if city and city != code else None))
    ]


def draw_made_key(prefix: str) -> None:
    """Draw the key that was just made; it is never shown again."""
    made = st.session_state.pop(_MADE, None)
    if made is None or made[0] != prefix:
        return
    button = Markup('<button type="button" class="button quiet" data-copy="{}" data-done="{}">{}</button>').format(
        made[1], _("Copied"), _("Copy the key")
    )
    st.html(
        Markup(
            '<div class="receipt" role="status"><div><span>{}</span><strong class="hash">{}</strong></div>'
            '<div class="receipt-tools">{}</div></div><p>{}</p>'
        ).format(
            _("Whole key, shown only now"),
            made[1],
            button,
            _(
                "Hand it over by a safe way, never in an address or by e-mail. The system sends it with each request "
                "to {site}: “Authorization: Bearer {beginning}…”",
                site=f"{site_address()}/api/v1",
                beginning=made[1][:13],
            ),
        )
    )


def keys_address(**query: str) -> str:
    """Return the address of the page of keys."""
    return page_url("interface_keys", **query)
