"""The order of the stations found for a firm: by how far, how much, how soon, how well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from stations.evaluation.service_record import ServiceRecord
from stations.language import N_, LabelledEnum
from stations.registry.who_offers import Offer


class OfferOrder(LabelledEnum):
    """By what found stations are ordered; those of which it is not known come last, the nearer first."""

    DISTANCE = "distance", N_("Nearest first")
    ROAD = "road", N_("Soonest by car first")
    SERVICES = "services", N_("Most of the services first")
    DAYS = "days", N_("Soonest done first")
    RATING = "rating", N_("Best rated first")


def services_met(offer: Offer) -> int:
    """Return how many of the services that a station is found for its record names, and not their group only."""
    return len(offer.services) - len(set(offer.found.unsure) & set(offer.services))


def in_order(
    offers: Iterable[Offer],
    order: OfferOrder,
    records: Mapping[int, ServiceRecord],
    seconds: Mapping[str, float] = MappingProxyType({}),
) -> list[Offer]:
    """Return the offers in an order. ``records``: the figures of each by its station's id. ``seconds``: by car to each,
    by its station's code, where roads are imported.
    """

    def rank(offer: Offer) -> tuple[float, float]:
        record = records[offer.found.station.id]
        of_order: dict[OfferOrder, float | None] = {
            OfferOrder.DISTANCE: 0,
            OfferOrder.ROAD: seconds.get(offer.found.station.code) if seconds else None,
            OfferOrder.SERVICES: -services_met(offer),
            OfferOrder.DAYS: record.working_days,
            OfferOrder.RATING: None if record.rating is None else -record.rating,
        }
        value = of_order[order]
        return (float("inf") if value is None else value), offer.found.distance_m

    return sorted(offers, key=rank)
