"""Accounts: the users, and the duties that say what each may do where."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Integer, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations import audit
from stations.access import AREA_OF_ROLE, AreaKind, Role
from stations.counties import City, County
from stations.database import Base, choice
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidInput
from stations.language import N_
from stations.passwords import hash_password
from stations.registry import Station


class User(Base):
    """Someone who signs in. A ``sample`` user acts on sample records only and has no password."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    sample: Mapped[bool] = mapped_column(Boolean)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    wrong_guesses: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]

    duties: Mapped[list[Duty]] = relationship(back_populates="user", cascade="all, delete-orphan")


class Duty(Base):
    """One role of a user over one area; ``area_code``: an adcode or a station's code."""

    __tablename__ = "duty"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    area_kind: Mapped[AreaKind] = mapped_column(choice(AreaKind, "area_kind"))
    area_code: Mapped[str] = mapped_column(String(40))

    user: Mapped[User] = relationship(back_populates="duties")


def add_user(
    session: Session,
    *,
    username: str,
    name: str,
    password: str,
    role: Role,
    area_code: str,
    by: str,
    now: datetime,
) -> User:
    """Make an account with one duty.

    ``area_code``: an adcode (province ``320000``, a city or a county) or a station's code.

    Raises:
        InvalidInput: a name is empty or too long, the area does not exist or is not one the role
            can have, or the password can't be taken.
        Conflict: the user name is taken.
    """
    username = read_text("username", username, limit=40)
    name = read_text("name", name, limit=80)
    password_hash = hash_password(password, username=username)
    if session.scalar(select(User.id).where(User.username == username)):
        raise Conflict(N_("The user name “{username}” is taken"), username=username)
    kind, sample = _area_kind(session, area_code)
    if kind not in AREA_OF_ROLE[role]:
        raise InvalidInput(
            "area",
            N_("The role “{role}” can't have the area “{area}”"),
            role=role.value,
            area=area_code,
        )
    user = User(
        username=username,
        name=name,
        password_hash=password_hash,
        sample=sample,
        created_at=now,
        duties=[Duty(role=role, area_kind=kind, area_code=area_code)],
    )
    session.add(user)
    audit.record(
        session,
        at=now,
        actor=by,
        action="add_user",
        subject_kind="user",
        subject=username,
        role=role.value,
        area=area_code,
    )
    return user


def _area_kind(session: Session, code: str) -> tuple[AreaKind, bool]:
    if session.get(County, code):
        return AreaKind.COUNTY, False
    if session.get(City, code):
        return AreaKind.CITY, False
    station = session.scalar(select(Station).where(Station.code == code))
    if station:
        return AreaKind.STATION, station.sample
    if re.fullmatch(r"\d\d0000", code) and session.scalar(
        select(City.adcode).where(City.adcode.startswith(code[:2])).limit(1)
    ):
        return AreaKind.PROVINCE, False
    raise InvalidInput("area", N_("“{area}” is neither the adcode of an area nor the code of a station"), area=code)


def count_users(session: Session) -> int:
    """How many accounts with a password there are."""
    return session.scalar(select(func.count()).select_from(User).where(User.password_hash.is_not(None))) or 0
