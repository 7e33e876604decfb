"""The sample network: invented records beside the documented ones, so that every page is seen working.

The same at every load: it is made from a fixed seed, and its story runs from 2021 to November 2026
whatever the clock says. Every record says that it is a sample, in its name, code and source.
"""

from __future__ import annotations

from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from stations.data_load import DataLoad
from stations.samples.centres import add_sample_centres, add_sample_pilots
from stations.samples.institutions import add_sample_institutions
from stations.samples.people import add_sample_people
from stations.samples.proposals import add_sample_proposals
from stations.samples.requests import add_sample_requests
from stations.samples.stations import add_sample_stations
from stations.samples.visits import add_sample_visits

NAME = "sample"
SEED = 20230310  # the day of the policy
STEWARDED = 3


def load_sample_network(session: Session, now: datetime) -> bool:
    """Add the sample network where it is not there yet; whether it had to be added.

    A later version of the program leaves what was loaded as it is. ``now`` dates the records only,
    not the story they tell.
    """
    if session.get(DataLoad, NAME) is not None:
        return False
    session.add(DataLoad(name=NAME, fingerprint=str(SEED), loaded_at=now))
    chance = Random(SEED)
    stations = add_sample_stations(session, chance, now)
    add_sample_centres(session, chance, now)
    add_sample_pilots(session, chance, now)
    # A sequence of its own, so that what comes after stays as it was.
    add_sample_institutions(session, Random(SEED), stations, now)
    stewards = add_sample_people(session, stations[:STEWARDED], now)
    add_sample_requests(session, chance, stations, stewards)
    add_sample_visits(session, Random(SEED), stations)
    add_sample_proposals(session, stations)
    return True
