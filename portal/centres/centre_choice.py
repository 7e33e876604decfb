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

    def known(self, centres: Sequence[Centre], as_of: date) -> list[Centre]:
        """Return the centres that pass the filters and of which something is known by that date."""
        return [
            centre
            for centre in centres
            if self.takes(centre, as_of) and (latest(centre.history, as_of) or not centre.history)
        ]

    def serving_among(self, centres: Sequence[Centre], as_of: date) -> list[Centre]:
        """Return the centres that pass the filters and, if no stages are chosen, are accepted by that date."""
        return [centre for centre in centres if self._serving(centre, as_of)]

    def _serving(self, centre: Centre, as_of: date) -> bool:
        entry = latest(centre.history, as_of)
        return self.takes(centre, as_of) and (
            bool(self.stages) or (entry is not None and entry.stage is Stage.ACCEPTED)
        )

    def in_words(self, cities: Sequence[City], chains: Sequence[IndustrialChain]) -> list[str]:
        """Return each filter that is chosen as text: what it limits, and to what."""
        say = current()
        given = (
            (_("City"), [pick(one.name, one.name_en) for one in cities if one.adcode == self.city]),
            (_("Industrial chain"), [pick(one.name_zh, one.name_en) for one in chains if one.code == self.chain]),
            (_("Level"), [label(say, one) for one in CentreLevel if one in self.levels]),
            (_("Kind"), [label(say, one) for one in CentreKind if one in self.kinds]),
            (_("Stage known last"), [label(say, one) for one in Stage if one in self.stages]),
        )
        return [_("{label}: {value}", label=name, value=say.join(values)) for name, values in given if values]


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
