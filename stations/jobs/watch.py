"""The job that looks at every part of the installation, notes what fails, and tells the operator."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from stations.database import transaction
from stations.jobs.expected import expected_jobs
from stations.jobs.job import Job, Switch, Turn
from stations.language import N_
from stations.operations.check import State
from stations.operations.standing import Installation, look
from stations.operations.telling import read_operator_ways, tell_operator
from stations.security_events import EventKind, note_events, note_tally, tally


@dataclass(frozen=True)
class Watched:
    """The result of a look: the codes of the parts that fail, and how many events the operator was told of."""

    failing: tuple[str, ...]
    told: int


def watch(turn: Turn) -> Watched:
    """Note what this process has counted and what fails, and put what the operator is to know into the outbox.

    Raises:
        InvalidInput: ``OPERATOR_NOTICES`` can't be used.
    """
    standing = look(Installation(turn.engine, expected_jobs(turn.environment), turn.now, None, turn.environment))
    failing = tuple(check.code for check in standing.checks if check.state is State.FAILING)
    ways = read_operator_ways(turn.environment)
    counted = tally.take()
    try:
        with transaction(turn.engine) as session:
            note_tally(session, counted, turn.now)
            for code in failing:
                note_events(session, EventKind.PART_FAILING, turn.now, part=code)
            return Watched(failing, tell_operator(session, ways, turn.now))
    except Exception:
        tally.put_back(counted)
        raise


JOB = Job(
    name="watch",
    label=N_("Watch over the portal"),
    every=timedelta(minutes=1),
    switch=Switch("WATCH", N_("WATCH is “{value}”; set it to 1 (the portal watches itself) or 0 (it does not)")),
    run=watch,
)
