"""The outbox: notices by channel and state, those that failed, and what a round of delivery sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation
from stations.language import N_, Language, Worded, label
from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS
from stations.notices.delivery import Delivered
from stations.notices.outbox import Notice, NoticeState, OutboxStanding


def _code(channel: Channel) -> str:
    return channel.code


def _label(channel: Channel, language: Language) -> str:
    return label(language, channel)


STANDING: Columns[OutboxStanding] = Columns(
    Column("channel", lambda one: one.channel, N_("Way"), show=_label, data=_code),
    Column("state", lambda one: one.state, N_("State")),
    Column("configured", lambda one: one.configured, N_("Configured")),
    Column("count", lambda one: one.count, N_("Notices")),
    Column("oldest", lambda one: one.oldest, N_("Oldest")),
)
STANDING_COLUMNS = STANDING.take("channel", "state", "configured", "count", "oldest")
"""The table of notices by channel and state."""

FAILED: Columns[Notice] = Columns(
    Column("key", lambda notice: notice.key, N_("Notice")),
    Column("channel", lambda notice: notice.channel, N_("Way"), show=_label, data=_code),
    Column("last_error", lambda notice: notice.last_error, N_("Last error")),
    Column("tries", lambda notice: notice.tries, N_("Tries")),
)
FAILED_COLUMNS = FAILED.take("key", "channel", "last_error", "tries")
"""The table of notices that failed."""


@dataclass(frozen=True)
class Outbox:
    """The outbox after a round of delivery.

    ``done``: what was sent. ``configured``: the channels that this installation has. ``failed``: notices that are not
    tried again.
    """

    done: Delivered
    configured: tuple[Channel, ...]
    standing: tuple[OutboxStanding, ...]
    failed: tuple[Notice, ...]

    def waiting(self, channel: Channel) -> int:
        """Return the number of notices that wait for a channel."""
        return sum(one.count for one in self.standing if one.channel is channel and one.state is NoticeState.WAITING)


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
        "waiting": {channel.code: outbox.waiting(channel) for channel in CHANNELS},
        "configured": [channel.code for channel in outbox.configured],
        "standing": [STANDING.as_data(one) for one in outbox.standing],
        "failed_for_good": [FAILED.as_data(notice) for notice in outbox.failed],
    }


def _notes(outbox: Outbox, language: Language) -> list[str]:
    done, say = outbox.done, language.translate
    note = say(N_("{sent} sent, {failed} tries failed"), sent=done.sent, failed=done.failed)
    if unwired := sum(outbox.waiting(channel) for channel in CHANNELS if channel not in outbox.configured):
        note += ". " + language.ngettext(
            "{count} notice waits because its channel is not configured; nothing is lost",
            "{count} notices wait because their channel is not configured; nothing is lost",
            unwired,
        )
    return [note]


OUTBOX: Presentation[Outbox, ChannelRow] = Presentation(
    data=_data,
    rows=lambda outbox: [(channel, channel in outbox.configured, outbox.waiting(channel)) for channel in CHANNELS],
    columns=lambda _outbox: CHANNEL_ROWS.take("channel", "configured", "waiting"),
    notes=_notes,
)
"""The notices sent, those waiting, and those that failed."""
