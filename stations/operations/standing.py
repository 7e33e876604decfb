"""How an installation stands: every part, the server processes, and the security events of late."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from stations.database import reading
from stations.duty.roles import Action, Actor, require, whole_province
from stations.errors import DomainError
from stations.job_runs import runs_by_job
from stations.language import N_, Worded, day_in_china
from stations.notices.channel import Channel
from stations.notices.settings import read_notice_settings
from stations.operations.check import Check, Part, State, worst
from stations.operations.storage_checks import (
    check_backups,
    check_database,
    check_disk,
    check_erasure_list,
    check_schema,
)
from stations.operations.work_checks import (
    ExpectedJob,
    backup_awaited,
    check_clock,
    check_job,
    check_notices,
    check_servers,
)
from stations.security_events import SecurityEvent, events_since
from stations.server_processes import ServerProcess, processes_seen
from stations.version import build

LATELY = timedelta(days=7)
"""How far back security events are told."""


@dataclass(frozen=True)
class Installation:
    """What is looked at. ``set_to``: what the clock is set to by hand, None if it is not."""

    engine: Engine
    jobs: Sequence[ExpectedJob]
    now: datetime
    set_to: datetime | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)


@dataclass(frozen=True)
class Operations:
    """The answer. ``build``: of the code that answers. ``checks``: in the order in which to look at them."""

    at: datetime
    build: str
    checks: tuple[Check, ...]
    servers: tuple[ServerProcess, ...]
    events: tuple[SecurityEvent, ...]

    @property
    def state(self) -> State:
        """The worst state of all parts."""
        return worst(list(self.checks))


def operations(actor: Actor | None, installation: Installation) -> Operations:
    """Return how the installation stands, for a person.

    Raises:
        NotAllowed: it is outside the actor's duty.
    """
    require(actor, Action.SEE_OPERATIONS, whole_province())
    return look(installation)


def look(installation: Installation) -> Operations:
    """Return how the installation stands. If the database does not answer, what stands in it is left out."""
    checks, servers, events = storage(installation.engine), [], []
    of_work: list[Check] = []
    if _usable(checks):
        try:
            with reading(installation.engine) as session:
                channels = _channels(installation.environment)
                of_work.append(check_notices(session, channels, installation.now))
                noted = runs_by_job(session)
                of_work += [check_job(job, noted.get(job.name), installation.now) for job in installation.jobs]
                servers = processes_seen(session, installation.now)
                events = events_since(session, installation.now - LATELY)
            of_work.append(check_servers(servers))
        except SQLAlchemyError:
            checks[0] = unreadable()
    environment = installation.environment
    awaited = backup_awaited(installation.jobs, servers, installation.now)
    checks += check_backups(environment, day_in_china(installation.now), awaited=awaited)
    checks += [check_erasure_list(installation.engine, environment), *of_work, check_clock(installation.set_to)]
    return Operations(installation.now, build(), tuple(checks), tuple(servers), tuple(events))


def storage(engine: Engine) -> list[Check]:
    """Look at what a server can't work without: the database first, then its schema and disk if it answers."""
    database = check_database(engine)
    if database.state is State.FAILING:
        return [database]
    try:
        return [database, check_schema(engine), check_disk(engine)]
    except SQLAlchemyError:
        return [unreadable()]


def unreadable() -> Check:
    """Return the check of a database that answers the smallest question and no other."""
    return Check(
        Part.DATABASE,
        State.FAILING,
        Worded(N_("It can't be read.")),
        Worded(N_("The log says the reason. Keep a copy of the file, and restore the newest backup if it is damaged.")),
    )


def _usable(checks: Sequence[Check]) -> bool:
    return all(check.state is not State.FAILING for check in checks if check.part in {Part.DATABASE, Part.SCHEMA})


def _channels(environment: Mapping[str, str]) -> tuple[Channel, ...]:
    try:
        return read_notice_settings(environment).channels
    except DomainError:  # a server does not start with such a setting; a command may be called with it
        return ()
