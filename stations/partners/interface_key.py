"""The table of keys with which systems of other offices use the interfaces, and who acts by a key.

A key is ``nqi_PREFIX_SECRET``. The prefix tells it from others, in the log too; of the whole only the hash is stored.
The secret has 160 random bits, so that its hash can be a fast one (``secret_hash``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Boolean, Date, Integer, String, case
from sqlalchemy.orm import Mapped, mapped_column

from stations.database import Base, Versioned, choice
from stations.duty.area_columns import AreaColumns
from stations.duty.roles import KEY_ACTOR, Action, Actor, Area, AreaKind, Responsibility, Role
from stations.errors import NotAllowed
from stations.language import N_, LabelledEnum, day_in_china
from stations.partners.scopes import Scope
from stations.personal_data import PersonalData
from stations.secret_codes import ALPHABET, secret_text

PREFIX_LENGTH = 8
_SECRET_LENGTH = 32
_WRITTEN = re.compile(rf"nqi_([{ALPHABET}]{{{PREFIX_LENGTH}}})_[{ALPHABET}]{{{_SECRET_LENGTH}}}")

_ROLES = {AreaKind.PROVINCE: Role.PROVINCE, AreaKind.CITY: Role.CITY, AreaKind.COUNTY: Role.COUNTY}
KEY_AREAS = tuple(_ROLES)
"""The kinds of area that a key can have."""


class KeyState(LabelledEnum):
    """Whether a key opens anything."""

    VALID = "valid", N_("In use")
    EXPIRED = "expired", N_("Expired")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class InterfaceKey(Base, Versioned):
    """A key.

    ``system``: the code of the system that uses it; a key that follows another has the same, and so the same ids of
    records. ``name``: what the system is called; ``holder``: the office or person that has the key. ``area_kind``,
    ``area_code``: where it allows anything; ``city_adcode``: the city of that, "" of the province. ``expires_on``: the
    last day in China on which it is valid. ``per_minute``, ``per_day``: how many requests it may make. ``sample``: it
    reaches sample records only, so that a system can be tried.
    """

    __tablename__ = "interface_key"
    in_caches = False
    personal_data = PersonalData(
        columns=("made_by", "withdrawn_by"),
        written=("holder",),
        kept="without limit: the audit log names the key",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    prefix: Mapped[str] = mapped_column(String(PREFIX_LENGTH), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    system: Mapped[str] = mapped_column(String(40), index=True)
    name: Mapped[str] = mapped_column(String(80))
    holder: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[list[str]]
    area_kind: Mapped[AreaKind] = mapped_column(choice(AreaKind, "area_kind"))
    area_code: Mapped[str] = mapped_column(String(6))
    city_adcode: Mapped[str] = mapped_column(String(6))
    per_minute: Mapped[int] = mapped_column(Integer)
    per_day: Mapped[int] = mapped_column(Integer)
    expires_on: Mapped[date] = mapped_column(Date)
    sample: Mapped[bool] = mapped_column(Boolean)
    made_by: Mapped[str] = mapped_column(String(80))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None] = mapped_column(String(80))
    last_used_at: Mapped[datetime | None]

    @classmethod
    def area_columns(cls) -> AreaColumns:
        """Return the columns that give the area of a key."""
        county = case((cls.area_kind == AreaKind.COUNTY, cls.area_code), else_="")
        return AreaColumns(cls.city_adcode, county, cls.sample, province=cls.area_code)

    @property
    def area(self) -> Area:
        """The area within which it allows anything."""
        county = self.area_code if self.area_kind is AreaKind.COUNTY else None
        return Area(f"{self.area_code[:2]}0000", self.city_adcode or None, county, sample=self.sample)

    @property
    def allowed(self) -> frozenset[Scope]:
        """What it allows."""
        return frozenset(scope for scope in Scope if scope.value in self.scopes)

    def state_at(self, now: datetime) -> KeyState:
        """Return whether it is valid."""
        if self.withdrawn_at is not None:
            return KeyState.WITHDRAWN
        return KeyState.EXPIRED if self.expires_on < day_in_china(now) else KeyState.VALID


@dataclass(frozen=True)
class KeyInUse:
    """A valid key that a system presents, and who acts by it. ``actor``: named ``key:PREFIX``."""

    prefix: str
    system: str
    name: str
    scopes: frozenset[Scope]
    area_kind: AreaKind
    area_code: str
    expires_on: date
    per_minute: int
    per_day: int
    actor: Actor = field(repr=False)

    @classmethod
    def of(cls, key: InterfaceKey) -> KeyInUse:
        """Return a key that was found valid."""
        granted: frozenset[Action] = frozenset[Action]().union(*(scope.actions for scope in key.allowed))
        duty = Responsibility(_ROLES[key.area_kind], key.area_kind, key.area_code, granted)
        actor = Actor(actor_name(key.prefix), key.name, key.sample, (duty,))
        return cls(
            key.prefix,
            key.system,
            key.name,
            key.allowed,
            key.area_kind,
            key.area_code,
            key.expires_on,
            key.per_minute,
            key.per_day,
            actor,
        )

    def require(self, *scopes: Scope) -> Actor:
        """Return who acts by the key if it has one of the scopes.

        Raises:
            NotAllowed: it has none of them.
        """
        if self.scopes.isdisjoint(scopes):
            raise NotAllowed(N_("The key lacks the scope “{scope}”"), scope=scopes[0].value)
        return self.actor


def actor_name(prefix: str) -> str:
    """Return the name of who acts by a key, in the audit log and in what they write."""
    return f"{KEY_ACTOR}{prefix}"


def new_key() -> tuple[str, str]:
    """Return a new key and its prefix."""
    prefix = secret_text(PREFIX_LENGTH)
    return f"nqi_{prefix}_{secret_text(_SECRET_LENGTH)}", prefix


def prefix_of(presented: str) -> str | None:
    """Return the prefix of what is presented as a key; None if it is none by its form."""
    written = _WRITTEN.fullmatch(presented)
    return written[1] if written else None
