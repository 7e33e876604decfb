"""Setting the database up."""

from __future__ import annotations

from stations.accounts.factor_settings import read_factor_settings
from stations.answers.database_setup import RENEWED, SETUP
from stations.commands.call import Call, Output
from stations.commands.declaring import command
from stations.database import transaction
from stations.errors import Conflict
from stations.language import N_, day_in_china
from stations.loading.setup import set_up
from stations.samples.renewal import renew_sample_network


@command(needs_database=False)
def setup_command(call: Call) -> Output:
    """Create or upgrade the database and load what is missing.

    Raises:
        InvalidInput: a setting of the second factor is wrong.
    """
    return Output(SETUP, set_up(call.engine, samples=call.samples, now=call.now, factors=read_factor_settings()))


@command()
def renew_samples_command(call: Call) -> Output:
    """Replace what is dated in the sample network by records of today.

    Raises:
        Conflict: sample records are left out.
    """
    if not call.samples:
        raise Conflict(N_("Sample records are left out here (SAMPLE=0, --no-sample): there is nothing to renew"))
    with transaction(call.engine) as session:
        renew_sample_network(session, call.now)
    return Output(RENEWED, day_in_china(call.now))
