"""The offices' addresses as they are told: a column for every channel."""

from __future__ import annotations

import pytest

from stations.accounts.duty_choices import AreaChoice
from stations.alerts.alert_contacts import Office
from stations.answers.alert_offices import OFFICE_COLUMNS, OFFICES
from stations.answers.columns import cells
from stations.duty.roles import AreaKind
from stations.language import Language
from stations.notices.channel_table import CHANNELS, channel_of

EMAIL = channel_of("email")
CITY = AreaChoice(AreaKind.CITY, "320500", "苏州市", "Suzhou")
PROVINCE = AreaChoice(AreaKind.PROVINCE, "320000")


@pytest.mark.parametrize(("area", "name"), [(CITY, "Suzhou"), (PROVINCE, "Jiangsu")])
def test_an_office_has_a_cell_for_every_channel(area: AreaChoice, name: str) -> None:
    office = Office(area, {EMAIL: "office@example.com"})
    expected = ["office@example.com" if channel is EMAIL else None for channel in CHANNELS]
    assert cells(OFFICE_COLUMNS, office, Language("en")) == [name, *expected]
    told = OFFICES.as_data(office)
    assert (told["area"], told["email"]) == (area.code, "office@example.com")
    assert set(told) == {"area", "office", *(channel.code for channel in CHANNELS)}
