"""The filters for centres, stored in the address: ``?level=…&kind=…&stage=…&chain=…&city=…``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from portal.address_choice import draw_choice, draw_choice_of_one
from portal.language import _, current, pick
from stations.catalogue.chain import IndustrialChain
from stations.language import label
from stations.places.counties import City
from stations.registry.centre import Centre, CentreKind, CentreLevel, Stage
from stations.registry.dated_stage import latest


@dataclass(frozen=True)
class CentreChoice:
    """The chosen filters; an empty one limits nothing. ``stages`` applies to the last known stage."""

    levels: tuple[str, ...]
    kinds: tuple[str, ...]
    stages: tuple[str, ...]
    city: str | None
    chain: str | None

    def takes(self, centre: Centre, as_of: date) -> bool:
        """Whether the centre passes the filters on that date."""
        entry = latest(centre.history, as_of)
        return (
            (not self.levels or centre.level in self.levels)
            and (not self.kinds or centre.kind in self.kinds)
            and (not self.stages or (entry is not None and entry.stage in self.stages))
            and (self.city is None or centre.city_adcode == self.city)
            and (self.chain is None or self.chain in {one.code for one in centre.chains})
        )

    def serving(self, centre: Centre, as_of: date) -> bool:
        """Whether the centre passes the filters and, if no stages are chosen, is accepted by that date."""
        entry = latest(centre.history, as_of)
        return self.takes(centre, as_of) and (
            bool(self.stages) or (entry is not None and entry.stage is Stage.ACCEPTED)
        )


def draw_centre_choice(cities: Sequence[City], chains: Sequence[IndustrialChain]) -> CentreChoice:
    """Draw the filters and return the choice."""
    language = current()
    first, second = st.columns(2)
    with first:
        city = draw_choice_of_one("city", _("City"), {one.adcode: pick(one.name, one.name_en) for one in cities})
    with second:
        chain = draw_choice_of_one(
            "chain", _("Industrial chain"), {one.code: pick(one.name_zh, one.name_en) for one in chains}
        )
    first, second = st.columns([1, 2])
    with first:
        levels = draw_choice("level", _("Level"), {one.value: label(language, one) for one in CentreLevel})
    with second:
        kinds = draw_choice("kind", _("Kind"), {one.value: label(language, one) for one in CentreKind})
    stages = draw_choice("stage", _("Stage known last"), {one.value: label(language, one) for one in Stage})
    return CentreChoice(tuple(levels), tuple(kinds), tuple(stages), city, chain)
