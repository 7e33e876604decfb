"""The server processes that share this database, as each says of itself once a minute."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from stations.database import Base
from stations.version import build

SEEN_WITHIN = timedelta(minutes=5)
"""A process that has not been seen for so long does not run any more."""
_KEPT_FOR = timedelta(days=1)


class ServerProcess(Base):
    """A process. ``host``: the name of its machine. ``build``: of its code (``stations.version``)."""

    __tablename__ = "server_process"
    in_caches = False
    personal_data = None

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    process: Mapped[int] = mapped_column(Integer)
    port: Mapped[int] = mapped_column(Integer)
    build: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class Presence:
    """This process, as it says of itself. ``port``: where it serves."""

    port: int
    started_at: datetime
    code: str = field(default_factory=lambda: secrets.token_hex(8))


def note_presence(session: Session, presence: Presence, now: datetime) -> None:
    """Say that the process runs at ``now``, and forget those that have long ended."""
    session.execute(delete(ServerProcess).where(ServerProcess.seen_at < now - _KEPT_FOR))
    session.merge(
        ServerProcess(
            code=presence.code,
            host=socket.gethostname()[:255],
            process=os.getpid(),
            port=presence.port,
            build=build(),
            started_at=presence.started_at,
            seen_at=now,
        )
    )


def forget_presence(session: Session, presence: Presence) -> None:
    """Say that the process ends."""
    session.execute(delete(ServerProcess).where(ServerProcess.code == presence.code))


def processes_seen(session: Session, now: datetime) -> list[ServerProcess]:
    """Return the processes that run, those that started first first."""
    running = select(ServerProcess).where(ServerProcess.seen_at > now - SEEN_WITHIN)
    return list(session.scalars(running.order_by(ServerProcess.started_at, ServerProcess.code)))
