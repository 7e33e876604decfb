"""The answers about accounts: a new account, or its one-time code."""

from __future__ import annotations

from dataclasses import dataclass

from stations.accounts.accounts import User
from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation
from stations.language import N_

USERS: Columns[User] = Columns(
    Column("username", lambda user: user.username, N_("User name")),
    Column("role", lambda user: user.duties[0].role, N_("Role")),
    Column("area", lambda user: user.duties[0].area_code, N_("Area of duty")),
)

NEW_USER: Presentation[User, User] = Presentation(
    data=lambda user, _language: USERS.as_data(user),
    rows=lambda user: [user],
    columns=lambda _user: USERS.take("username", "role", "area"),
)
"""A new account; its password is never shown."""


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

ISSUED_CODE: Presentation[IssuedCode, IssuedCode] = Presentation(
    data=lambda one, _language: CODES.as_data(one),
    rows=lambda one: [one],
    columns=lambda _one: CODES.take("username", "code", "until"),
)

WITHOUT_FACTOR: Presentation[User, User] = Presentation(
    data=lambda user, _language: RESET.as_data(user),
    rows=lambda user: [user],
    columns=lambda _user: RESET.take("username", "at"),
)
"""An account whose second factor was reset."""
