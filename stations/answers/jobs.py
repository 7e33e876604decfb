"""The result of a run of a recurring job: firms reminded, requests escalated or erased."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing, one_row
from stations.firms.reminders import Reminded
from stations.language import N_
from stations.requests.escalation import Escalation

ESCALATIONS: Columns[Escalation] = Columns(
    Column("number", lambda one: one.request.number, N_("Request")),
    Column("station", lambda one: one.request.station.code, N_("Station")),
    Column("due_on", lambda one: one.due_on.isoformat(), N_("Due")),
    Column("level", lambda one: one.level, N_("Escalated to")),
    Column("sample", lambda one: one.request.sample),
)

ESCALATED = listing(
    ESCALATIONS, "number", "station", "due_on", "level", samples=lambda escalation: escalation.request.sample
)
"""The escalated requests, each with the deadline and the level notified."""

ERASED_COLUMNS: Columns[int] = Columns(Column("requests", lambda count: count, N_("Requests whose data was erased")))

ERASED = one_row(ERASED_COLUMNS, "requests")
"""How many requests were erased."""

REMINDERS: Columns[Reminded] = Columns(
    Column("on", lambda done: done.on.isoformat(), N_("Date")),
    Column("ledgers", lambda done: done.ledgers, N_("Ledgers reminded")),
    Column("instruments", lambda done: done.instruments, N_("Instruments due")),
    Column("openings", lambda done: done.openings, N_("Openings told")),
    Column("deleted", lambda done: done.deleted, N_("Kept long enough, deleted")),
)

REMINDED = one_row(REMINDERS, "on", "ledgers", "instruments", "openings", "deleted")
"""How many firms were notified of what."""
