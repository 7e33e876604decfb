"""The call-backs of one key on its page: subscriptions, the secret that was just made, and the log of deliveries."""

from __future__ import annotations

import os
from collections.abc import Callable

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.answer_table import draw_answer
from portal.components import Tone, facts, link, notice, page_url, tag
from portal.language import N_, _, current
from portal.page_action import draw_problems, perform, performed
from portal.storage import engine
from portal.visit import visit
from stations.answers.call_backs import DELIVERY_COLUMNS
from stations.changes.kinds import KINDS, Happening, Subject
from stations.database import reading
from stations.duty.roles import Actor
from stations.errors import Conflict, DomainError
from stations.language import label
from stations.notices.channels.webhook import read_settings
from stations.partners import call_back_administration as call_backs
from stations.partners.call_back import CallBackDelivery, CallBackState, CallBackSubscription, DeliveryState
from stations.partners.interface_key import InterfaceKey
from stations.partners.key_administration import hold_key
from stations.partners.scopes import subjects_of

_MADE = "made_call_back_secret"
_LOG = 30
_TONES: dict[CallBackState, Tone] = {CallBackState.ACTIVE: "good", CallBackState.DISABLED: "bad"}
_SENT: dict[DeliveryState, Tone] = {DeliveryState.SENT: "good", DeliveryState.FAILED: "bad"}


def draw_call_backs(actor: Actor, key: InterfaceKey, chosen: str) -> None:
    """Draw the subscriptions of a key. ``chosen``: the code of the one whose log is shown, or ""."""
    st.subheader(_("Call-backs"))
    if read_settings(os.environ) is None:
        notice(_("This portal sends no call-backs: its operator has to set WEBHOOK_SECRET"), "warn")
        return
    with reading(engine()) as session:
        subscriptions = call_backs.list_subscriptions(session, key)
    for subscription in subscriptions:
        with st.container(border=True):
            _draw_subscription(actor, key, subscription)
            if subscription.code == chosen:
                _draw_log(actor, key, subscription)
    if key.withdrawn_at is None and not actor.sample:
        _draw_form(key)


def _act(key: InterfaceKey, change: Callable[..., object], *arguments: object) -> Callable[[Session], object]:
    """Return the action of changing a subscription, by whoever is signed in and may administer the key."""

    def act(session: Session) -> object:
        held = hold_key(session, visit().actor, key.prefix)
        actor = visit().actor
        return change(session, held, *arguments, by=actor.username if actor else "", now=visit().now)

    return act


def _draw_subscription(actor: Actor, key: InterfaceKey, one: CallBackSubscription) -> None:
    spoken = current()
    made = st.session_state.pop(_MADE, None) if st.session_state.get(_MADE, ("",))[0] == one.code else None
    if made is not None:
        _draw_secret(made[1])
    facts(
        [
            (_("Address"), one.url),
            (_("State"), tag(label(spoken, one.state), _TONES.get(one.state, "warn"))),
            (_("Kinds of changes"), spoken.semicolon.join(map(_kind, one.kinds)) or _("All that the key may read")),
            (_("Address checked"), spoken.format_datetime(one.checked_at) if one.checked_at else _("Never")),
            (_("Failing since"), spoken.format_datetime(one.failing_since) if one.failing_since else ""),
            (
                _("Two secrets until"),
                spoken.format_datetime(one.previous_until)
                if one.previous_until and one.previous_until > visit().now
                else "",
            ),
        ]
    )
    st.html(
        Markup("<p>{}</p>").format(
            link(page_url("interface_keys", key=key.prefix, log=one.code), _("Log of deliveries"))
        )
    )
    if actor.sample or key.withdrawn_at is not None:
        return
    with st.container(horizontal=True, key=f"call_back_{one.code}"):
        if one.state is not CallBackState.ACTIVE:
            st.button(
                _("Check the address and switch on"), key=f"check_{one.code}", on_click=lambda: _check(key, one.code)
            )
        else:
            st.button(
                _("Pause"),
                key=f"pause_{one.code}",
                on_click=lambda: perform(_act(key, call_backs.pause, one.code), _("The call-backs are paused.")),
            )
        st.button(_("New secret"), key=f"secret_{one.code}", on_click=lambda: _renew(key, one.code))
    with st.expander(_("End this subscription")):
        st.html(
            Markup("<p>{}</p>").format(
                _("Its system is called back no more, and the log is deleted with it. This can't be undone.")
            )
        )
        st.button(
            _("End it now"),
            key=f"end_{one.code}",
            on_click=lambda: perform(_act(key, call_backs.end_subscription, one.code), _("The subscription is ended.")),
        )


def _check(key: InterfaceKey, code: str) -> None:
    """Check the address, outside any transaction, and say what came of it."""

    def check(session: Session) -> None:
        hold_key(session, visit().actor, key.prefix)

    def send() -> None:
        actor = visit().actor
        settings = call_backs.call_back_settings(os.environ)
        by = actor.username if actor else ""
        checked = call_backs.check_endpoint(engine(), key, code, settings, by=by, now=visit().now)
        if not checked.taken:
            raise Conflict(N_("The address did not take the message of trial: {reason}"), reason=checked.error)

    if performed(check, ""):
        performed(lambda _session: None, _("The address answers; it is called back from now on."), prepare=send)


def _renew(key: InterfaceKey, code: str) -> None:
    def renew(session: Session) -> None:
        made = _act(key, call_backs.renew_secret, code)(session)
        assert isinstance(made, CallBackSubscription)
        st.session_state[_MADE] = (code, made.secret(call_backs.call_back_settings(os.environ)))

    perform(renew, _("A new secret is made; the old one is good for two more days."))


def _draw_secret(secret: str) -> None:
    button = Markup('<button type="button" class="button quiet" data-copy="{}" data-done="{}">{}</button>').format(
        secret, _("Copied"), _("Copy the secret")
    )
    st.html(
        Markup(
            '<div class="receipt" role="status"><div><span>{}</span><strong class="hash">{}</strong></div>'
            '<div class="receipt-tools">{}</div></div>'
        ).format(_("Secret of the signatures, shown only now"), secret, button)
    )


def _draw_form(key: InterfaceKey) -> None:
    try:
        subjects = subjects_of(key.allowed)
    except DomainError as error:
        notice(_(error.message, **error.params))
        return
    with st.expander(_("Add a subscription")):
        url = st.text_input(
            _("Address"), key="call_back_url", max_chars=500, placeholder="https://example.com/hook"
        )
        kinds = st.multiselect(
            _("Kinds of changes"),
            [kind for kind in KINDS if kind.partition(".")[0] in subjects],
            key="call_back_kinds",
            format_func=_kind,
            placeholder=_("All that the key may read"),
        )

        def subscribe(session: Session) -> None:
            made = _act(key, call_backs.subscribe, url, kinds)(session)
            assert isinstance(made, CallBackSubscription)
            st.session_state[_MADE] = (made.code, made.secret(call_backs.call_back_settings(os.environ)))

        draw_problems("call_back", {"url": N_("Address"), "kinds": N_("Kinds of changes")})
        st.button(
            _("Add the subscription"),
            type="primary",
            on_click=lambda: perform(
                subscribe, _("The subscription is added; check its address next."), "call_back_url", beside="call_back"
            ),
        )


def _draw_log(actor: Actor, key: InterfaceKey, one: CallBackSubscription) -> None:
    with reading(engine()) as session:
        found = call_backs.list_deliveries(session, key, one.code, limit=_LOG)
    if not found:
        notice(_("Nothing was sent yet."))
        return
    draw_answer(
        DELIVERY_COLUMNS,
        found,
        caption=_("Deliveries, the newest first"),
        drawn={"type": lambda delivery: _kind(delivery.kind), "state": _state},
        stacks=True,
    )
    again = [delivery for delivery in found if delivery.state is not DeliveryState.WAITING]
    if again and not actor.sample and key.withdrawn_at is None:
        numbers = {delivery.id: f"{delivery.id} · {_kind(delivery.kind)} · {delivery.code}" for delivery in again}
        number = st.selectbox(
            _("Which to send again"), list(numbers), format_func=numbers.__getitem__, key=f"again_{one.code}"
        )
        st.button(
            _("Send again"),
            key=f"send_{one.code}",
            on_click=lambda: perform(
                _act(key, call_backs.send_again, one.code, number), _("It is sent again in a few seconds.")
            ),
        )


def _kind(kind: str) -> str:
    """Return a kind of changes in words."""
    subject, _dot, happening = kind.partition(".")
    spoken = current()
    return _(
        "{subject}: {happening}",
        subject=label(spoken, Subject(subject)),
        happening=label(spoken, Happening(happening)),
    )


def _state(delivery: CallBackDelivery) -> Markup:
    drawn = tag(label(current(), delivery.state), _SENT.get(delivery.state, "warn"))
    if not delivery.error:
        return drawn
    return Markup('{}<div class="quiet">{}</div>').format(drawn, delivery.error)
