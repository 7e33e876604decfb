"""Setting the database up."""

from __future__ import annotations

from stations.accounts.factor_settings import read_factor_settings
from stations.answers.database_setup import SETUP
from stations.commands.call import Call, Output
from stations.commands.declaring import command
from stations.loading.setup import set_up


@command(needs_database=False)
def setup_command(call: Call) -> Output:
    """Create or upgrade the database and load what is missing.

    Raises:
        InvalidInput: a setting of the second factor is wrong.
    """
    return Output(SETUP, set_up(call.engine, samples=call.samples, now=call.now, factors=read_factor_settings()))
