"""Set up the database: schema, reference data and, if wanted, the sample network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from stations.accounts.factor_settings import NO_RULE, FactorSettings
from stations.accounts.second_factor import seal_plain_secrets
from stations.database import transaction
from stations.loading.migration import upgrade
from stations.loading.reference_data import load_reference_data
from stations.places.province_on_file import check_province
from stations.requests.settling import settle_old_requests
from stations.samples.ledger import add_sample_ledger
from stations.samples.network import load_sample_network


@dataclass(frozen=True)
class SetupDone:
    """The result of a set-up: which data was loaded, and whether secrets of second factors were encrypted."""

    reference_loaded: bool
    samples_loaded: bool
    secrets_sealed: bool


def set_up(engine: Engine, *, samples: bool, now: datetime, factors: FactorSettings = NO_RULE) -> SetupDone:
    """Create or upgrade the database and load missing data. A second run changes nothing.

    If ``samples`` is off, sample records of an earlier set-up stay in the database but are left out of every
    answer. ``factors``: with a key, secrets of second factors that were stored without one are encrypted.

    Raises:
        NotReady: the database was filled with another province than the one in use.
    """
    check_province(engine)
    upgrade(engine)
    with transaction(engine) as session:
        reference = load_reference_data(session, now)
        settle_old_requests(session)
        sealed = seal_plain_secrets(session, factors)
    loaded = False
    if samples:
        with transaction(engine) as session:
            loaded = load_sample_network(session, now)
            add_sample_ledger(session, now)
    return SetupDone(reference, loaded, sealed > 0)
