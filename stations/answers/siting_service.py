"""Whom each new site serves, place by place, and in a few names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from geo.counties import county_layer
from geo.siting import SitingModel
from stations.answers.columns import Column, Columns, way
from stations.language import N_, Bilingual, Language, Worded
from stations.planning.demand import DemandLayer, DemandPlace, Weighting
from stations.planning.siting_candidates import Candidate
from stations.planning.siting_detail import MOST_PAIRS, SiteService
from stations.planning.station_siting import SitingAnswer, added_sites
from stations.planning.travel import TravelUnit

NAMED_PLACES = 5
"""So many places are named where the list is to be short."""
BY_NAME = frozenset({"counties", "towns", "places"})
"""Layers of demand whose places are known by their names; those of others are told by county."""


@dataclass(frozen=True)
class ServedRow:
    """A demand place and a new site that newly reaches it, or serves a ``share`` of it. ``way``: in its unit."""

    number: int
    site: Candidate
    place: DemandPlace
    county: Bilingual | None
    way: float
    newly: bool
    share: float


def demand_unit(answer: SitingAnswer) -> Worded:
    """Return what the demand is counted in."""
    if answer.question.weighting == Weighting.POPULATION:
        return Worded(N_("residents"))
    if answer.question.weighting == Weighting.EQUAL:
        return Worded(N_("places alike"))
    return Worded(N_("demand"))


def services_by_site(answer: SitingAnswer) -> dict[str, SiteService]:
    """Return what each new site does, by its id; empty in answers saved before it was told."""
    return {one.site: one for one in answer.detail.sites} if answer.detail else {}


def county_names() -> dict[str, Bilingual]:
    """Return the names of the counties by adcode."""
    return {one.adcode: Bilingual(one.name, one.name_en) for one in county_layer().counties}


def largest_places(answer: SitingAnswer, ids: Iterable[str]) -> list[tuple[Bilingual, float]]:
    """Return the names of demand places with their demand, the largest first; of cells, their counties' names."""
    wanted = set(ids)
    places = [one for one in answer.demand if one.id in wanted]
    if answer.question.demand in BY_NAME:
        found = [(Bilingual(one.name, one.name_en), one.weight) for one in places]
    else:
        names, sums = county_names(), dict[str, float]()
        for one in places:
            if one.county in names:
                sums[one.county] = sums.get(one.county, 0.0) + one.weight
        found = [(names[county], weight) for county, weight in sums.items()]
    return sorted(found, key=lambda one: -one[1])


def places_in_words(answer: SitingAnswer, ids: Iterable[str], language: Language) -> str:
    """Return the largest of some demand places by name with their demand, and how many more there are."""
    found = largest_places(answer, ids)
    counted = answer.question.weighting != Weighting.EQUAL or answer.question.demand not in BY_NAME
    named = language.join(
        f"{language.pick(*name)} {language.format_number(round(weight))}" if counted else language.pick(*name)
        for name, weight in found[:NAMED_PLACES]
    )
    if len(found) <= NAMED_PLACES:
        return named
    return language.translate(
        N_("{places} and {count} more"), places=named, count=language.format_number(len(found) - NAMED_PLACES)
    )


def gain_in_words(answer: SitingAnswer, gain: float | None, language: Language) -> str:
    """Return what is lost without one site, in the model's figure."""
    if answer.detail is None:
        return "–"
    if gain is None and answer.question.has_capacities:
        many = len(answer.demand) * len(answer.sites) > MOST_PAIRS
        return "–" if many else language.translate(N_("the others could not serve everybody"))
    if gain is None:
        return language.translate(N_("everything: nobody else would serve"))
    if answer.question.model in {SitingModel.LSCP, SitingModel.MCLP}:
        return language.format_number(round(gain))
    told = answer.detail.unit.in_words(language, gain)
    if answer.question.model is SitingModel.P_MEDIAN:
        return language.translate(N_("{way} less on average"), way=told)
    return language.translate(N_("{way} less for the farthest"), way=told)


def served_rows(answer: SitingAnswer) -> list[ServedRow]:
    """Return the demand places of each new site in turn, the largest demand first."""
    if answer.detail is None:
        return []
    places, names, services = {one.id: one for one in answer.demand}, county_names(), services_by_site(answer)
    return [
        ServedRow(number, site, place, names.get(place.county or ""), seen.way, seen.newly, seen.share)
        for number, site in enumerate(added_sites(answer), start=1)
        for seen in services[site.id].places
        for place in (places[seen.demand],)
    ]


def served_columns(answer: SitingAnswer) -> tuple[Column[ServedRow], ...]:
    """Return the columns of ``served_rows``; the county is left out where it is the place itself."""
    unit = answer.detail.unit if answer.detail else TravelUnit.METRES
    columns: Columns[ServedRow] = Columns(
        Column("number", lambda row: row.number, N_("No.")),
        Column("site", lambda row: Bilingual(row.site.name, row.site.name_en), N_("New station")),
        Column("place", lambda row: Bilingual(row.place.name, row.place.name_en), N_("Whom it serves")),
        Column("county", lambda row: row.county, N_("County")),
        Column(
            "weight",
            lambda row: round(row.place.weight),
            Worded(N_("How many ({unit})"), {"unit": demand_unit(answer)}),
        ),
        Column("way", lambda row: row.way, N_("Way to it"), show=way(unit)),
        Column("newly", lambda row: row.newly, N_("Newly within reach")),
        Column("nearest", lambda row: row.share > 0, N_("Its nearest station")),
        Column(
            "share",
            lambda row: row.share,
            N_("Served by it"),
            show=lambda share, language: language.format_percent(share),
        ),
    )
    county = () if answer.question.demand == DemandLayer.COUNTIES else ("county",)
    served = "share" if answer.question.has_capacities else "nearest"
    return columns.take("number", "site", "place", *county, "weight", "way", "newly", served)
