"""Checking where a notice is to be sent, by its channel, before the address is stored."""

from __future__ import annotations

from stations.entered_text import narrow, read_text
from stations.errors import InvalidInput
from stations.language import N_
from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS, channel_of
from stations.readers.email_address import ADDRESS_LIMIT


def check_address(field: str, channel: Channel, value: str) -> str:
    """Return an address of ``channel`` in the form in which it is stored.

    Raises:
        InvalidInput: it is not an address of that channel.
    """
    return channel.check_address(field, read_text(field, value, limit=ADDRESS_LIMIT))


def channel_of_contact(typed: str) -> Channel:
    """Return the channel of what a person typed to be reached by: e-mail if it has an @, else text messages."""
    contact = "email" if "@" in narrow(typed) else "phone"
    return next(channel for channel in CHANNELS if channel.contact == contact)


def read_way(code: str, address: str) -> tuple[Channel, str]:
    """Return the channel and the address that a form asks for.

    Raises:
        InvalidInput: ``notice_channel`` is not the code of a channel, or ``notice_address`` is not an address of it.
    """
    try:
        channel = channel_of(code)
    except KeyError:
        raise InvalidInput("notice_channel", N_("Choose one of the ways offered")) from None
    return channel, check_address("notice_address", channel, address)
