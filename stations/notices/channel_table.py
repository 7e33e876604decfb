"""The table of channels, in the program and in the database.

A new channel needs a new module of ``stations.notices.channels`` that defines ``CHANNEL``, and a migration that inserts
its code into the table ``notice_channel``; nothing else changes.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, ForeignKey, String
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

from stations.database import Base
from stations.discovery import find_in_modules
from stations.errors import InvalidInput
from stations.language import N_, ListedAsWritten
from stations.notices import channels
from stations.notices.channel import Channel

_OFFERED = ("phone", "email", "")

CHANNELS: tuple[Channel, ...] = tuple(
    sorted(find_in_modules(channels, "CHANNEL", Channel), key=lambda channel: _OFFERED.index(channel.contact))
)
"""Every channel, in the order in which they are offered: first those whose address a firm has given anyway, of them the
telephone, which everybody has; then by the modules' names."""

_BY_CODE = {channel.code: channel for channel in CHANNELS}


def channel_of(code: str) -> Channel:
    """Return the channel with a code.

    Raises:
        KeyError: there is none.
    """
    return _BY_CODE[code]


def read_channel(field: str, code: str) -> Channel:
    """Return the channel with the code in a form or a command.

    Raises:
        InvalidInput: there is none; the problem's field is ``field``.
    """
    if code not in _BY_CODE:
        raise InvalidInput(
            field, N_("“{value}” is not a channel; use one of: {known}"), value=code, known=ListedAsWritten(_BY_CODE)
        )
    return _BY_CODE[code]


class NoticeChannel(Base):
    """A code allowed in the columns of channels: a foreign key instead of a CHECK constraint in each of them."""

    __tablename__ = "notice_channel"
    in_caches = False
    personal_data = None

    code: Mapped[str] = mapped_column(String(40), primary_key=True)


class ChannelCode(TypeDecorator[Channel]):
    """A column type that stores a channel by its code."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Channel | None, dialect: Dialect) -> str | None:
        return None if value is None else value.code

    def process_result_value(self, value: str | None, dialect: Dialect) -> Channel | None:
        return None if value is None else channel_of(value)


def channel_column(*, primary_key: bool = False) -> MappedColumn[Any]:
    """Return a column for a channel."""
    return mapped_column(ChannelCode(), ForeignKey(NoticeChannel.code), primary_key=primary_key)
