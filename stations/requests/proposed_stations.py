"""The stations that a firm can choose from before it files: who would answer, why, and who would do each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from stations.catalogue.service import get_services
from stations.errors import InvalidInput
from stations.registry.station import Status, get_station, get_status
from stations.registry.who_offers import Offer, share_out, who_offers
from stations.requests.routing import Need, Plan, RankedStation, assess, plan, propose

SHORTLIST = 3
"""Number of stations to choose from; the page for finding services shows all others."""


@dataclass(frozen=True)
class Option:
    """A station that can answer, with the ``plan`` of who performs each service."""

    plan: Plan
    ranked: RankedStation
    proposed: bool


@dataclass(frozen=True)
class Proposal:
    """The options for the firm.

    ``shares``: several stations that do it together, each its part as a request of its own. ``problem``: why no station
    can answer; ``own_problem``: why the station that the firm named can't.
    """

    options: tuple[Option, ...]
    shares: tuple[Offer, ...] = ()
    problem: InvalidInput | None = None
    own_problem: InvalidInput | None = None


def proposed_stations(
    session: Session,
    codes: Sequence[str],
    lon: float,
    lat: float,
    *,
    chain_code: str = "",
    own: str = "",
    today: date,
    samples: bool,
) -> Proposal:
    """Return the stations to choose from, the one ranked best by the rules first.

    ``codes``: of the services. ``lon``, ``lat``: the firm's place in degrees, WGS-84. ``own``: code of the station that
    the firm named.

    Raises:
        InvalidInput: there is no such service.
        NotFound: there is no such station.
    """
    need = Need(tuple(get_services(session, codes, concrete=True)), lon, lat, chain_code or None)
    problem = own_problem = None
    try:
        ranked = propose(session, need, as_of=today, samples=samples)
    except InvalidInput as error:
        ranked, problem = [], error
    options = [
        Option(plan(session, one, need, as_of=today, samples=samples), one, place == 0)
        for place, one in enumerate(ranked[:SHORTLIST])
    ]
    if own and own not in {option.ranked.station.code for option in options}:
        station = get_station(session, own, samples=samples)
        if get_status(session, station, today) is Status.ACTIVE:
            try:
                standing = assess(session, station, need, as_of=today, samples=samples)
                parts = plan(session, standing, need, as_of=today, samples=samples)
                options.append(Option(parts, standing, False))
            except InvalidInput as error:
                own_problem = error
    who = who_offers(session, lon, lat, as_of=today, samples=samples, services=codes)
    shares = share_out(session, who, lon, lat, as_of=today, samples=samples)
    return Proposal(tuple(options), shares, None if options or shares else problem, own_problem)
