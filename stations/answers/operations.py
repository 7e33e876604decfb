"""How an installation stands: its parts, its server processes, and the security events of late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stations.answers.columns import Column, Columns, in_words
from stations.answers.presentation import Presentation
from stations.jobs.table import JOBS
from stations.language import N_, Language, Worded, label
from stations.operations.check import Check, Part
from stations.operations.standing import Operations
from stations.security_events import EventKind, SecurityEvent
from stations.server_processes import ServerProcess
from stations.tables.table import Cell

_JOB_LABELS = {job.name: job.label for job in JOBS if job.label}


def job_name(name: str) -> str | Worded:
    """Return the name of a job for people; that of the code where it has no other."""
    return Worded(_JOB_LABELS[name]) if name in _JOB_LABELS else name


def _part(check: Check) -> str | Worded:
    return job_name(check.name) if check.part is Part.JOB else Worded(check.part.label)


def _told(worded: Worded | None, language: Language) -> Cell:
    """Return a message with its instants in words, each to the minute."""
    if worded is None:
        return ""
    params = {
        name: in_words(value, language) if isinstance(value, datetime) else value
        for name, value in worded.params.items()
    }
    return language.translate(worded.message, **params)


CHECKS: Columns[Check] = Columns(
    Column("part", _part, N_("Part"), data=str),
    Column("code", lambda check: check.code),
    Column("state", lambda check: check.state, N_("State")),
    Column("seen", lambda check: check.seen, N_("What is seen"), show=_told, data=str),
    Column("advice", lambda check: check.advice, N_("What to do"), show=_told, data=lambda told: told and str(told)),
    Column("figures", lambda check: dict(check.figures)),
)
CHECK_COLUMNS = CHECKS.take("part", "state", "seen", "advice")
"""The table of parts, each with what to do where it is not fine."""

SERVERS: Columns[ServerProcess] = Columns(
    Column("host", lambda one: one.host, N_("Machine")),
    Column("port", lambda one: str(one.port), N_("Port")),
    Column("process", lambda one: str(one.process), N_("Process")),
    Column("build", lambda one: one.build, N_("Version")),
    Column("started_at", lambda one: one.started_at, N_("Started")),
    Column("seen_at", lambda one: one.seen_at, N_("Last seen")),
)
SERVER_COLUMNS = SERVERS.take("host", "port", "process", "build", "started_at", "seen_at")
"""The table of server processes."""

ADVICE_ON_EVENTS: dict[EventKind, str] = {
    EventKind.GUESSING: N_("The guesser is not heard for 15 minutes; owners are. Set SECOND_FACTOR if it goes on."),
    EventKind.CODE_GUESSING: N_("The guesser is not heard for 15 minutes; codes have 50 random bits."),
    EventKind.SECOND_FACTOR_RESET: N_("Look in the audit log who did it, and ask the owner."),
    EventKind.UPLOADS_REFUSED: N_("They were not taken. If it goes on, shut the network out at the proxy."),
    EventKind.FOREIGN_FORMS: N_("They were refused. If people report it, look which address they use, and PUBLIC_URL."),
    EventKind.FOREIGN_HOSTS: N_("They were refused. If people report it, look at ALLOWED_HOSTS and the proxy."),
    EventKind.AUDIT_BROKEN: N_("Stop the portal and compare the database with the newest backup whose log is whole."),
    EventKind.PART_FAILING: N_("Look at the part above."),
}


def _what(event: SecurityEvent) -> tuple[SecurityEvent, str]:
    return event, event.part


def _what_in_words(what: tuple[SecurityEvent, str], language: Language) -> Cell:
    event, code = what
    named = label(language, event.kind)
    if not code:
        return named
    part, _, name = code.partition(":")
    told = job_name(name) if name else Worded(Part(part).label)
    return f"{named}: {in_words(told, language)}"


EVENTS: Columns[SecurityEvent] = Columns(
    Column("hour", lambda event: event.hour, N_("Hour from")),
    Column("kind", _what, N_("What happened"), show=_what_in_words, data=lambda what: what[0].kind.value),
    Column("part", lambda event: event.part or None),
    Column("count", lambda event: event.count, N_("Times")),
    Column("told_at", lambda event: event.told_at, N_("Operator told")),
    Column("advice", lambda event: Worded(ADVICE_ON_EVENTS[event.kind]), N_("What to do"), in_data=False),
)
EVENT_COLUMNS = EVENTS.take("hour", "kind", "count", "told_at", "advice")
"""The table of security events."""


def _data(answer: Operations, _language: Language) -> dict[str, Any]:
    return {
        "at": answer.at.isoformat(),
        "state": answer.state.value,
        "build": answer.build,
        "checks": [CHECKS.as_data(check) for check in answer.checks],
        "servers": [SERVERS.as_data(one) for one in answer.servers],
        "events": [EVENTS.as_data(event) for event in answer.events],
    }


def _notes(answer: Operations, language: Language) -> list[str]:
    say = language.translate
    events = [
        f"{in_words(event.hour, language)} {_what_in_words(_what(event), language)}: {event.count}"
        for event in answer.events
    ]
    return [
        say(N_("Version {build}; the worst: {state}"), build=answer.build, state=label(language, answer.state)),
        *([say(N_("Security events of the last 7 days:")), *events] if events else []),
    ]


OPERATIONS: Presentation[Operations, Check] = Presentation(
    data=_data, rows=lambda answer: answer.checks, columns=lambda _answer: CHECK_COLUMNS, notes=_notes
)
"""Every part with what to do; JSON has the server processes and the security events too."""
