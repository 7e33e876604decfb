"""The report of reach: what it holds, and as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from stations.language import Worded
from stations.places.counties import City, County
from stations.planning.demand import Demand
from stations.planning.travel_gaps import PlaceGap, gap_data
from stations.planning.travel_measure import STRAIGHT, TravelUnit
from stations.registry.centre import CentreKind

PER = 100_000
"""The catchment score is given as stations per this much demand."""

SCORE_BREAKS = (0.5, 1.0, 2.0)
"""Where the classes of the catchment score end on maps, as multiples of ``ReachReport.score_of_one_each``."""

CURVE_POINTS = 400
"""The Lorenz curve is drawn through no more points than these."""


@dataclass(frozen=True)
class Nearest:
    """The nearest record of some kind, and the way to it in the report's unit."""

    code: str
    name: str
    name_en: str | None
    way: float
    sample: bool


@dataclass(frozen=True)
class CountyReach:
    """The reach of a county: of its places of demand together, weighted by their demand (alike where it is 0).

    ``station``/``centre``: the one nearest to most of the demand, with the average distance of the demand to its own
    nearest; None if there is none. ``within``/``centre_within``: share of the demand within so many km. ``by_element``:
    average way to the nearest station that offers each of the four elements, by group code. ``by_kind``: to the
    nearest centre of each kind. None in both means there is none. ``score``: stations within the catchment per ``PER``
    of demand (2SFCA). Where the layer has no place in the county, nothing is known: None, no shares, a score of 0.
    """

    county: County
    weight: float
    estimated: bool
    station: Nearest | None
    centre: Nearest | None
    by_element: dict[str, float | None]
    by_kind: dict[CentreKind, float | None]
    score: float
    within: dict[int, float]
    centre_within: dict[int, float]


@dataclass(frozen=True)
class CityReach:
    """The reach of the counties of one city together, or of the province if ``city`` is None.

    ``within``: share of the demand within so many km of a station. ``centre_within``: of a centre. ``average``: way to
    a station of the demand that has one, None if none has; ``unreached``: the share that has none. ``gini``: of the
    catchment score over the demand; None if all scores are 0.
    """

    city: City | None
    weight: float
    within: dict[int, float]
    centre_within: dict[int, float]
    average: float | None
    score: float
    gini: float | None
    unreached: float = 0.0


@dataclass(frozen=True)
class ReachReport:
    """The reach report of one date.

    ``stations``/``centres``: numbers included, of which ``sample_stations`` and ``sample_centres`` are samples.
    ``…_left_out``: records with only a known city. ``curve``: Lorenz curve of the score over the province, as
    cumulative shares of demand and of stations, in at most ``CURVE_POINTS`` points.
    ``unit``: of every way; shares are within its ``reaches``, ``catchment`` is in its word. ``gaps``: places of demand
    that the measure knows no way from.
    """

    as_of: date
    demand: Demand
    service: str | None
    catchment_km: float
    stations: int
    sample_stations: int
    centres: int
    sample_centres: int
    stations_left_out: int
    centres_left_out: int
    counties: tuple[CountyReach, ...]
    cities: tuple[CityReach, ...]
    province: CityReach
    curve: tuple[tuple[float, float], ...]
    unit: TravelUnit = TravelUnit.METRES
    travel: str = STRAIGHT
    catchment: float = 0.0
    about_travel: Worded | None = None
    gaps: tuple[PlaceGap, ...] = ()

    @property
    def weighting(self) -> str:
        """What counts."""
        return self.demand.weighting

    @property
    def score_of_one_each(self) -> float:
        """The catchment score if each county had one station and all of them were shared alike."""
        return PER * len(self.counties) / self.province.weight if self.province.weight else 0.0

    @property
    def samples(self) -> int:
        """The number of sample records included."""
        return self.sample_stations + self.sample_centres


def reach_report_data(report: ReachReport) -> dict[str, Any]:
    """Return the report as JSON data: ways in metres or seconds, shares from 0 to 1."""

    unit = report.unit
    named = "metres" if unit is TravelUnit.METRES else "seconds"

    def nearest(one: Nearest | None) -> dict[str, Any] | None:
        if one is None:
            return None
        return {"code": one.code, "name": one.name, named: round(one.way, 1), "sample": one.sample}

    def shares(within: dict[int, float]) -> dict[str, float]:
        return {str(km): round(share, 6) for km, share in within.items()}

    def rounded(metres: dict[Any, float | None]) -> dict[str, float | None]:
        return {str(name): None if value is None else round(value, 1) for name, value in metres.items()}

    def together(one: CityReach) -> dict[str, Any]:
        return {
            "adcode": one.city.adcode if one.city else None,
            "name": one.city.name if one.city else None,
            "weight": one.weight,
            "within": shares(one.within),
            "centre_within": shares(one.centre_within),
            f"average_{unit.value}": one.average,
            "score": one.score,
            "gini": one.gini,
        }

    return {
        "as_of": report.as_of.isoformat(),
        "demand": report.demand.layer.value,
        "demand_places": len(report.demand.places),
        "estimated_share": round(report.demand.estimated_share, 6),
        "not_located": report.demand.not_located[0],
        "weights": report.weighting,
        "service": report.service,
        "travel": report.travel,
        "unit": unit.value,
        "gaps": [gap_data(one) for one in report.gaps],
        f"catchment_{unit.word}": report.catchment,
        "score_per": PER,
        "stations": report.stations,
        "sample_stations": report.sample_stations,
        "centres": report.centres,
        "sample_centres": report.sample_centres,
        "stations_left_out": report.stations_left_out,
        "centres_left_out": report.centres_left_out,
        "province": together(report.province),
        "cities": [together(one) for one in report.cities],
        "lorenz": [list(point) for point in report.curve],
        "counties": [
            {
                "adcode": one.county.adcode,
                "name": one.county.name,
                "city": one.county.city.name,
                "weight": one.weight,
                "estimated": one.estimated,
                "station": nearest(one.station),
                "centre": nearest(one.centre),
                f"by_element_{unit.value}": rounded(one.by_element),
                f"by_centre_kind_{unit.value}": rounded(one.by_kind),
                "score": one.score,
                "within": shares(one.within),
                "centre_within": shares(one.centre_within),
            }
            for one in report.counties
        ],
    }
