"""The counties and chains with a centre within reach, certainly, perhaps or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns, distance, rounded
from stations.answers.presentation import Presentation, sample_note
from stations.catalogue.chain import IndustrialChain, list_chains
from stations.language import N_, Bilingual, Language
from stations.places.counties import list_counties
from stations.planning.centre_reach import CentreReach, ChainReach, CountyReach, Reach
from stations.registry.centre import Centre, Stage, list_centres
from stations.registry.dated_stage import latest
from stations.tables.table import Cell

REACH_WORDS: dict[Reach, str] = {Reach.YES: N_("yes"), Reach.PERHAPS: N_("perhaps"), Reach.NO: N_("no")}


def _named(centre: Centre | None, language: Language) -> Cell:
    return language.pick(centre.name, centre.name_en) if centre else None


COUNTY_REACHES: Columns[CountyReach] = Columns(
    Column("adcode", lambda one: one.county.adcode, N_("Adcode")),
    Column(
        "county", lambda one: Bilingual(one.county.name, one.county.name_en), N_("County, city or district")
    ),
    Column("city", lambda one: Bilingual(one.county.city.name, one.county.city.name_en), N_("City")),
    Column(
        "reach",
        lambda one: one.reach,
        N_("Within reach"),
        show=lambda reach, language: language.translate(REACH_WORDS[reach]),
    ),
    Column("surely", lambda one: one.surely),
    Column("perhaps", lambda one: one.perhaps),
    Column(
        "nearest",
        lambda one: one.nearest,
        N_("Nearest centre known to its county or better"),
        show=_named,
        data=lambda centre: centre.code if centre else None,
    ),
    Column("nearest_m", lambda one: one.nearest_m, N_("Distance"), show=distance, data=rounded(1)),
)
COUNTY_COLUMNS = COUNTY_REACHES.take("county", "city", "nearest", "nearest_m")
"""The table of the counties without a centre within reach."""


def _within_reach(reach: Reach, label: str) -> Column[ChainReach]:
    return Column(reach.value, lambda one: one.counties[reach], label)


CHAIN_REACHES: Columns[ChainReach] = Columns(
    Column("code", lambda one: one.chain.code),
    Column("chain", lambda one: Bilingual(one.chain.name_zh, one.chain.name_en), N_("Industrial chain")),
    Column("centres", lambda one: one.centres, N_("Centres")),
    _within_reach(Reach.YES, N_("Counties within reach")),
    _within_reach(Reach.PERHAPS, N_("Perhaps")),
    _within_reach(Reach.NO, N_("Not within reach")),
)
CHAIN_COLUMNS = CHAIN_REACHES.take("chain", "centres", *(one.value for one in Reach))
"""The table of chains by the counties with a centre serving them within reach."""


def least_reached_first(reaches: Sequence[ChainReach]) -> list[ChainReach]:
    """Return the chains, those that the fewest counties have within reach first."""
    return sorted(reaches, key=lambda one: one.counties[Reach.YES])


@dataclass(frozen=True)
class CentreReachReport:
    """The reach of the centres counted on ``as_of``, within ``within_km`` kilometres, for every county and chain."""

    as_of: date
    within_km: float
    centres: tuple[Centre, ...]
    counties: tuple[CountyReach, ...]
    chains: tuple[ChainReach, ...]


def centre_reach_report(
    session: Session, as_of: date, *, within_km: float, stages: Sequence[Stage] = (), samples: bool
) -> CentreReachReport:
    """Return the reach of the centres whose last known stage on ``as_of`` is one of ``stages``; accepted if empty."""
    counted = set(stages) or {Stage.ACCEPTED}
    centres = [
        one
        for one in list_centres(session, samples=samples)
        if (entry := latest(one.history, as_of)) and entry.stage in counted
    ]
    chains: list[IndustrialChain] = list_chains(session, as_of)
    reach = CentreReach(list_counties(session), centres)
    return CentreReachReport(
        as_of,
        within_km,
        tuple(centres),
        tuple(reach.of_counties(within_km)),
        tuple(least_reached_first(reach.of_chains(chains, within_km))),
    )


def _data(report: CentreReachReport, _language: Language) -> dict[str, Any]:
    return {
        "as_of": report.as_of.isoformat(),
        "within_km": report.within_km,
        "centres": [one.code for one in report.centres],
        "counties": [COUNTY_REACHES.as_data(one) for one in report.counties],
        "chains": [CHAIN_REACHES.as_data(one) for one in report.chains],
    }


def _notes(report: CentreReachReport, language: Language) -> list[str]:
    count = {reach: sum(one.reach is reach for one in report.counties) for reach in Reach}
    return [
        language.translate(
            N_("Of {all} counties, {yes} have a centre within {km:g} km, {perhaps} perhaps, {no} have none"),
            all=len(report.counties),
            km=report.within_km,
            **{reach.value: number for reach, number in count.items()},
        ),
        sample_note(language, sum(one.sample for one in report.centres)),
    ]


CENTRE_REACH: Presentation[CentreReachReport, CountyReach] = Presentation(
    data=_data,
    rows=lambda report: report.counties,
    columns=lambda _report: COUNTY_REACHES.take("adcode", "county", "city", "reach", "nearest", "nearest_m"),
    notes=_notes,
)
"""The reach of centres; its table is by county."""
