"""The ids that a system of another office has for records of ours."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import Integer, String, UniqueConstraint, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base, choice
from stations.entered_text import narrow
from stations.errors import Conflict, InvalidInput
from stations.language import N_
from stations.registry.record_kind import RecordKind

ID_LIMIT = 80
_ID = re.compile(r"[\w.:/@-]{1,80}")


class ExternalId(Base):
    """The id of a record in a system. ``version``: of our record that both sides held last."""

    __tablename__ = "external_id"
    in_caches = False
    personal_data = None
    __table_args__ = (UniqueConstraint("system", "kind", "external_id"), UniqueConstraint("system", "kind", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    system: Mapped[str] = mapped_column(String(40))
    kind: Mapped[RecordKind] = mapped_column(choice(RecordKind, "kind"))
    external_id: Mapped[str] = mapped_column(String(ID_LIMIT))
    code: Mapped[str] = mapped_column(String(40), index=True)
    version: Mapped[int] = mapped_column(Integer)
    synced_at: Mapped[datetime]


def read_id(field: str, written: str) -> str:
    """Return the id of a record in another system.

    Raises:
        InvalidInput: it is empty, too long, or has signs that no id needs.
    """
    value = narrow(written)
    if not _ID.fullmatch(value):
        raise InvalidInput(
            field, N_("“{value}” can't be an id; write up to 80 letters, digits and . : / @ _ -"), value=written[:100]
        )
    return value


def known_by(session: Session, system: str, external_id: str) -> ExternalId | None:
    """Return what a system's id of a station stands for; None if it is new."""
    mine = (ExternalId.system == system) & (ExternalId.kind == RecordKind.STATION)
    return session.scalar(select(ExternalId).where(mine, ExternalId.external_id == external_id).with_for_update())


def link(session: Session, system: str, external_id: str, code: str, version: int, now: datetime) -> ExternalId:
    """Note what a system's id of a station stands for, and the version that both hold.

    Raises:
        InvalidInput: the system knows the station by another id.
        Conflict: another request has just written the same.
    """
    if other := ids_of(session, system, [code]).get(code):
        told = N_("You know {code} by the id {id} already; send the row with that id")
        raise InvalidInput("code", told, code=code, id=other)
    made = ExternalId(
        system=system, kind=RecordKind.STATION, external_id=external_id, code=code, version=version, synced_at=now
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise Conflict(N_("Another request has written this id just now; send the row again")) from None
    return made


def ids_of(session: Session, system: str, codes: list[str]) -> dict[str, str]:
    """Return the system's ids of stations, by their codes."""
    mine = (ExternalId.system == system) & (ExternalId.kind == RecordKind.STATION) & ExternalId.code.in_(codes)
    return {one.code: one.external_id for one in session.scalars(select(ExternalId).where(mine))}
