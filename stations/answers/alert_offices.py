"""The addresses to which offices get alerts: one that was set, and all that offices have left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stations.alerts.alert_contacts import Office
from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing, one_row
from stations.language import N_, Bilingual
from stations.notices.channel import Channel
from stations.notices.channel_table import CHANNELS
from stations.province import province_name


@dataclass(frozen=True)
class Contact:
    """The address to which the office of an area gets alerts; None: it gets none."""

    area: str
    channel: str
    address: str | None


CONTACTS: Columns[Contact] = Columns(
    Column("area", lambda one: one.area, N_("Area of duty")),
    Column("channel", lambda one: one.channel, N_("Channel")),
    Column("address", lambda one: one.address, N_("Address")),
)

CONTACT = one_row(CONTACTS, "area", "channel", "address")
"""An address that was set."""


def _name(office: Office) -> Bilingual:
    area = office.area
    return Bilingual(area.name, area.name_en) if area.name else province_name()


def _address(channel: Channel) -> Callable[[Office], str | None]:
    return lambda office: office.addresses.get(channel)


OFFICES: Columns[Office] = Columns(
    Column("area", lambda office: office.area.code, N_("Adcode")),
    Column("office", _name, N_("Office")),
    *(Column[Office](channel.code, _address(channel), channel.label) for channel in CHANNELS),
)
OFFICE_COLUMNS = OFFICES.take("office", *(channel.code for channel in CHANNELS))
"""The table of offices on the page, with the address of each for every channel."""

OFFICE_LIST = listing(OFFICES, "area", "office", *(channel.code for channel in CHANNELS))
"""The offices that have left an address."""
