"""The result of a run of each recurring job: notices sent, firms reminded, requests escalated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, listing
from stations.firms.reminders import Reminded
from stations.language import N_, Language, Worded
from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS
from stations.notices.delivery import Delivered
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

REMINDERS: Columns[Reminded] = Columns(
    Column("on", lambda done: done.on.isoformat(), N_("Date")),
    Column("ledgers", lambda done: done.ledgers, N_("Ledgers reminded")),
    Column("instruments", lambda done: done.instruments, N_("Instruments due")),
    Column("openings", lambda done: done.openings, N_("Openings told")),
    Column("deleted", lambda done: done.deleted, N_("Kept long enough, deleted")),
)

REMINDED: Presentation[Reminded, Reminded] = Presentation(
    data=lambda done, _language: REMINDERS.as_data(done),
    rows=lambda done: [done],
    columns=lambda _done: REMINDERS.take("on", "ledgers", "instruments", "openings", "deleted"),
)
"""How many firms were notified of what."""


@dataclass(frozen=True)
class Outbox:
    """What was sent, and for each channel the number of waiting notices and whether this installation has it."""

    done: Delivered
    waiting: Mapping[Channel, int]
    configured: tuple[Channel, ...]


ChannelRow = tuple[Channel, bool, int]

CHANNEL_ROWS: Columns[ChannelRow] = Columns(
    Column("channel", lambda row: Worded(row[0].label), N_("Channel")),
    Column("configured", lambda row: row[1], N_("Configured")),
    Column("waiting", lambda row: row[2], N_("Waiting")),
)


def _data(outbox: Outbox, _language: Language) -> dict[str, Any]:
    return {
        "sent": outbox.done.sent,
        "failed": outbox.done.failed,
        "waiting": {channel.code: outbox.waiting[channel] for channel in CHANNELS},
        "configured": [channel.code for channel in outbox.configured],
    }


def _notes(outbox: Outbox, language: Language) -> list[str]:
    done, say = outbox.done, language.translate
    note = say(N_("{sent} sent, {failed} tries failed"), sent=done.sent, failed=done.failed)
    if unwired := sum(outbox.waiting[channel] for channel in CHANNELS if channel not in outbox.configured):
        note += ". " + say(
            N_("{count} notices wait because their channel is not configured; nothing is lost"), count=unwired
        )
    return [note]


OUTBOX: Presentation[Outbox, ChannelRow] = Presentation(
    data=_data,
    rows=lambda outbox: [(channel, channel in outbox.configured, outbox.waiting[channel]) for channel in CHANNELS],
    columns=lambda _outbox: CHANNEL_ROWS.take("channel", "configured", "waiting"),
    notes=_notes,
)
"""The notices sent and those waiting."""
