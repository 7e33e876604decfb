"""One account on the administration page: its duties, its state, and the forms that change it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import streamlit as st
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.components import facts, notice, page_url, sample_tag, tag
from portal.duty.duties import area_in_words, duty_in_words
from portal.language import N_, _, current, pick
from portal.option_labels import distinct
from portal.page_action import perform
from portal.required_fields import mark_required
from portal.storage import engine
from portal.visit import site_address, visit
from stations.accounts.account_editing import (
    EMAIL_LIMIT,
    AccountForm,
    Contact,
    create_account,
    give_duty,
    issue_setup_code,
    may_edit_account,
    open_account,
    rename_account,
    reset_second_factor,
    set_active,
    set_contact,
    sign_out_account,
    take_duty,
    unlock,
)
from stations.accounts.accounts import WORKPLACE_LIMIT, Duty, User
from stations.accounts.duty_choices import AreaChoice, areas_to_give, counties_of_duty, roles_to_give
from stations.accounts.own_account import SETUP_CODE_LASTS
from stations.accounts.second_factor import second_factor_of
from stations.accounts.sign_in_guard import shut_out_until
from stations.database import reading
from stations.duty.roles import AREA_OF_ROLE, Actor, AreaKind, Responsibility, Role
from stations.errors import DomainError
from stations.language import label
from stations.readers.telephone import LIMIT as PHONE_LIMIT

_CODE = "issued_code"
_CONTACT = {
    "unit": (N_("Organisation"), WORKPLACE_LIMIT),
    "department": (N_("Department"), WORKPLACE_LIMIT),
    "phone": (N_("Telephone"), PHONE_LIMIT),
    "email": (N_("E-mail address"), EMAIL_LIMIT),
}


def state_tags(user: User, now: datetime) -> Markup:
    """Return tags for the state of an account: in use or not, one-time code issued or expired."""
    tags = [tag(_("In use"), "good") if user.active else tag(_("Out of use"), "bad")]
    if user.setup_code_until:
        waiting = user.setup_code_until > now
        tags.append(tag(_("One-time code issued") if waiting else _("One-time code has run out"), "warn"))
    return Markup(" ").join(tags)


def draw_account(actor: Actor, username: str, *, samples: bool) -> None:
    """Draw one account and, if the actor may change it, the forms to do so."""
    with reading(engine()) as session:
        try:
            user = open_account(session, actor, username, samples=samples)
        except DomainError as error:
            notice(_(error.message, **error.params), "warn")
            return
        editable = may_edit_account(session, actor, user)
        factor = second_factor_of(session, username)
        shut_out = shut_out_until(session, username, visit().now)
        duties = [
            (duty, duty_in_words(session, Responsibility(duty.role, duty.area_kind, duty.area_code)))
            for duty in user.duties
        ]
    _draw_issued_code(username)
    spoken = current()
    st.html(Markup('<h2 class="request-title">{} {}</h2>').format(user.name, state_tags(user, visit().now)))
    facts(
        [
            (_("User name"), Markup("{} {}").format(user.username, sample_tag() if user.sample else "")),
            (_("Organisation"), user.unit or ""),
            (_("Department"), user.department or ""),
            (_("Telephone"), user.phone or ""),
            (_("E-mail address"), user.email or ""),
            (_("Duties"), Markup(" ").join(tag(words) for _duty, words in duties) or _("None")),
            (_("Added"), spoken.format_datetime(user.created_at)),
            (_("Last changed"), spoken.format_datetime(user.updated_at)),
            (_("Password set"), spoken.format_datetime(user.password_set_at) if user.password_set_at else ""),
            (_("Two-step sign-in"), spoken.format_datetime(factor.set_up_at) if factor else _("Not set up")),
        ]
    )
    if not editable:
        notice(_why_closed(actor, user))
        return
    if shut_out:
        _draw_unlocking(user, shut_out)
    _draw_duties(actor, user, duties)
    _draw_name_and_state(user, has_factor=factor is not None)


def _why_closed(actor: Actor, user: User) -> str:
    if actor.sample:
        return _("Invented people look at accounts and change none.")
    if actor.username == user.username:
        return _("Your own account is changed by another administrator; your password under “My account”.")
    return _("This account has a duty above your own or outside your area; it is not yours to change.")


def _draw_unlocking(user: User, until: datetime) -> None:
    """Draw how long somebody is not heard after failed sign-ins, and the button that ends it."""
    notice(
        _(
            "After too many failed sign-ins with this user name, whoever failed is not heard until {until}.",
            until=current().format_datetime(until),
        ),
        "warn",
    )
    st.button(
        _("Unlock now"),
        on_click=lambda: perform(
            lambda session: unlock(session, visit().actor, user.username, version=user.version, now=visit().now),
            _("The account is unlocked; the person can sign in at once."),
        ),
        help=_("Make sure before who is asking: it may be somebody else who guesses."),
    )


def _draw_duties(actor: Actor, user: User, duties: list[tuple[Duty, str]]) -> None:
    st.subheader(_("Duties"))
    for duty, words in duties:
        with st.container(horizontal=True, vertical_alignment="center", key=f"duty_{duty.id}"):
            st.html(Markup('<div class="device"><strong>{}</strong></div>').format(words))
            st.button(
                _("Take away"),
                key=f"take_{duty.id}",
                on_click=lambda duty=duty: perform(
                    lambda session: take_duty(
                        session, visit().actor, user.username, duty.id, version=user.version, now=visit().now
                    ),
                    _("The duty is taken away."),
                ),
            )
    with st.expander(_("Give one more duty")):
        role, area = draw_duty_choice(actor, "give")
        st.button(
            _("Give this duty"),
            type="primary",
            disabled=not (role and area),
            on_click=lambda: perform(
                lambda session: give_duty(
                    session, visit().actor, user.username, role or "", area or "", version=user.version, now=visit().now
                ),
                _("The duty is given."),
            ),
        )


def _draw_name_and_state(user: User, *, has_factor: bool) -> None:
    def act(change: Callable[..., object], *arguments: object) -> Callable[[Session], object]:
        return lambda session: change(
            session, visit().actor, user.username, *arguments, version=user.version, now=visit().now
        )

    st.subheader(_("Name, password, state"))
    with st.form("rename", border=False):
        name = f"rename_{user.username}"
        mark_required(name, told=False)
        st.text_input(_("Person's name"), value=user.name, key=name)
        st.form_submit_button(
            _("Save the name"),
            on_click=lambda: perform(act(rename_account, st.session_state[name]), _("The name is saved.")),
        )
    with st.form("contact", border=False):
        keys = _draw_contact(f"contact_{user.username}", Contact.of(user))
        st.form_submit_button(
            _("Save contact and organisation"),
            on_click=lambda: perform(act(set_contact, _contact_typed(keys)), _("Contact and organisation are saved.")),
        )

    def issue(session: Session) -> None:
        st.session_state[_CODE] = (user.username, act(issue_setup_code)(session))

    with st.container(horizontal=True, key="account_state"):
        st.button(_("Issue a one-time code"), on_click=lambda: perform(issue, _("A new one-time code is issued.")))
        st.button(
            _("Sign out everywhere"),
            on_click=lambda: perform(act(sign_out_account), _("The account is signed out everywhere.")),
        )
        if has_factor:
            st.button(
                _("Reset two-step sign-in"),
                on_click=lambda: perform(
                    act(reset_second_factor), _("Two-step sign-in is reset; the password alone signs in again.")
                ),
            )
        if user.active:
            st.button(
                _("Put out of use"), on_click=lambda: perform(act(set_active, False), _("The account is out of use."))
            )
        else:
            st.button(
                _("Put back into use"),
                on_click=lambda: perform(act(set_active, True), _("The account is in use again.")),
            )
    st.html(
        Markup('<p class="source">{}</p>').format(
            _(
                "A one-time code sets a new password, where it was forgotten too. "
                "Reset two-step sign-in for who has lost the phone and the recovery codes, "
                "and make sure before who is asking. Out of use, an account is signed out at once."
            )
        )
    )


def _draw_contact(key: str, held: Contact) -> dict[str, str]:
    """Draw the fields of where a person is reached and works; return the key of each field's input, by its name."""
    keys = {name: f"{key}_{name}" for name in _CONTACT}
    left, right = st.columns(2)
    for place, (name, (title, limit)) in enumerate(_CONTACT.items()):
        (right if place % 2 else left).text_input(_(title), value=getattr(held, name), key=keys[name], max_chars=limit)
    return keys


def _contact_typed(keys: Mapping[str, str]) -> Contact:
    return Contact(**{name: st.session_state[key] for name, key in keys.items()})


def draw_new_account(actor: Actor) -> None:
    """Draw the form for a new account; when it is added, the page shows the account with its one-time code."""
    st.subheader(_("A new account"))
    mark_required("new_username", "new_name", "new_role", "new_county", "new_area_*")
    left, right = st.columns(2)
    username = left.text_input(_("User name"), key="new_username", placeholder=_("Letters, digits and . - _ @"))
    name = right.text_input(_("Person's name"), key="new_name")
    keys = _draw_contact("new", Contact())
    role, area = draw_duty_choice(actor, "new")

    def make(session: Session) -> None:
        form = AccountForm(username, name, role or "", area or "", _contact_typed(keys))
        user, code = create_account(session, visit().actor, form, now=visit().now)
        st.session_state[_CODE] = (user.username, code)
        st.query_params.from_dict({"user": user.username})

    st.button(_("Add the account"), type="primary", on_click=lambda: perform(make, _("The account is added.")))


def draw_duty_choice(actor: Actor, key: str) -> tuple[str | None, str | None]:
    """Draw the choice of a role and its area; return the role and the code of the area, None where not chosen yet."""
    role = st.selectbox(
        _("Role"),
        roles_to_give(actor),
        index=None,
        key=f"{key}_role",
        format_func=lambda one: label(current(), one),
        placeholder=_("Choose a role"),
        filter_mode="contains",
    )
    if role is None:
        return None, None
    county: str | None = None
    with reading(engine()) as session:
        if AreaKind.STATION in AREA_OF_ROLE[role]:
            county = _choose(
                _("County of the station"), counties_of_duty(session, actor), f"{key}_county", _("Choose a county")
            )
        areas = areas_to_give(session, actor, Role(role), county_adcode=county, samples=visit().samples)
    only = areas[0].code if len(areas) == 1 else None
    area = _choose(_("Area of duty"), areas, f"{key}_area_{role}_{county or ''}", _("Choose the area"), only)
    return role.value, area


def _choose(title: str, choices: list[AreaChoice], key: str, placeholder: str, only: str | None = None) -> str | None:
    names = distinct({choice.code: _choice_name(choice) for choice in choices})
    return st.selectbox(
        title,
        list(names),
        index=0 if only else None,
        key=key,
        format_func=names.__getitem__,
        placeholder=placeholder,
        filter_mode="contains",
    )


def _choice_name(choice: AreaChoice) -> str:
    name = pick(choice.name, choice.name_en) or area_in_words(choice.kind, choice.code)
    marked = _("{name} (sample)", name=name) if choice.sample else name
    return f"{marked} {choice.code}"


def _draw_issued_code(username: str) -> None:
    """Draw the code just issued for this account; it is never shown again."""
    issued = st.session_state.pop(_CODE, None)
    if issued is None or issued[0] != username:
        return
    address = f"{site_address()}{page_url('first-password', user=username)}"
    message = _(
        "Your account {username} is ready. Set your password at {address} with the one-time code {code}.",
        username=username,
        address=address,
        code=issued[1],
    )
    st.html(
        Markup(
            '<div class="receipt" role="status"><div><span>{}</span><strong>{}</strong></div>'
            "<div><span>{}</span><strong>{}</strong></div>"
            '<div class="receipt-tools">{}</div></div><p>{} <a href="{}" target="_self">{}</a></p>'
        ).format(
            _("User name"),
            username,
            _("One-time code, shown only now"),
            issued[1],
            Markup(" ").join(
                Markup('<button type="button" class="button quiet" data-copy="{}" data-done="{}">{}</button>').format(
                    copied, _("Copied"), title
                )
                for copied, title in ((address, _("Copy the link")), (message, _("Copy a message with all three")))
            ),
            _(
                "Hand it over in person or by telephone. It is good for {days} days; the password is set at:",
                days=SETUP_CODE_LASTS.days,
            ),
            address,
            address,
        )
    )
