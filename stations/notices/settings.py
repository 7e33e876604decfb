"""The settings of the channels that this installation has, read from the environment.

No channel is on by default, because on a closed network none can be reached. Notices of a channel that is off wait in
the outbox.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS
from stations.notices.parcel import Sender


@dataclass(frozen=True)
class NoticeSettings:
    """``ways``: the settings of each channel that is configured, in the order in which channels are offered."""

    ways: Mapping[Channel, Any]

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that are configured."""
        return tuple(self.ways)

    def offered(self, held: Channel | None = None) -> dict[str, Channel]:
        """Return the channels to choose from by code: those configured, and the one chosen before (``held``)."""
        offered = [channel for channel in CHANNELS if channel in self.ways or channel is held]
        return {channel.code: channel for channel in offered}

    def senders(self) -> dict[Channel, Sender]:
        """Return the sender of each configured channel."""
        return {channel: channel.sender(way) for channel, way in self.ways.items()}

    def signing_secret(self, channel: Channel | None, subject: str) -> str | None:
        """Return the secret that signs notices about ``subject`` on ``channel``; None if they are not signed."""
        if channel is None or channel.signing_secret is None or channel not in self.ways:
            return None
        return channel.signing_secret(self.ways[channel], subject)


def read_notice_settings(environment: Mapping[str, str] = os.environ) -> NoticeSettings:
    """Read the settings of every channel.

    Raises:
        InvalidInput: a value can't be used; the error names the variable and what to write.
    """
    read = {channel: channel.read_settings(environment) for channel in CHANNELS}
    return NoticeSettings({channel: way for channel, way in read.items() if way is not None})
