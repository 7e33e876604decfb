"""How complete each register is: what is held, of what is known to exist, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from geo.gazetteer import towns
from stations.catalogue.chain import list_chains, listed_numbers
from stations.language import N_, LabelledEnum
from stations.places.counties import City, list_counties
from stations.published_facts import OfficialTotal, manufacturing_clusters, official_totals
from stations.registry.centre import Centre, list_centres
from stations.registry.institutions import Institution, list_institutions
from stations.registry.record_score import Part, score_of
from stations.registry.station import Station, Status, list_stations
from stations.targets.pilot import Pilot, list_pilots


class Register(LabelledEnum):
    """A kind of record that the portal holds."""

    STATIONS = "station", N_("Stations")
    CENTRES = "centre", N_("Centres")
    PILOTS = "pilot", N_("Pilots and demonstrations")
    INSTITUTIONS = "institution", N_("Institutions")
    CHAINS = "chain", N_("Chains of the lists")
    CLUSTERS = "cluster", N_("Manufacturing clusters")
    COUNTIES = "county", N_("Counties, cities and districts")
    RESIDENTS = "residents", N_("Counties with residents counted")
    TOWNS = "town", N_("Townships, towns and subdistricts")
    TOWN_POINTS = "town_point", N_("Of them with a point")


NOTHING_MISSING = N_("Nothing.")
NO_FULL_LIST = N_("No public list of all of them is at hand.")
MISSING: dict[Register, str] = {
    Register.STATIONS: N_("No public list of all stations is at hand; only those that public pages name are held."),
    Register.CENTRES: N_("No public list of all centres is at hand; most sources do not give an exact date."),
    Register.CHAINS: N_("Some lists of the policy are published by their number of chains only."),
    Register.TOWN_POINTS: N_(
        "GeoNames has no place of the other names in their county; distances there are from a point inside the county."
    ),
}
"""What is missing where a register is not complete; else ``NO_FULL_LIST``."""


@dataclass(frozen=True)
class Holding:
    """How complete one register is.

    ``documented`` and ``samples``: the records held. ``known``: how many there are in the province, None if no source
    says. ``published``: what authorities and newspapers publish of such records.
    """

    register: Register
    documented: int
    samples: int
    known: int | None
    published: tuple[OfficialTotal, ...]

    @property
    def missing(self) -> str:
        """What is missing, as a message."""
        if self.register is Register.CHAINS and self.known is None:  # no policy says how many its lists have
            return NO_FULL_LIST
        complete = self.known is not None and self.documented >= self.known
        return NOTHING_MISSING if complete else MISSING.get(self.register, NO_FULL_LIST)


def completeness(session: Session, as_of: date, *, samples: bool) -> list[Holding]:
    """Return how complete each register is on a date. ``samples``: whether to count sample records."""
    counties, every_town = list_counties(session), towns()
    listed = sum(listed_numbers().values())
    counts: dict[Register, tuple[int, int, int | None]] = {
        Register.STATIONS: _open_count(one.station for one in list_stations(session, as_of, samples=samples)),
        Register.CENTRES: _open_count(list_centres(session, samples=samples)),
        Register.PILOTS: _open_count(list_pilots(session, samples=samples)),
        Register.INSTITUTIONS: _open_count(list_institutions(session, samples=samples)),
        Register.CHAINS: (len(list_chains(session, as_of)), 0, listed or None),
        Register.CLUSTERS: (len(manufacturing_clusters()), 0, None),
        Register.COUNTIES: (len(counties), 0, len(counties)),
        Register.RESIDENTS: (sum(county.population is not None for county in counties), 0, len(counties)),
        Register.TOWNS: (len(every_town), 0, len(every_town)),
        Register.TOWN_POINTS: (sum(town.point is not None for town in every_town), 0, len(every_town)),
    }
    totals = official_totals()
    return [
        Holding(register, *counts[register], tuple(one for one in totals if one.register == register))
        for register in Register
    ]


def _open_count(records: Iterable[Station | Centre | Pilot | Institution]) -> tuple[int, int, None]:
    """Return how many of the records are documented and how many samples, of a number that no source tells."""
    samples = [record.sample for record in records]
    return len(samples) - sum(samples), sum(samples), None


@dataclass(frozen=True)
class AreaScore:
    """How complete the records of a city's stations are. ``mean``: their mean score, of 100; ``missing``: for each part
    how many records lack it, the most frequent first.
    """

    city: City
    stations: int
    samples: int
    mean: float
    missing: tuple[tuple[Part, int], ...]


def scores_by_city(session: Session, as_of: date, *, samples: bool) -> list[AreaScore]:
    """Return the scores of the cities' active stations, the most complete first."""
    by_city: dict[str, list[Station]] = {}
    for one in list_stations(session, as_of, samples=samples, statuses=[Status.ACTIVE]):
        by_city.setdefault(one.station.city_adcode, []).append(one.station)
    found = []
    for stations in by_city.values():
        scores = [score_of(station) for station in stations]
        lacking = Counter(part for score in scores for part in score.missing)
        found.append(
            AreaScore(
                stations[0].city,
                len(stations),
                sum(station.sample for station in stations),
                sum(score.points for score in scores) / len(scores),
                tuple(lacking.most_common()),
            )
        )
    return sorted(found, key=lambda one: (-one.mean, one.city.adcode))
