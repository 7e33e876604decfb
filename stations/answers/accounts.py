"""The answers about accounts: those of an area, a new account, or its one-time code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stations.accounts.accounts import Duty, User
from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing, one_row
from stations.language import N_, Language, label

USERS: Columns[User] = Columns(
    Column("username", lambda user: user.username, N_("User name")),
    Column("role", lambda user: user.duties[0].role, N_("Role")),
    Column("area", lambda user: user.duties[0].area_code, N_("Area of duty")),
)

NEW_USER = one_row(USERS, "username", "role", "area")
"""A new account; its password is never shown."""

def _state(user: User, language: Language) -> str:
    return language.translate(N_("In use") if user.active else N_("Out of use"))


def _duties(duties: Sequence[Duty], language: Language) -> str:
    return language.semicolon.join(f"{label(language, duty.role)} · {duty.area_code}" for duty in duties)


ACCOUNTS: Columns[User] = Columns(
    Column("username", lambda user: user.username, N_("User name")),
    Column("name", lambda user: user.name, N_("Person")),
    Column(
        "duties",
        lambda user: user.duties,
        N_("Duties"),
        show=_duties,
        data=lambda duties: [
            {"role": duty.role.value, "area_kind": duty.area_kind.value, "area": duty.area_code} for duty in duties
        ],
    ),
    Column("unit", lambda user: user.unit, N_("Organisation")),
    Column("department", lambda user: user.department, N_("Department")),
    Column("phone", lambda user: user.phone, N_("Telephone")),
    Column("email", lambda user: user.email, N_("E-mail address")),
    Column("active", lambda user: user, N_("State"), show=_state, data=lambda user: user.active),
    Column("code_until", lambda user: user.setup_code_until, N_("One-time code good until")),
    Column("sample", lambda user: user.sample, N_("Sample")),
)
ACCOUNT_PAGE_COLUMNS = ACCOUNTS.take("username", "name", "duties", "active")
"""The table of accounts on the page, where the state tells of a one-time code as well."""

ACCOUNT_KEYS = ("username", "name", "duties", "unit", "department", "phone", "email", "active", "code_until", "sample")
ACCOUNT_COLUMNS = ACCOUNTS.take(*ACCOUNT_KEYS)
"""The same table on the command line and as a file."""

ACCOUNT_LIST = listing(ACCOUNTS, *ACCOUNT_KEYS, samples=lambda user: user.sample)
"""The accounts in an administrator's area, by user name."""


RESET: Columns[User] = Columns(
    Column("username", lambda user: user.username, N_("User name")),
    Column("at", lambda user: user.updated_at, N_("Second factor reset")),
)


@dataclass(frozen=True)
class IssuedCode:
    """A one-time code with which a person sets a new password."""

    user: User
    code: str


CODES: Columns[IssuedCode] = Columns(
    Column("username", lambda one: one.user.username, N_("User name")),
    Column("code", lambda one: one.code, N_("One-time code")),
    Column("until", lambda one: one.user.setup_code_until, N_("Good until")),
)

ISSUED_CODE = one_row(CODES, "username", "code", "until")

ENDED: Columns[int] = Columns(Column("ended", lambda count: count, N_("Sign-ins ended")))
ENDED_SIGN_INS = one_row(ENDED, "ended")
"""How many sign-ins the operator has ended."""

WITHOUT_FACTOR = one_row(RESET, "username", "at")
"""An account whose second factor was reset."""

UNLOCKED = one_row(USERS, "username")
"""An account whose failed sign-ins are forgotten."""
