"""The daily job that erases what ended requests say of people and firms, once the time for which it is kept is over."""

from __future__ import annotations

from datetime import timedelta

from stations.jobs.job import Job, Switch, Turn
from stations.language import N_
from stations.requests.erasure import erase_expired


def erase_all(turn: Turn) -> int:
    """Erase all requests whose time is over at ``turn.now``. Return their number."""
    return erase_expired(turn.engine, now=turn.now)


SWITCH = Switch(
    "ERASE", N_("ERASE is “{value}”; set it to 1 (the portal erases expired data) or 0 (only the command does)")
)
JOB = Job(
    name="erasure",
    label=N_("Erasure of expired data"),
    every=timedelta(hours=1),
    daily=True,
    switch=SWITCH,
    run=erase_all,
)
