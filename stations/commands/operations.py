"""How the installation stands."""

from __future__ import annotations

from stations.answers.operations import OPERATIONS
from stations.commands.call import Call, Output
from stations.commands.declaring import command
from stations.jobs.expected import expected_jobs
from stations.operations.check import State
from stations.operations.standing import Installation, look


@command(needs_database=False)
def operations_command(call: Call) -> Output:
    """Look at every part of the installation; the exit code is 1 if one fails."""
    from stations.loading import schema  # noqa: F401 - every table is known before the first question is asked

    standing = look(Installation(call.engine, expected_jobs(), call.now, call.clock_set_to))
    return Output(OPERATIONS, standing, exit_code=1 if standing.state is State.FAILING else 0)
