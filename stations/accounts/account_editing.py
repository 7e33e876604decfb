"""Administration of the accounts in an administrator's area: adding, renaming, duties, closing, setup codes.

An administrator may change an account if they may give every one of its duties (``roles.ADMINISTERS``, within their
own area), and see it if they may give one of them. Nobody can change their own account here, so there is always
somebody else who can undo a mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Unpack

from sqlalchemy import ColumnElement, exists, false, or_, select
from sqlalchemy.orm import Session, selectinload

from stations.accounts.accounts import WORKPLACE_LIMIT, Duty, User, area_of, new_user, read_area, read_username
from stations.accounts.own_account import new_setup_code
from stations.accounts.second_factor import take_second_factor
from stations.accounts.sign_in_guard import let_in_again
from stations.accounts.sign_ins import end_sign_ins
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail
from stations.duty.duty_areas import lies_in
from stations.duty.roles import ADMINISTERS, Action, Actor, Area, Role, outside_duty, signed_in, whole_province
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidInput, NotAllowed, NotFound, Problems
from stations.language import N_
from stations.readers.email_address import read_email_address
from stations.readers.telephone import read_telephone

EMAIL_LIMIT = 200  # characters


@dataclass(frozen=True)
class Contact:
    """Where a person is reached and works, as typed or read; "" where unknown."""

    phone: str = ""
    email: str = ""
    unit: str = ""
    department: str = ""

    @classmethod
    def of(cls, person: User) -> Contact:
        """Return what is on file of a person."""
        return cls(**{one.name: getattr(person, one.name) or "" for one in fields(cls)})

    def put(self, person: User) -> list[str]:
        """Store it with a person, and return the names of the fields that changed."""
        read = {one.name: getattr(self, one.name) or None for one in fields(self)}
        changed = [name for name, value in read.items() if getattr(person, name) != value]
        for name in changed:
            setattr(person, name, read[name])
        return changed


@dataclass(frozen=True)
class AccountForm:
    """A new account as typed. ``area_code``: an adcode or a station's code."""

    username: str
    name: str
    role: str
    area_code: str
    contact: Contact = Contact()


def list_accounts(
    session: Session,
    actor: Actor | None,
    *,
    samples: bool,
    text: str = "",
    role: Role | None = None,
    active: bool | None = None,
    after: str = "",
    limit: int = 50,
) -> list[User]:
    """Return a page of the accounts that the actor may see, sorted by user name.

    ``text``: part of the user name or the name. ``after``: the last user name of the page before.

    Raises:
        NotAllowed: the actor may not edit accounts.
    """
    statement = select(User).options(selectinload(User.duties)).where(seen_by(_administrator(actor), samples))
    if text:
        statement = statement.where(
            User.username.icontains(text, autoescape=True) | User.name.icontains(text, autoescape=True)
        )
    if role is not None:
        statement = statement.where(exists().where(Duty.user_id == User.id, Duty.role == role))
    if active is not None:
        statement = statement.where(User.active == active)
    return list(session.scalars(statement.where(User.username > after).order_by(User.username).limit(limit)))


def open_account(session: Session, actor: Actor | None, username: str, *, samples: bool = True) -> User:
    """Return an account that the actor may see.

    Raises:
        NotAllowed: the actor may not edit accounts.
        NotFound: there is no such account in the actor's area.
    """
    seen = seen_by(_administrator(actor), samples)
    user = session.scalar(select(User).options(selectinload(User.duties)).where(User.username == username, seen))
    if user is None:
        raise NotFound(N_("There is no account “{username}” in your area"), username=username)
    return user


def may_edit_account(session: Session, actor: Actor, user: User) -> bool:
    """Whether the actor may change the account, not only see it."""
    if actor.sample or user.username == actor.username:
        return False
    places = [(duty.role, area_of(session, duty.area_kind, duty.area_code)) for duty in user.duties]
    # An account without duties is in no area: only an administrator of the whole province may give it one.
    places = places or [(Role.PROVINCE, whole_province())]
    return all(actor.may_administer(role, area) for role, area in places)


def create_account(session: Session, actor: Actor | None, form: AccountForm, *, now: datetime) -> tuple[User, str]:
    """Create an account with one duty. Return it and the one-time code for its first password.

    Raises:
        InvalidForm: one problem for each invalid field; nothing is written.
        NotAllowed: the actor may not give this duty.
    """
    actor = _editor(actor)
    problems = Problems()
    username = problems.attempt(_free_username, session, form.username)
    name = problems.attempt(read_text, "name", form.name, limit=80)
    contact = problems.attempt(read_contact, form.contact)
    given = problems.attempt(_read_duty, session, actor, form.role, form.area_code)
    problems.stop()
    duty, area = given
    user = new_user(username, name, duty.role, duty.area_kind, duty.area_code, sample=area.sample, now=now)
    contact.put(user)
    code = new_setup_code(user, now)
    session.add(user)
    _record(session, actor, AuditAction.ADD_USER, user, now, role=duty.role.value, area=duty.area_code)
    return user, code


def _free_username(session: Session, typed: str) -> str:
    try:
        return read_username(session, typed)
    except Conflict as taken:
        raise InvalidInput("username", taken.message, **taken.params) from None


def rename_account(
    session: Session, actor: Actor | None, username: str, name: str, *, version: int, now: datetime
) -> User:
    """Change the name of a person.

    Raises:
        InvalidInput: the name is empty or too long.
        NotAllowed, NotFound, Conflict: see ``_hold``.
    """
    actor, user = _hold(session, actor, username, version)
    before, user.name = user.name, read_text("name", name, limit=80)
    return _changed(session, actor, AuditAction.RENAME_USER, user, now, before=before, after=user.name)


def set_contact(
    session: Session, actor: Actor | None, username: str, contact: Contact, *, version: int, now: datetime
) -> User:
    """Set where administrators reach a person, and where the person works.

    Raises:
        InvalidForm: one problem for each field that can't be read.
        NotAllowed, NotFound, Conflict: see ``_hold``.
    """
    actor, user = _hold(session, actor, username, version)
    changed = read_contact(contact).put(user)
    if not changed:
        return user
    return _changed(session, actor, AuditAction.SET_USER_CONTACT, user, now, fields=", ".join(changed))


def read_contact(typed: Contact) -> Contact:
    """Return where a person is reached and works as it is stored.

    Raises:
        InvalidForm: one problem for each that can't be read.
    """
    problems = Problems()
    phone = problems.attempt(read_telephone, "phone", typed.phone)
    email = typed.email.strip() and problems.attempt(read_email_address, "email", typed.email, limit=EMAIL_LIMIT)
    unit, department = (
        problems.attempt(read_text, name, getattr(typed, name), limit=WORKPLACE_LIMIT, required=False)
        for name in ("unit", "department")
    )
    problems.stop()
    return Contact(phone.written if phone else "", email.address if email else "", unit, department)


def give_duty(
    session: Session, actor: Actor | None, username: str, role: str, area_code: str, *, version: int, now: datetime
) -> User:
    """Give an account another duty; a duty that it already has changes nothing.

    Raises:
        InvalidInput: there is no such role or area, or the role can't have that area.
        NotAllowed, NotFound, Conflict: see ``_hold``.
    """
    actor, user = _hold(session, actor, username, version)
    duty, area = _read_duty(session, _editor(actor), role, area_code)
    if area.sample and not user.sample:
        raise InvalidInput(
            "area", N_("“{area}” is a sample station; give it an account of its own"), area=duty.area_code
        )
    if any((held.role, held.area_code) == (duty.role, duty.area_code) for held in user.duties):
        return user
    user.duties.append(duty)
    return _changed(session, actor, AuditAction.GIVE_DUTY, user, now, role=duty.role.value, area=duty.area_code)


def take_duty(
    session: Session, actor: Actor | None, username: str, duty_id: int, *, version: int, now: datetime
) -> User:
    """Remove a duty from an account. An account without duties can sign in but do nothing.

    Raises:
        NotFound: the account has no such duty.
        NotAllowed, Conflict: see ``_hold``.
    """
    actor, user = _hold(session, actor, username, version)
    duty = next((duty for duty in user.duties if duty.id == duty_id), None)
    if duty is None:
        raise NotFound(N_("The account no longer has this duty"))
    user.duties.remove(duty)
    return _changed(session, actor, AuditAction.TAKE_DUTY, user, now, role=duty.role.value, area=duty.area_code)


def set_active(
    session: Session, actor: Actor | None, username: str, active: bool, *, version: int, now: datetime
) -> User:
    """Close an account, which ends its sign-ins at once, or reopen it.

    Raises:
        NotAllowed, NotFound, Conflict: see ``_hold``.
    """
    actor, user = _hold(session, actor, username, version)
    if user.active == active:
        return user
    user.active = active
    if not active:
        end_sign_ins(session, username, now, by=actor.username)
    return _changed(session, actor, AuditAction.ACTIVATE_USER if active else AuditAction.DEACTIVATE_USER, user, now)


def issue_setup_code(session: Session, actor: Actor | None, username: str, *, version: int, now: datetime) -> str:
    """Return a new one-time code for a user without a password, or one who forgot it. An existing password stays valid
    until the code is used.

    Raises:
        NotAllowed, NotFound, Conflict: see ``_hold``.
    """
    actor, user = _hold(session, actor, username, version)
    code = new_setup_code(user, now)
    _changed(session, actor, AuditAction.ISSUE_SETUP_CODE, user, now)
    return code


def sign_out_account(session: Session, actor: Actor | None, username: str, *, version: int, now: datetime) -> int:
    """End all sign-ins of an account, as where a telephone was lost, and return their number.

    Raises:
        NotAllowed, NotFound, Conflict: see ``_hold``.
    """
    actor, user = _hold(session, actor, username, version)
    return end_sign_ins(session, user.username, now, by=actor.username)


def unlock(session: Session, actor: Actor | None, username: str, *, version: int, now: datetime) -> None:
    """Let somebody sign in again at once who failed too often: forget the failures with this user name.

    Raises:
        NotAllowed, NotFound, Conflict: see ``_hold``.
    """
    actor, user = _hold(session, actor, username, version)
    let_in_again(session, user.username)
    _record(session, actor, AuditAction.UNLOCK_USER, user, now)


def reset_second_factor(session: Session, actor: Actor | None, username: str, *, version: int, now: datetime) -> None:
    """Delete the second factor of somebody who lost it, and end their sign-ins. Make sure before who is asking.

    Raises:
        NotFound: the account has none.
        NotAllowed, NotFound, Conflict: see ``_hold``.
    """
    actor, user = _hold(session, actor, username, version)
    take_second_factor(session, user, now, by=actor.username)


def seen_by(actor: Actor, samples: bool, action: Action = Action.EDIT_ACCOUNTS) -> ColumnElement[bool]:
    """Return the condition that one of a user's duties lies in an area where the actor may take ``action``.

    For ``EDIT_ACCOUNTS`` the duty must also be one that the actor may give. Accounts without duties are visible to
    the province.
    """
    conditions: list[ColumnElement[bool]] = []
    for duty in actor.duties_for(action):
        within = lies_in(duty, Duty.area_columns())
        if action is Action.EDIT_ACCOUNTS:
            within &= Duty.role.in_(ADMINISTERS[duty.role])
        conditions.append(exists().where(Duty.user_id == User.id, within))
        if Area(duty.area_code) == whole_province():
            conditions.append(~exists().where(Duty.user_id == User.id))
    seen = or_(false(), *conditions)
    if actor.sample:
        seen &= User.sample
    if not samples:
        seen &= User.sample.is_(False)
    return seen


def _administrator(actor: Actor | None) -> Actor:
    actor = signed_in(actor)
    if not actor.may_somewhere(Action.EDIT_ACCOUNTS):
        raise outside_duty(Action.EDIT_ACCOUNTS)
    return actor


def _editor(actor: Actor | None) -> Actor:
    actor = _administrator(actor)
    if actor.sample:
        raise NotAllowed(N_("Invented people and their accounts can't be changed"))
    return actor


def _read_duty(session: Session, actor: Actor, role: str, area_code: str) -> tuple[Duty, Area]:
    if role not in list(Role):
        raise InvalidInput("role", N_("Choose a role"))
    if not area_code.strip():
        raise InvalidInput("area", N_("Choose the area"))
    kind, area = read_area(session, Role(role), area_code.strip())
    if not actor.may_administer(Role(role), area):
        raise NotAllowed(N_("This duty is not yours to give or take: it is above your own or outside your area"))
    return Duty(role=Role(role), area_kind=kind, area_code=area_code.strip()), area


def _hold(session: Session, actor: Actor | None, username: str, version: int) -> tuple[Actor, User]:
    """Return the actor and the account, locked for update, if the actor may change it and ``version`` is current.

    Raises:
        NotAllowed: it is the actor's own account, or has a duty that the actor may not give.
        NotFound: there is no such account in the actor's area.
        Conflict: somebody else has changed it in the meantime.
    """
    actor = _editor(actor)
    user = open_account(session, actor, username)
    if user.username == actor.username:
        raise NotAllowed(N_("Your own account is changed by somebody else"))
    session.refresh(user, with_for_update=True)
    if not may_edit_account(session, actor, user):
        raise NotAllowed(N_("This account has a duty above your own or outside your area"))
    if user.version != version:
        raise Conflict(N_("Somebody has changed this account meanwhile; look at it again before you act"))
    return actor, user


def _changed(
    session: Session, actor: Actor, action: AuditAction, user: User, now: datetime, **detail: Unpack[Detail]
) -> User:
    user.version += 1
    user.updated_at = now
    _record(session, actor, action, user, now, **detail)
    return user


def _record(
    session: Session, actor: Actor, action: AuditAction, user: User, now: datetime, **detail: Unpack[Detail]
) -> None:
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=action,
        subject_kind=AuditSubject.USER,
        subject=user.username,
        **detail,
    )
