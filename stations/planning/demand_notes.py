"""What the demand of a layer rests on: its source, its rule and how much of it is estimated, in words."""

from __future__ import annotations

from stations.language import N_, Language
from stations.planning.demand import Demand, DemandLayer, Weighting, residents_note
from stations.planning.layer_spread import RasterFacts

_COUNTED: dict[DemandLayer, str] = {
    DemandLayer.COUNTIES: N_(
        "Everybody of a county is counted at one point inside it; towns and hexagons, layers to choose, are nearer to "
        "where people live."
    ),
    DemandLayer.TOWNS: N_(
        "Counted at {count} points of towns and seats. A county’s urban share by the census is divided alike among "
        "its subdistricts and its seat, the rest alike among its other towns; a town that no source places leaves its "
        "share to the others. Points of towns and seats: GeoNames (CC BY 4.0), near them, not surveyed."
    ),
    DemandLayer.GRID: N_(
        "Counted in {count} hexagons (H3, resolution 6, about 27 km²), cut at county borders. A county’s people are "
        "at its towns first (urban share at subdistricts and seat, the rest alike at its other towns); each town’s "
        "are then in the hexagons nearest to it, urban ones more thickly towards its point (e-fold in 3 km), the rest "
        "by area."
    ),
    DemandLayer.RASTER: N_(
        "Counted in {count} hexagons (H3, resolution 6, about 27 km²), cut at county borders. How many live in a "
        "county is as the census says, where in it as the population raster says."
    ),
    DemandLayer.PLACES: N_("Counted at {count} imported places, each with its own amount."),
}
_FIGURES_SPREAD = N_("Other figures than residents are spread inside a county like its people.")
_AMOUNTS = N_("Imported places count by their own amounts, whatever else is chosen.")
_ESTIMATED: dict[DemandLayer, str] = {
    DemandLayer.COUNTIES: N_("Estimated: {share} of the demand, where no source gives the county’s."),
    DemandLayer.TOWNS: N_(
        "Estimated: {share} of the demand is put to its place inside the county by rule, as no source gives the "
        "residents of towns. "
        "{inner} of it stands at a point inside its county, where no town of the kind is placed."
    ),
    DemandLayer.GRID: N_(
        "Estimated: {share} of the demand is put to its place inside the county by rule, as no source gives the "
        "residents of towns. "
        "{inner} of it is in counties or parts of them without a placed town, around a point inside the county."
    ),
    DemandLayer.RASTER: N_("Estimated by the rule of the grid: {share} of the demand, where the raster has nobody."),
    DemandLayer.PLACES: N_("Estimated: {share} of the demand, placed only by the town or county of its address."),
}
_RASTER = N_("{name} ({year}). Source: {source}.")
_RATIO = N_(
    "The raster has {ratio} of the census’s people in the province, from {least} in {least_county} to {most} in "
    "{most_county}."
)
_NOT_LOCATED = N_("{count} imported places, with {amount} of demand, are not located and count nowhere.")
_SOURCES = N_("Source: {sources}.")


AVERAGES = N_(
    "A county’s distances are averages over its demand, each place’s to its own nearest; the station or centre named "
    "is the one that most of the demand has nearest."
)


def counted_note(layer: DemandLayer, places: int, language: Language) -> str:
    """Return how demand is counted in a layer of so many places."""
    return language.translate(_COUNTED[layer], count=language.format_number(places))


def demand_notes(demand: Demand, language: Language) -> list[str]:
    """Return what the demand rests on, a sentence or more each: how it is counted, its sources, the share of it that
    is estimated, and what is left out.
    """
    share = language.format_percent(demand.estimated_share, 1)
    whole = demand.weight
    inner = language.format_percent(demand.at_inner_point / whole if whole else 0.0, 1)
    told = [counted_note(demand.layer, len(demand.places), language)]
    spread = demand.layer not in {DemandLayer.COUNTIES, DemandLayer.PLACES}
    if spread and demand.weighting != Weighting.POPULATION:
        told.append(language.translate(_FIGURES_SPREAD))
    if demand.raster is not None:
        told += _raster_notes(demand.raster, language)
    if demand.sources:
        told.append(language.translate(_SOURCES, sources=language.join(demand.sources)))
    told.append(language.translate(_ESTIMATED[demand.layer], share=share, inner=inner))
    number, amount = demand.not_located
    if number:
        counted = {"count": language.format_number(number), "amount": language.format_number(amount)}
        told.append(language.translate(_NOT_LOCATED, **counted))
    if demand.layer is DemandLayer.PLACES:
        told.append(language.translate(_AMOUNTS))
    elif demand.weighting == Weighting.POPULATION:
        told.append(residents_note(language, estimated=demand.county_estimated))
    return told


def _raster_notes(raster: RasterFacts, language: Language) -> list[str]:
    told = [language.translate(_RASTER, name=raster.name, year=raster.year, source=raster.source)]
    if raster.ratio is not None and raster.least is not None and raster.most is not None:
        told.append(
            language.translate(
                _RATIO,
                ratio=language.format_percent(raster.ratio, 1),
                least=language.format_percent(raster.least[1], 1),
                least_county=language.pick(*raster.least[0]),
                most=language.format_percent(raster.most[1], 1),
                most_county=language.pick(*raster.most[0]),
            )
        )
    return told
