"""Found stations are ordered by what a firm asks for; what is not known comes last."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from stations.answers.offer_order import OfferOrder, in_order, services_met
from stations.evaluation.service_record import ServiceRecord
from stations.registry.who_offers import Offer

WANTED = ("calibration", "testing")
RECORDS = {
    1: ServiceRecord(working_days=9.0, rating=4.5),
    2: ServiceRecord(working_days=3.5, rating=None),
    3: ServiceRecord(),
    4: ServiceRecord(working_days=3.5, rating=4.9),
}


def offer(number: int, metres: float, unsure: tuple[str, ...] = ()) -> Offer:
    found = SimpleNamespace(station=SimpleNamespace(id=number), distance_m=metres, unsure=unsure)
    return Offer(cast(Any, found), cast(Any, WANTED))


OFFERS = [offer(1, 100, unsure=("testing",)), offer(2, 300), offer(3, 200, unsure=WANTED), offer(4, 400)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (OfferOrder.DISTANCE, [1, 3, 2, 4]),
        (OfferOrder.SERVICES, [2, 4, 1, 3]),
        (OfferOrder.DAYS, [2, 4, 1, 3]),
        (OfferOrder.RATING, [4, 1, 3, 2]),
    ],
)
def test_the_order_is_that_asked_for(order: OfferOrder, expected: list[int]) -> None:
    assert [one.found.station.id for one in in_order(OFFERS, order, RECORDS)] == expected


def test_a_service_that_only_its_group_names_is_not_met() -> None:
    assert [services_met(one) for one in OFFERS] == [1, 2, 0, 2]
