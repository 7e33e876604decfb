"""The type of a channel: one way in which notices leave this installation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from stations.notices.parcel import Sender


@dataclass(frozen=True, eq=False)
class Channel:
    """A channel. Each is a module of ``stations.notices.channels``; compare channels with ``is``.

    ``code``: its name in the database, in JSON and in commands. ``label``, ``address_label``: messages that name the
    channel, and the field for an address of it. ``check_address``: takes the name of a form field and an address as
    typed; returns the address in the form in which it is stored, or raises ``InvalidInput``. ``read_settings``: takes
    the environment; returns the settings of the channel, None if the installation does not have it, or raises
    ``InvalidInput`` with the name of the variable. ``sender``: returns the function that sends with those settings.

    ``contact``: the field of a firm's form that has an address of this channel, "phone" or "email"; "" if it needs one
    of its own. ``read_by_programs``: whether notices go to a program, which needs every step of a request to stay in
    sync; people get no notices of their own steps. ``signing_secret``: takes the settings and the subject of a notice;
    returns the secret with which its receiver checks the signature. None: notices are not signed.
    """

    code: str
    label: str
    address_label: str
    check_address: Callable[[str, str], str]
    read_settings: Callable[[Mapping[str, str]], Any]
    sender: Callable[[Any], Sender]
    contact: str = ""
    read_by_programs: bool = False
    signing_secret: Callable[[Any, str], str] | None = None
