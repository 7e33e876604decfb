"""The faults, and how each is undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial

from tests.failover import network
from tests.failover.machines import Machines
from tests.failover.network import DATABASES, PORTALS


@dataclass(frozen=True)
class Fault:
    """A fault. ``done``: does it, and undoes it at the end. ``lasts``: seconds in between. ``writes``: whether requests
    can be filed while it lasts, once the others have taken over.
    """

    name: str
    told: str
    done: Callable[[Machines], AbstractContextManager[str]]
    lasts: float
    writes: bool = True


@contextmanager
def _leader_killed(machines: Machines) -> Iterator[str]:
    leader = machines.leader()
    machines.kill(leader)
    yield leader
    machines.start(leader)


@contextmanager
def _power_cut(machine: str, machines: Machines) -> Iterator[str]:
    name = machine or machines.leader()
    network.pull_cable(name)  # first, so that nobody is told that the connections are gone
    machines.kill(name)
    yield name
    machines.start(name)


@contextmanager
def _leader_cut_off(machines: Machines) -> Iterator[str]:
    leader = machines.leader()
    network.pull_cable(leader)
    yield leader
    network.plug_in(leader)


@contextmanager
def _leader_separated(machines: Machines) -> Iterator[str]:
    leader = machines.leader()
    others = tuple(node for node in DATABASES if node != leader)
    network.separate(leader, others)
    yield leader
    network.unite(leader, others)


@contextmanager
def _portal_killed(machine: str, machines: Machines) -> Iterator[str]:
    machines.kill(machine)
    yield machine
    machines.start(machine)


@contextmanager
def _one_node_left(machines: Machines) -> Iterator[str]:
    leader = machines.leader()
    gone = [node for node in DATABASES if node != leader]
    for node in gone:
        machines.kill(node)
    yield " and ".join(gone)
    for node in gone:
        machines.start(node)


FAULTS = (
    Fault("leader killed", "kill −9 of everything on the leading database node", _leader_killed, 45),
    Fault("leader without power", "the leading node falls silent and dies", partial(_power_cut, ""), 45),
    Fault("leader cut off", "the leading node lives on, its cable is pulled", _leader_cut_off, 50),
    Fault(
        "leader separated",
        "the leading node is cut off from the other two, while the portal still reaches it",
        _leader_separated,
        50,
    ),
    Fault("portal killed", "kill −9 of everything on a portal server", partial(_portal_killed, PORTALS[0]), 40),
    Fault("portal without power", "a portal server falls silent and dies", partial(_power_cut, PORTALS[1]), 75),
    Fault("one node left", "both nodes that follow are killed at once", _one_node_left, 30, writes=False),
)
