"""The sample network: invented records beside the documented ones, so that every page shows data.

Every load on one day gives the same records: it uses a fixed seed. The registers' histories run from 2021 to 2026
whatever the day; what is done with them (requests, visits, proposals, closures to come) is dated from the day of
loading, so that the network looks alive. Every record is marked as a sample in its name, code and source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from stations.accounts.accounts import User
from stations.data_load import DataLoad
from stations.language import day_in_china
from stations.registry.station import Station
from stations.samples.alerts import add_sample_alerts
from stations.samples.centres import add_sample_centres, add_sample_pilots
from stations.samples.confirmations import add_sample_confirmations
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
    """Add the sample network if it is missing. Return whether it was added.

    A later version of the program does not change loaded records, and they grow old: ``renewal`` dates them anew.
    """
    if session.get(DataLoad, NAME) is not None:
        return False
    session.add(DataLoad(name=NAME, fingerprint=str(SEED), loaded_at=now))
    chance = Random(SEED)
    stations = add_sample_stations(session, chance, now)
    add_sample_centres(session, chance, now)
    add_sample_pilots(session, chance, now)
    # A separate random sequence, so that the records generated after it do not change.
    add_sample_institutions(session, Random(SEED), stations, now)
    stewards = add_sample_people(session, stations[:STEWARDED], now)
    add_sample_work(session, stations, stewards, now)
    return True


def add_sample_work(session: Session, stations: Sequence[Station], stewards: Mapping[str, User], now: datetime) -> None:
    """Add what is done with the stations, dated from the day of ``now``: requests, visits, proposals,
    alerts, confirmations of records.
    """
    today = day_in_china(now)
    add_sample_requests(session, Random(SEED), stations, stewards, today)
    add_sample_visits(session, Random(SEED), stations, today)
    add_sample_proposals(session, stations, today)
    add_sample_alerts(session, Random(SEED), today, now)
    add_sample_confirmations(session, Random(SEED), stations, stewards, today)
