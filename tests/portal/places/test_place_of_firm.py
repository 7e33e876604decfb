"""A form measures from the same place as the search for stations that led to it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from geo.gazetteer import Town
from portal.filing.typed_form import FormChoices, place_of
from portal.places.place_picker import FirmPlace

KUNSHAN = SimpleNamespace(adcode="320583", lon=120.95, lat=31.38)
CHANGSHU = SimpleNamespace(adcode="320581", lon=120.75, lat=31.65)
YUSHAN = Town("320583100", "玉山镇", "320583", (120.98, 31.39))
UNPLACED = Town("320583101", "某镇", "320583")


@pytest.mark.parametrize(
    ("place", "county", "expected"),
    [
        (FirmPlace(120.99, 31.40, KUNSHAN, exact=True), KUNSHAN, (120.99, 31.40)),
        (FirmPlace(120.98, 31.39, KUNSHAN, exact=False, town=YUSHAN), KUNSHAN, (120.98, 31.39)),
        (FirmPlace(120.95, 31.38, KUNSHAN, exact=False, town=UNPLACED), KUNSHAN, (120.95, 31.38)),
        (FirmPlace(120.95, 31.38, KUNSHAN, exact=False), KUNSHAN, (120.95, 31.38)),
        (FirmPlace(120.98, 31.39, KUNSHAN, exact=False, town=YUSHAN), CHANGSHU, (120.75, 31.65)),
        (None, CHANGSHU, (120.75, 31.65)),
    ],
)
def test_the_place_of_a_firm(place: FirmPlace | None, county: SimpleNamespace, expected: tuple[float, float]) -> None:
    choices = FormChoices(services=[], counties=[], chains=[], own="", own_sample=False, place=place)
    assert place_of(choices, county) == expected
