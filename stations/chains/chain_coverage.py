"""The centres and stations that serve each industrial chain on a date, and the gaps.

A centre serves a chain if its last known stage is acceptance; if it is approved or under construction, the service
is being built. A station serves it while active. The link between a record and a chain has no date: today's links
are used for every date.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from stations.catalogue.chain import IndustrialChain, ListOnFile, list_chains, lists_on_file, station_chain
from stations.places.counties import City, list_cities
from stations.registry.centre import Centre, Stage, list_centres
from stations.registry.dated_stage import latest
from stations.registry.station import Station, Status, status_on


class Service(StrEnum):
    """How well a chain is served in a city, from worst to best."""

    NONE = "none"
    BUILDING = "building"
    STATIONS = "stations"
    CENTRE = "centre"


@dataclass(frozen=True)
class Cell:
    """The centres and stations that serve a chain, in one city or anywhere."""

    centres: tuple[Centre, ...] = ()
    building: tuple[Centre, ...] = ()
    stations: tuple[Station, ...] = ()

    @property
    def service(self) -> Service:
        """The best level of service."""
        if self.centres:
            return Service.CENTRE
        if self.stations:
            return Service.STATIONS
        return Service.BUILDING if self.building else Service.NONE

    @property
    def samples(self) -> int:
        """The number of sample records among them."""
        records: tuple[Centre | Station, ...] = (*self.centres, *self.building, *self.stations)
        return sum(record.sample for record in records)


@dataclass(frozen=True)
class ChainCoverage:
    """The service of every chain on the list on ``as_of``, by city.

    ``cells``: by chain code and city adcode; a missing pair is served by nobody. ``retired``: the chains that were
    taken off the list by ``as_of``.
    """

    as_of: date
    samples: bool
    chains: tuple[IndustrialChain, ...]
    cities: tuple[City, ...]
    cells: dict[tuple[str, str], Cell] = field(repr=False)
    retired: tuple[IndustrialChain, ...] = ()

    @property
    def on_file(self) -> int:
        """The number of chains on file, on the list or off it: the same on every date."""
        return len(self.chains) + len(self.retired)

    @property
    def lists(self) -> list[ListOnFile]:
        """How much of the policy's lists is in the database."""
        return lists_on_file(list(self.chains))

    def cell(self, chain_code: str, city_adcode: str) -> Cell:
        """Return the service of a chain in a city."""
        return self.cells.get((chain_code, city_adcode), Cell())

    def of_chain(self, chain_code: str) -> Cell:
        """Return the service of a chain in all cities together."""
        cells = [self.cell(chain_code, city.adcode) for city in self.cities]
        return Cell(
            tuple(one for cell in cells for one in cell.centres),
            tuple(one for cell in cells for one in cell.building),
            tuple(one for cell in cells for one in cell.stations),
        )

    def gaps_of_chain(self, chain_code: str) -> list[City]:
        """Return the cities where neither a centre nor a station serves the chain."""
        return [city for city in self.cities if self.cell(chain_code, city.adcode).service in GAPS]

    def gaps_of_city(self, city_adcode: str) -> list[IndustrialChain]:
        """Return the chains that neither a centre nor a station of the city serves."""
        return [chain for chain in self.chains if self.cell(chain.code, city_adcode).service in GAPS]


GAPS = frozenset({Service.NONE, Service.BUILDING})
"""Neither a centre nor a station serves."""


def chain_coverage(session: Session, as_of: date, *, samples: bool) -> ChainCoverage:
    """Return the service of each chain in each city on ``as_of``; sample records only with ``samples``."""
    on_file = list_chains(session)
    chains = [chain for chain in on_file if chain.listed_on(as_of)]
    listed = {chain.code for chain in chains}
    cells: dict[tuple[str, str], Cell] = {}

    def add(code: str, record: Centre | Station, kind: str) -> None:
        key = (code, record.city_adcode)
        cell = cells.get(key, Cell())
        cells[key] = Cell(**{**vars(cell), kind: (*getattr(cell, kind), record)})

    for centre in list_centres(session, samples=samples):
        entry = latest(centre.history, as_of)
        kind = _KIND_OF_STAGE.get(entry.stage) if entry else None
        if kind:
            for chain in centre.chains:
                if chain.code in listed:
                    add(chain.code, centre, kind)
    status = status_on(as_of).subquery()
    serving = (
        select(station_chain.c.chain_code, Station)
        .join(Station, Station.id == station_chain.c.station_id)
        .join(status, status.c.station_id == Station.id)
        .where(status.c.status == Status.ACTIVE, station_chain.c.chain_code.in_(listed))
        .options(selectinload(Station.city), selectinload(Station.county))
        .order_by(Station.code)
    )
    if not samples:
        serving = serving.where(Station.sample.is_(False))
    for code, station in session.execute(serving):
        add(code, station, "stations")
    retired = tuple(chain for chain in on_file if not chain.listed_on(as_of))
    return ChainCoverage(as_of, samples, tuple(chains), tuple(list_cities(session)), cells, retired)


_KIND_OF_STAGE = {Stage.ACCEPTED: "centres", Stage.APPROVED: "building", Stage.UNDER_CONSTRUCTION: "building"}
