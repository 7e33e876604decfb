"""Telling the operator: events above their measure go by notice to ``OPERATOR_NOTICES``."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from stations.errors import InvalidInput
from stations.language import N_, Language
from stations.notices.address import check_address
from stations.notices.channel import Channel
from stations.notices.channel_table import read_channel
from stations.notices.outbox import enqueue
from stations.security_events import SecurityEvent, events_to_tell
from stations.settings import read_value

NAME = "OPERATOR_NOTICES"
_LANGUAGE = Language("zh_CN")  # letters to offices are in Chinese

Way = tuple[Channel, str]


def read_operator_ways(environment: Mapping[str, str] = os.environ) -> tuple[Way, ...]:
    """Read ``OPERATOR_NOTICES``: ``email:ops@example.com``, several with blanks between them; none by default.

    Raises:
        InvalidInput: one is not a channel with an address of it.
    """
    ways = []
    for written in read_value(environment, "OPERATOR_NOTICES").split():
        code, colon, address = written.partition(":")
        if not colon:
            told = N_("OPERATOR_NOTICES has “{value}”; write {example}")
            raise InvalidInput(NAME, told, value=written, example="email:ops@example.com")
        channel = read_channel(NAME, code)
        ways.append((channel, check_address(NAME, channel, address)))
    return tuple(ways)


def tell_operator(session: Session, ways: Sequence[Way], now: datetime) -> int:
    """Put one notice of all events that are due for each way into the outbox. Return the number of events told.

    Without a way they stay untold, and are on the page of operations.
    """
    due = events_to_tell(session, now) if ways else []
    if not due:
        return 0
    name = "-".join(str(event.id) for event in due[:8])
    for number, (channel, address) in enumerate(ways):
        enqueue(
            session,
            key=f"operations/{now:%Y%m%d%H}/{name}/{number}",
            channel=channel,
            address=address,
            subject=_LANGUAGE.translate(N_("Operation of the portal: {count} events"), count=len(due)),
            text="\n".join(event_in_words(event, _LANGUAGE) for event in due),
            data={
                "subject": name,
                "kind": "operations",
                "events": [{"kind": event.kind, "part": event.part, "count": event.count} for event in due],
            },
            now=now,
            sample=False,
        )
    for event in due:
        event.told_at = now
    return len(due)


def event_in_words(event: SecurityEvent, language: Language) -> str:
    """Return an event as a line: what, how often, in which hour."""
    what = language.translate(event.kind.label) + (f" ({event.part})" if event.part else "")
    return language.translate(
        N_("{what}: {count} times in the hour from {instant}"),
        what=what,
        count=event.count,
        instant=language.format_datetime(event.hour),
    )
