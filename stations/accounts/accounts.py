"""The tables of users and their duties, and adding a user."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, ColumnElement, ForeignKey, ScalarSelect, String, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, aliased, mapped_column, relationship

from stations.accounts.passwords import hash_password
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, Versioned, choice
from stations.duty.area_columns import AreaColumns
from stations.duty.roles import AREA_OF_ROLE, Actor, Area, AreaKind, Responsibility, Role, whole_province
from stations.entered_text import narrow, read_text
from stations.errors import Conflict, InvalidInput, NotFound
from stations.language import N_
from stations.personal_data import PersonalData
from stations.places.counties import City, County
from stations.registry.station import Station

WORKPLACE_LIMIT = 120  # characters of an organisation and of a department


class User(Base, Versioned):
    """A user who can sign in. A ``sample`` user can act on sample records only.

    ``setup_code_hash``: hash of the one-time code for setting a password, valid until ``setup_code_until``. A
    sample user has neither password nor code. ``phone``, ``email``: where administrators reach the person; ``unit``,
    ``department``: where the person works (单位, 处室).
    """

    __tablename__ = "user"
    in_caches = False
    personal_data = PersonalData(columns=("username", "name", "phone", "email", "unit", "department"))

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(200))
    unit: Mapped[str | None] = mapped_column(String(WORKPLACE_LIMIT))
    department: Mapped[str | None] = mapped_column(String(WORKPLACE_LIMIT))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    sample: Mapped[bool] = mapped_column(Boolean)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    password_set_at: Mapped[datetime | None]
    setup_code_hash: Mapped[str | None] = mapped_column(String(64))
    setup_code_until: Mapped[datetime | None]

    duties: Mapped[list[Duty]] = relationship(back_populates="user", cascade="all, delete-orphan", order_by="Duty.id")


class Duty(Base):
    """One role of a user over one area. ``area_code``: an adcode or a station's code."""

    __tablename__ = "duty"
    in_caches = False
    personal_data = None

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role, "role"))
    area_kind: Mapped[AreaKind] = mapped_column(choice(AreaKind, "area_kind"))
    area_code: Mapped[str] = mapped_column(String(40))

    user: Mapped[User] = relationship(back_populates="duties")

    @classmethod
    def area_columns(cls) -> AreaColumns:
        """Return the area columns of a duty, as in ``area_of``; an area that no longer exists counts as the province.
        """
        county, station, user = aliased(County), aliased(Station), aliased(User)

        def of(column: InstrumentedAttribute[Any], key: ColumnElement[bool]) -> ScalarSelect[Any]:
            return select(column).where(key).correlate(cls).scalar_subquery()

        in_county, in_station = county.adcode == cls.area_code, station.code == cls.area_code
        city = case(
            (cls.area_kind == AreaKind.CITY, cls.area_code),
            (cls.area_kind == AreaKind.COUNTY, of(county.city_adcode, in_county)),
            (cls.area_kind == AreaKind.STATION, of(station.city_adcode, in_station)),
        )
        return AreaColumns(
            city,
            case(
                (cls.area_kind == AreaKind.COUNTY, of(county.adcode, in_county)),
                (cls.area_kind == AreaKind.STATION, of(station.county_adcode, in_station)),
            ),
            of(user.sample, user.id == cls.user_id),
            station=case((cls.area_kind == AreaKind.STATION, of(station.code, in_station))),
            province=case(
                (cls.area_kind == AreaKind.PROVINCE, cls.area_code),
                else_=func.coalesce(city, whole_province().province),
            ),
        )


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
    """Create an account with one duty and a password; for the operator at the command line.

    ``area_code``: an adcode (of the province, a city or a county) or a station's code.

    Raises:
        InvalidInput: a name is empty or too long, the area does not exist or the role can't have it, or the
            password is not acceptable.
        Conflict: the user name is taken.
    """
    username = read_username(session, username)
    name = read_text("name", name, limit=80)
    password_hash = hash_password(password, username=username)
    kind, area = read_area(session, role, area_code)
    user = new_user(username, name, role, kind, area_code, sample=area.sample, now=now)
    user.password_hash, user.password_set_at = password_hash, now
    session.add(user)
    log.record(
        session,
        at=now,
        actor=by,
        action=AuditAction.ADD_USER,
        subject_kind=AuditSubject.USER,
        subject=username,
        role=role.value,
        area=area_code,
    )
    return user


def new_user(
    username: str, name: str, role: Role, kind: AreaKind, area_code: str, *, sample: bool, now: datetime
) -> User:
    """Return a user with one duty, without a password and not yet added to a session."""
    return User(
        username=username,
        name=name,
        sample=sample,
        created_at=now,
        updated_at=now,
        duties=[Duty(role=role, area_kind=kind, area_code=area_code)],
    )


def read_username_text(field: str, typed: str) -> str:
    """Return a user name in plain characters, whether or not an account has it.

    Raises:
        InvalidInput: it is empty, too long, or contains blanks or characters that look alike.
    """
    username = read_text(field, narrow(typed), limit=40)
    if not re.fullmatch(r"[\w.@-]+", username):
        raise InvalidInput(field, N_("A user name has letters, digits and . - _ @ only, without blanks"))
    return username


def read_username(session: Session, typed: str) -> str:
    """Return the user name for a new account.

    Raises:
        InvalidInput: it is empty, too long, or contains blanks or characters that look alike.
        Conflict: it is taken.
    """
    username = read_username_text("username", typed)
    if session.scalar(select(User.id).where(func.lower(User.username) == username.lower())):
        raise Conflict(N_("The user name “{username}” is taken"), username=username)
    return username


def read_area(session: Session, role: Role, code: str) -> tuple[AreaKind, Area]:
    """Return the kind and the position of the area with that code.

    Raises:
        InvalidInput: there is no such area, or the role can't have it.
    """
    kind = area_kind_of(session, code)
    if kind not in AREA_OF_ROLE[role]:
        raise InvalidInput(
            "area",
            N_("The role “{role}” can't have the area “{area}”"),
            role=role.value,
            area=code,
        )
    return kind, area_of(session, kind, code)


def area_of(session: Session, kind: AreaKind, code: str) -> Area:
    """Return the position of an area of duty; an area that no longer exists counts as the province."""
    if kind is AreaKind.STATION:
        station = session.scalar(select(Station).where(Station.code == code))
        return station.area if station else whole_province()
    province = code[:2] + "0000"
    if kind is AreaKind.COUNTY:
        county = session.get(County, code)
        return Area(province, county.city_adcode, code) if county else whole_province()
    return Area(province, code) if kind is AreaKind.CITY else Area(province)


def area_kind_of(session: Session, code: str) -> AreaKind:
    """Return the kind of the area with that code: an adcode, or a station's code.

    Raises:
        InvalidInput: there is no such area.
    """
    if session.get(County, code):
        return AreaKind.COUNTY
    if session.get(City, code):
        return AreaKind.CITY
    if session.scalar(select(Station.id).where(Station.code == code)):
        return AreaKind.STATION
    if re.fullmatch(r"\d\d0000", code) and session.scalar(
        select(City.adcode).where(City.adcode.startswith(code[:2])).limit(1)
    ):
        return AreaKind.PROVINCE
    raise InvalidInput(
        "area", N_("“{area}” is neither the name or adcode of an area nor the code of a station"), area=code
    )


def active_user(session: Session, username: str, *, lock: bool = False) -> User | None:
    """Return the user with this name whose account is in use, or None.

    ``lock``: nobody else changes the account until the transaction ends.
    """
    named = select(User).where(User.username == username, User.active)
    return session.scalar(named.with_for_update() if lock else named)


def actor_named(session: Session, username: str, *, samples: bool) -> Actor:
    """Return the actor for a command: the account with that user name, without a password, since the operator runs the
    command.

    Raises:
        NotFound: there is no such account, or it is closed.
    """
    user = active_user(session, username)
    if user is None or (user.sample and not samples):
        raise NotFound(N_("There is no account {username}"), username=username)
    duties = tuple(Responsibility(duty.role, duty.area_kind, duty.area_code) for duty in user.duties)
    return Actor(user.username, user.name, user.sample, duties)


def names_of_people(session: Session, usernames: Iterable[str]) -> dict[str, str]:
    """Return the names of those who did something, by user name, closed accounts included. A user name without an
    account, such as that of a job, is left out.
    """
    named = select(User.username, User.name).where(User.username.in_(set(usernames)))
    return {username: name for username, name in session.execute(named)}


def count_users(session: Session) -> int:
    """Return the number of accounts of real people."""
    return session.scalar(select(func.count()).select_from(User).where(~User.sample)) or 0
