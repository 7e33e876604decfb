"""``make failover``: every fault several times while eight firms file, and the proof that nothing acknowledged is lost.

Needs root and Debian's patroni, etcd-server, postgresql-15, haproxy and nginx. Nothing outside its own namespaces and
its temporary folder is touched. Figures go to ``tests/failover/figures.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.failover import network
from tests.failover.daily_work import daily_work
from tests.failover.faults import FAULTS, Fault
from tests.failover.figures import FIGURES, compare, pauses, read_seen, summary
from tests.failover.machines import Machines
from tests.failover.network import DATABASES, PORTALS

PROGRAMS = {
    "ip": "iproute2",
    "unshare": "util-linux",
    "curl": "curl",
    "openssl": "openssl",
    "patroni": "patroni",
    "etcd": "etcd-server",
    "haproxy": "haproxy",
    "nginx": "nginx",
    "sysctl": "procps",
    "/usr/lib/postgresql/15/bin/postgres": "postgresql-15",
}
WITHIN = {"filing_goes_on_after": 45, "reading_goes_on_after": 60, "open_page_goes_on_after": 60}
"""Seconds after a fault within which docs/operations.md says that pages go on."""
_STORED = """
import json
from sqlalchemy import select
from portal.storage import engine
from stations.database import reading
from stations.requests.service_request import ServiceRequest
with reading(engine()) as session:
    rows = session.execute(select(ServiceRequest.product, ServiceRequest.number)).all()
print(json.dumps([list(row) for row in rows if row.product.startswith("trial ")]))
"""


def main() -> int:
    """Return 0 if nothing was lost or doubled and every page went on in time."""
    arguments = argparse.ArgumentParser(prog="make failover", description=__doc__)
    arguments.add_argument("--rounds", type=int, default=3, help="how often each fault is done")
    arguments.add_argument("--only", nargs="*", default=[], help="names of faults")
    arguments.add_argument("--out", type=Path, default=FIGURES, help="where the figures go")
    arguments.add_argument("--keep", action="store_true", help="keep the folder with the logs")
    chosen = arguments.parse_args()
    if missing := sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None}):
        print(f"install first: apt-get install {' '.join(missing)}", file=sys.stderr)
        return 2
    if os.geteuid():
        print("run it as root: it makes network namespaces", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="portal-failover-"))
    folder.chmod(0o755)
    machines = Machines(folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        network.build()
        start(machines)
        faults = [fault for fault in FAULTS if not chosen.only or fault.name in chosen.only]
        told = trial(machines, [fault for _ in range(chosen.rounds) for fault in faults], chosen.out)
    finally:
        machines.stop_all()
        network.tear_down()
        if chosen.keep:
            print(f"logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    _write(chosen.out, told)
    print(json.dumps({"summary": told["summary"], "proof": told["proof"], "wrong": told["wrong"]}, indent=1))
    return 1 if told["wrong"] else 0


def start(machines: Machines) -> None:
    """Switch everything on, in the order of docs/operations.md."""
    began = time.monotonic()
    machines.prepare()
    for node in DATABASES:
        machines.start(node)
    machines.wait_leader()
    machines.set_up()
    for portal in PORTALS:
        machines.start(portal)
    machines.wait_whole()
    machines.start("front")
    print(f"all machines up after {time.monotonic() - began:.0f} s", flush=True)


def _write(path: Path, told: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def trial(machines: Machines, faults: list[Fault], out: Path) -> dict[str, Any]:
    """Do one fault after the other while visitors come, and return the figures; those of each round so far are written
    to ``out``, so that a trial that is broken off has not been for nothing.
    """
    commit = json.loads(machines.answer_at_portal("portal1", "-m", "tests.failover.commit_cost"))
    seen_file = machines.let_visitors_in()
    time.sleep(20)
    rounds = []
    for fault in faults:
        rounds.append(one_round(machines, fault, seen_file))
        print(json.dumps(rounds[-1], ensure_ascii=False), flush=True)
        _write(out, {"summary": summary(rounds), "commit_milliseconds": commit, "rounds": rounds})
    machines.see_visitors_off()
    seen = read_seen(seen_file)
    stored = json.loads(machines.answer_at_portal("portal1", "-c", _STORED))
    proof = compare(seen, [(product, number) for product, number in stored])
    proof["audit"] = machines.run_at_portal("portal2", "-m", "stations", "audit", "verify").returncode
    proof |= daily_work(machines)
    wrong = [
        f"{name}: {proof[name]}"
        for name in ("lost", "doubled", "other", "not_in_words", "audit", "twice")
        if proof[name]
    ]
    wrong += [f"{one['fault']}: filed without a second node" for one in rounds if one.get("filed_in_between")]
    wrong += [
        f"{one['fault']}: {name} {one[name]} s, more than {most}"
        for one in rounds
        for name, most in WITHIN.items()
        if one.get(name, 0) > most
    ]
    return {"summary": summary(rounds), "commit_milliseconds": commit, "proof": proof, "wrong": wrong, "rounds": rounds}


def one_round(machines: Machines, fault: Fault, seen_file: Path) -> dict[str, Any]:
    """Do a fault, undo it, wait until all is whole, and return when pages went on."""
    began = time.time()
    with fault.done(machines) as what:
        since = time.time()
        time.sleep(fault.lasts)
        undone = time.time()
    if fault.writes:
        figures = pauses(read_seen(seen_file), since, undone)
    machines.wait_whole()
    whole = time.time()
    time.sleep(15)
    seen = read_seen(seen_file)
    if not fault.writes:  # counted from when it is undone
        filed_in_between = [
            one for one in seen if one["what"] == "filed" and since + 5 < one["began"] and one["at"] < undone
        ]
        figures = pauses(seen, undone, time.time()) | {"filed_in_between": len(filed_in_between)}
    return {
        "fault": fault.name,
        "machine": what,
        **figures,
        "filed": sum(one["what"] == "filed" and began < one["at"] for one in seen),
        "whole_again_after": round(whole - undone, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
