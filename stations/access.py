"""Who may do what where: users, their roles, their areas of duty, and signing in.

A user holds duties; each is one role over one area (the province, a city, a county or a station).
A role allows actions (``ALLOWED``); an action on a record is allowed when one of the actor's duties
has such a role and its area contains the record's. Pages never decide this, they ask ``require``.

Passwords are held as argon2id hashes; a signed-in browser holds a random token, the database only
its SHA-256. Guessing locks the account for a while.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import Boolean, ForeignKey, Integer, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations import audit
from stations.centres import Centre
from stations.counties import City, County
from stations.database import Base, choice
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidInput, NotAllowed, NotFound
from stations.language import N_
from stations.registry import Station

MIN_PASSWORD = 12
GUESSES_BEFORE_LOCK = 5
LOCKED_FOR = timedelta(minutes=15)
SIGNED_IN_FOR = timedelta(hours=12)

_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex())


class Role(StrEnum):
    """What somebody is here for."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STATION = "station"
    AUDITOR = "auditor"
    PLANNER = "planner"


class AreaKind(StrEnum):
    """How wide an area of duty is."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STATION = "station"


class Action(StrEnum):
    """What an actor can ask to do."""

    SEE_REQUESTS = "see_requests"
    ANSWER_REQUESTS = "answer_requests"
    ADD_ACCOUNTS = "add_accounts"
    KEEP_TARGETS = "keep_targets"
    KEEP_CHAINS = "keep_chains"
    LINK_CHAINS = "link_chains"


ALLOWED: dict[Role, frozenset[Action]] = {
    Role.PROVINCE: frozenset(
        {
            Action.SEE_REQUESTS,
            Action.ANSWER_REQUESTS,
            Action.ADD_ACCOUNTS,
            Action.KEEP_TARGETS,
            Action.KEEP_CHAINS,
            Action.LINK_CHAINS,
        }
    ),
    Role.CITY: frozenset({Action.SEE_REQUESTS, Action.ANSWER_REQUESTS, Action.LINK_CHAINS}),
    Role.COUNTY: frozenset({Action.SEE_REQUESTS, Action.ANSWER_REQUESTS, Action.LINK_CHAINS}),
    Role.STATION: frozenset({Action.SEE_REQUESTS, Action.ANSWER_REQUESTS}),
    Role.AUDITOR: frozenset({Action.SEE_REQUESTS}),
    Role.PLANNER: frozenset(),
}

AREA_OF_ROLE: dict[Role, frozenset[AreaKind]] = {
    Role.PROVINCE: frozenset({AreaKind.PROVINCE}),
    Role.CITY: frozenset({AreaKind.CITY}),
    Role.COUNTY: frozenset({AreaKind.COUNTY}),
    Role.STATION: frozenset({AreaKind.STATION}),
    Role.AUDITOR: frozenset(AreaKind),
    Role.PLANNER: frozenset({AreaKind.PROVINCE, AreaKind.CITY}),
}


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


class SignIn(Base):
    """A browser that is signed in."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Area:
    """Where a record lies, from wide to narrow; empty where it is not known."""

    province: str
    city: str | None = None
    county: str | None = None
    station: str | None = None
    sample: bool = False

    @classmethod
    def of_centre(cls, centre: Centre) -> Area:
        """The area that a centre belongs to, as exactly as its place is known."""
        return cls(
            province=centre.city_adcode[:2] + "0000",
            city=centre.city_adcode,
            county=centre.county_adcode,
            sample=centre.sample,
        )

    @classmethod
    def of_province(cls, session: Session) -> Area:
        """The area of what belongs to the province as a whole: its targets, its list of chains."""
        return cls(province=session.scalars(select(City.adcode).limit(1)).one()[:2] + "0000")

    @classmethod
    def of(cls, station: Station) -> Area:
        """The area that a station, and a request it answers, belongs to."""
        return cls(
            province=station.city_adcode[:2] + "0000",
            city=station.city_adcode,
            county=station.county_adcode,
            station=station.code,
            sample=station.sample,
        )


@dataclass(frozen=True)
class Responsibility:
    """A duty as the rules see it."""

    role: Role
    area_kind: AreaKind
    area_code: str


@dataclass(frozen=True)
class Actor:
    """Who acts. ``sample``: an invented user, who reaches sample records only."""

    username: str
    name: str
    sample: bool
    duties: Sequence[Responsibility]

    def may_somewhere(self, action: Action) -> bool:
        """Whether any of the actor's duties allows the action at all."""
        return any(action in ALLOWED[duty.role] for duty in self.duties)

    def may(self, action: Action, area: Area) -> bool:
        """Whether one of the actor's duties allows the action in that area."""
        if self.sample and not area.sample:
            return False
        return any(
            action in ALLOWED[duty.role] and getattr(area, duty.area_kind) == duty.area_code for duty in self.duties
        )


def require(actor: Actor | None, action: Action, area: Area) -> Actor:
    """Let the action pass or raise.

    Raises:
        NotAllowed: nobody is signed in, or no duty of the actor allows the action there.
    """
    if actor is None:
        raise NotAllowed(N_("Sign in first"))
    if not actor.may(action, area):
        raise NotAllowed(N_("This is outside your duty"))
    return actor


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
            can have, or the password is shorter than ``MIN_PASSWORD``.
        Conflict: the user name is taken.
    """
    username = read_text("username", username, limit=40)
    name = read_text("name", name, limit=80)
    if len(password) < MIN_PASSWORD:
        raise InvalidInput("password", N_("The password needs at least {length} characters"), length=MIN_PASSWORD)
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
        password_hash=_hasher.hash(password),
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


def sign_in(session: Session, username: str, password: str, now: datetime) -> str | None:
    """Check a password; a token for the browser, or None where the name or the password is wrong.

    None is answered alike, and after the same work, for a wrong name, a wrong password and a locked
    account, so that nobody learns which names exist. The transaction must be committed either way:
    it counts the wrong guesses.
    """
    # No name holds a control character, and PostgreSQL would not even take the question.
    name = username.strip() if username.isprintable() else None
    user = session.scalar(select(User).where(User.username == name).with_for_update())
    known = user is not None and user.password_hash is not None
    right = _matches(user.password_hash if known else _NOBODY, password)
    if not known:
        return None
    locked = user.locked_until is not None and user.locked_until > now
    if locked or not user.active:
        return None
    if not right:
        user.wrong_guesses += 1
        if user.wrong_guesses >= GUESSES_BEFORE_LOCK:
            user.wrong_guesses, user.locked_until = 0, now + LOCKED_FOR
            audit.record(
                session, at=now, actor=user.username, action="lock", subject_kind="user", subject=user.username
            )
        return None
    user.wrong_guesses, user.locked_until = 0, None
    if _hasher.check_needs_rehash(user.password_hash):
        user.password_hash = _hasher.hash(password)
    return _open(session, user, now)


def enter_as_sample(session: Session, username: str, now: datetime) -> str | None:
    """A token for an invented user, who needs no password because only sample records are reached."""
    user = session.scalar(select(User).where(User.username == username, User.sample, User.password_hash.is_(None)))
    return _open(session, user, now) if user and user.active else None


def list_sample_users(session: Session) -> list[User]:
    """The invented users that anyone may enter as, by user name."""
    statement = select(User).where(User.sample, User.active, User.password_hash.is_(None))
    return list(session.scalars(statement.order_by(User.username)))


def actor_of(session: Session, token: str | None, now: datetime, *, samples: bool) -> Actor | None:
    """Who holds the token; None where nobody does, it has run out, or it is a sample user's while
    samples are left out."""
    if not token:
        return None
    user = session.scalar(
        select(User)
        .join(SignIn, SignIn.user_id == User.id)
        .where(SignIn.token_hash == _digest(token), SignIn.expires_at > now, User.active)
    )
    if user is None or (user.sample and not samples):
        return None
    duties = tuple(Responsibility(duty.role, duty.area_kind, duty.area_code) for duty in user.duties)
    return Actor(user.username, user.name, user.sample, duties)


def actor_named(session: Session, username: str, *, samples: bool) -> Actor:
    """Who acts by command: the account of that user name. The operator of the server vouches for it.

    Raises:
        NotFound: there is no such account, or it is closed.
    """
    user = session.scalar(select(User).where(User.username == username, User.active))
    if user is None or (user.sample and not samples):
        raise NotFound(N_("There is no account {username}"), username=username)
    duties = tuple(Responsibility(duty.role, duty.area_kind, duty.area_code) for duty in user.duties)
    return Actor(user.username, user.name, user.sample, duties)


def sign_out(session: Session, token: str, now: datetime) -> None:
    """End one browser's sign-in, and clear away those that ran out."""
    session.execute(delete(SignIn).where((SignIn.token_hash == _digest(token)) | (SignIn.expires_at <= now)))


def count_users(session: Session) -> int:
    """How many accounts with a password there are."""
    return session.scalar(select(func.count()).select_from(User).where(User.password_hash.is_not(None))) or 0


def _open(session: Session, user: User, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.add(SignIn(token_hash=_digest(token), user_id=user.id, created_at=now, expires_at=now + SIGNED_IN_FOR))
    audit.record(session, at=now, actor=user.username, action="sign_in", subject_kind="user", subject=user.username)
    return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except VerificationError:
        return False
