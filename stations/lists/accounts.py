"""The list of accounts: one row for each duty. What it changes goes through the same rules as the accounts' page."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from stations.accounts.account_editing import (
    AccountForm,
    Contact,
    create_account,
    give_duty,
    open_account,
    rename_account,
    seen_by,
    set_active,
    set_contact,
    take_duty,
)
from stations.accounts.accounts import User
from stations.audit.vocabulary import AuditAction
from stations.duty.roles import Action, Actor, Area, signed_in, whole_province
from stations.keeping.doubles import Lookalike
from stations.language import N_
from stations.lists.account_columns import CHOICES, COLUMNS, GATHERED, IN_USE, OUT_OF_USE
from stations.lists.account_rows import AccountRows, AccountState, HeldDuty, person_keys, username_key
from stations.lists.list_row import Held
from stations.lists.register import ListedRow, Occasion, Register
from stations.lists.role_words import ROLE_WORDS
from stations.places.area_names import area_name
from stations.places.area_words import AreaWords
from stations.registry.record_terms import Terms
from stations.registry.station import Station
from stations.tables.table import LIST_MARK


class AccountRegister(Register[AccountState]):
    """The accounts that the actor may see."""

    name = "accounts"
    title = N_("Accounts")
    singular = N_("Account")
    action = Action.EDIT_ACCOUNTS
    logged = AuditAction.IMPORT_ACCOUNTS
    columns = COLUMNS
    choices = CHOICES
    personal = frozenset(column.name for column in COLUMNS)
    gathered = GATHERED
    replaced = N_("Take away the duties that the list does not have, of accounts of which it names duties")
    over_rows = True
    identity = ("username", "name", "email", "phone")

    def __init__(self, session: Session | None = None, actor: Actor | None = None) -> None:
        """``session``, ``actor``: who reads or writes a list; none before it is ``opened``."""
        self._session, self._actor = session, actor
        self._one_time: dict[int, str] = {}

    def opened(self, session: Session, actor: Actor) -> AccountRegister:
        """Return the accounts that the actor may see."""
        return AccountRegister(session, actor)

    def held(self, session: Session, *, sample: bool) -> Sequence[Held[AccountState]]:
        statement = (
            select(User)
            .options(selectinload(User.duties))
            .where(User.sample.is_(sample), seen_by(signed_in(self._actor), samples=sample))
            .order_by(User.username)
        )
        fresh = statement.execution_options(populate_existing=True)
        return [Held(one.id, one.username, one.version, _state_of(one)) for one in session.scalars(fresh)]

    def versions(self, session: Session, *, sample: bool) -> Hashable:
        """Return the versions of all accounts, also of those whose user names and addresses are merely taken."""
        return tuple(map(tuple, session.execute(select(User.id, User.version).order_by(User.id))))

    def keys(self, state: AccountState) -> Sequence[Hashable]:
        """Return the user name, the e-mail address, and the person's name with the telephone line."""
        return (username_key(state.username), *person_keys(state.name, state.email, state.phone))

    def area(self, state: AccountState, *, sample: bool) -> Area:
        """Return the whole province; ``AccountRows`` asks for each duty whether the actor may give it."""
        return whole_province(sample=sample)

    def refuses(self, actor: Actor, state: AccountState) -> None:
        """Return None: the rows are checked duty by duty, and ``held`` has only accounts that the actor may see."""
        return None

    def cells(self, code: str, state: AccountState, occasion: Occasion) -> Mapping[str, Any]:
        """Return the cells of an account, its duties in one."""
        rows = self.row_cells(code, state, occasion)
        together = {name: LIST_MARK.join(row[name] for row in rows if row[name]) for name in ("role", "area")}
        return {**rows[0], **together}

    def row_cells(self, code: str, state: AccountState, occasion: Occasion) -> Sequence[Mapping[str, Any]]:
        """Return a row for each duty, each with the cells of the person."""
        person = {
            "username": state.username,
            "name": state.name,
            "phone": state.phone,
            "email": state.email,
            "unit": state.unit,
            "department": state.department,
            "active": IN_USE if state.active else OUT_OF_USE,
        }
        return [
            person | {"role": ROLE_WORDS[duty.role][0], "area": _area_cell(duty.area_code)} for duty in state.duties
        ] or [person | {"role": None, "area": None}]

    def maker(self, occasion: Occasion) -> AccountRows:
        """Return the reader of the rows of one list."""
        session, actor, terms = self._session, signed_in(self._actor), occasion.terms
        if session is None:
            raise ValueError("the accounts are not opened")
        mine = select(Station.code, Station.name).where(Station.sample.is_(actor.sample))
        stations = {code: name for code, name in session.execute(mine)}
        seen = {one.code.casefold() for one in self.held(session, sample=actor.sample)}
        others = {name for name in session.scalars(select(func.lower(User.username))) if name not in seen}
        emails = {
            email.casefold(): username if username.casefold() in seen else None
            for email, username in session.execute(select(User.email, User.username).order_by(User.username))
            if email
        }
        areas = AreaWords(terms.cities, terms.counties)
        return AccountRows(session, actor, areas, stations, frozenset(others), emails, occasion)

    def lookalike(self, code: str, state: AccountState, terms: Terms, *, sample: bool) -> Lookalike | None:
        """Return what is compared in the search for one person with two accounts."""
        area = next((duty.area_code for duty in state.duties), "")
        county = terms.counties.get(area)
        city = terms.cities.get(county.city_adcode if county else area)
        return Lookalike(
            code,
            state.name,
            state.phone,
            None,
            None,
            city.adcode if city else "",
            county.adcode if county else area or None,
            "",
            None,
            sample,
        )

    def write(
        self, session: Session, actor: Actor, rows: Sequence[ListedRow[AccountState]], *, reason: str, now: datetime
    ) -> Mapping[int, str]:
        """Add and change accounts by the functions of their page, which check and log each change.

        A new account gets a one-time code, with which the person sets the first password.
        """
        codes: dict[int, str] = {}
        for row in rows:
            if row.after is None:
                continue
            if row.before is None:
                codes[row.number], self._one_time[row.number] = _add(session, actor, row.after, now)
            else:
                _change(session, actor, row.version or 0, row.before, row.after, now)
        return codes

    def one_time_codes(self) -> Mapping[int, str]:
        """Return the one-time code of each new account, by row number."""
        return self._one_time


def _state_of(user: User) -> AccountState:
    return AccountState(
        username=user.username,
        name=user.name,
        phone=user.phone,
        email=user.email,
        unit=user.unit,
        department=user.department,
        active=user.active,
        duties=tuple(sorted(HeldDuty(duty.role, duty.area_code) for duty in user.duties)),
    )


def _area_cell(code: str) -> str:
    """Return an area as the list has it: its name with that of its city, or a station's code."""
    return area_name(code).zh if code.isdigit() else code


def _add(session: Session, actor: Actor, account: AccountState, now: datetime) -> tuple[str, str]:
    """Add an account; return its user name and its one-time code."""
    first, *more = account.duties
    form = AccountForm(account.username, account.name, first.role, first.area_code, _contact(account))
    user, code = create_account(session, actor, form, now=now)
    session.flush()
    for duty in more:
        give_duty(session, actor, user.username, duty.role, duty.area_code, version=user.version, now=now)
    if not account.active:
        session.flush()
        set_active(session, actor, user.username, False, version=user.version, now=now)
    return user.username, code


def _contact(account: AccountState) -> Contact:
    return Contact(account.phone or "", account.email or "", account.unit or "", account.department or "")


def _change(
    session: Session, actor: Actor, version: int, before: AccountState, after: AccountState, now: datetime
) -> None:
    username = before.username

    def current(user: User) -> int:
        session.flush()
        return user.version

    if after.name != before.name:
        version = current(rename_account(session, actor, username, after.name, version=version, now=now))
    if _contact(after) != _contact(before):
        version = current(set_contact(session, actor, username, _contact(after), version=version, now=now))
    for duty in after.duties:
        if duty not in before.duties:
            given = give_duty(session, actor, username, duty.role, duty.area_code, version=version, now=now)
            version = current(given)
    for duty in before.duties:
        if duty not in after.duties:
            user = open_account(session, actor, username)
            code = next(one.id for one in user.duties if HeldDuty(one.role, one.area_code) == duty)
            version = current(take_duty(session, actor, username, code, version=version, now=now))
    if after.active != before.active:
        set_active(session, actor, username, after.active, version=version, now=now)


ACCOUNTS = AccountRegister()
