"""Seven machines on one switch, each a network namespace of its own: cables can be pulled."""

from __future__ import annotations

import subprocess

SUBNET = "10.77.0"
ADDRESSES = {
    "front": f"{SUBNET}.10",
    "portal1": f"{SUBNET}.11",
    "portal2": f"{SUBNET}.12",
    "db1": f"{SUBNET}.21",
    "db2": f"{SUBNET}.22",
    "db3": f"{SUBNET}.23",
    "visitors": f"{SUBNET}.100",
}
DATABASES = ("db1", "db2", "db3")
PORTALS = ("portal1", "portal2")
_SWITCH = "portal-switch"


def namespace(machine: str) -> str:
    """Return the name of a machine's network namespace."""
    return f"portal-{machine}"


def build() -> None:
    """Make the switch and plug every machine in."""
    tear_down()
    _ip("netns", "add", _SWITCH)
    _ip("-n", _SWITCH, "link", "add", "switch", "type", "bridge")
    _ip("-n", _SWITCH, "link", "set", "switch", "up")
    for machine, address in ADDRESSES.items():
        own = namespace(machine)
        _ip("netns", "add", own)
        _ip("-n", own, "link", "set", "lo", "up")
        _ip("-n", _SWITCH, "link", "add", machine, "type", "veth", "peer", "name", "eth0", "netns", own)
        _ip("-n", _SWITCH, "link", "set", machine, "master", "switch", "up")
        _ip("-n", own, "address", "add", f"{address}/24", "dev", "eth0")
        _ip("-n", own, "link", "set", "eth0", "up")


def tear_down() -> None:
    """Remove everything that ``build`` makes."""
    there = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout.split()
    for name in (_SWITCH, *map(namespace, ADDRESSES)):
        if name in there:
            _ip("netns", "delete", name)


def pull_cable(machine: str) -> None:
    """Cut a machine off from all others; nothing that it sends arrives, and it is told nothing."""
    _ip("-n", _SWITCH, "link", "set", machine, "down")


def plug_in(machine: str) -> None:
    """Undo ``pull_cable``."""
    _ip("-n", _SWITCH, "link", "set", machine, "up")


def separate(machine: str, others: tuple[str, ...]) -> None:
    """Cut a machine off from some, while the rest still reach it."""
    for other in others:
        _ip("-n", namespace(machine), "route", "add", "blackhole", f"{ADDRESSES[other]}/32")


def unite(machine: str, others: tuple[str, ...]) -> None:
    """Undo ``separate``."""
    for other in others:
        _ip("-n", namespace(machine), "route", "delete", "blackhole", f"{ADDRESSES[other]}/32")


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
