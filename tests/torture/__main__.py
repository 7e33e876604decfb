"""``make torture``: every fault in its long form, and the figures for ``docs/reliability.md``.

``python -m tests.torture [--seed SEED] [--part WORDS] [--out FILE]``. The seed says when each fault comes and what is
filed; it is printed, and the same seed does the same again. What runs beside it on the machine decides the rest.
"""

from __future__ import annotations

import argparse
import json
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

from stations.database import open_engine
from stations.loading.setup import set_up
from tests.conftest import NOW
from tests.torture.faults import FAULTS, Fault, Outcome, Place, can_mount, do, small_disk
from tests.torture.portal_faults import PORTAL_FAULTS, Act, do_to_portal
from tests.torture.postgresql import durable_postgresql

FIGURES = Path(__file__).with_name("figures.json")
SMALL_DISK = {"sqlite": 60, "postgresql": 220}
"""Megabytes: room for the reference data and some requests."""


@contextmanager
def _place(kind: str, folder: Path, loaded: Path) -> Iterator[Place]:
    """Make a database of a kind with the reference data in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield Place(f"sqlite:///{shutil.copyfile(loaded, folder / 'portal.sqlite3')}")
        return
    folder.chmod(0o755)
    with durable_postgresql(folder) as server:
        engine = open_engine(server.url)
        set_up(engine, samples=False, now=NOW)
        engine.dispose()
        yield Place(server.url, server)


def _done(fault: Fault, kind: str, folder: Path, loaded: Path, seed: str) -> Outcome:
    with ExitStack() as end:
        if fault.small_disk:
            end.enter_context(small_disk(folder, SMALL_DISK[kind]))
        place = end.enter_context(_place(kind, folder, loaded))
        return do(fault, place, seed, fault.long)


Task = tuple[str, str, Callable[[], Outcome]]


def _tasks(seed: str, folder: Path) -> Iterator[Task]:
    """Yield name, database and function of each fault."""
    loaded = folder / "loaded.sqlite3"
    engine = open_engine(f"sqlite:///{loaded}")
    set_up(engine, samples=False, now=NOW)
    engine.dispose()

    def portal(name: str, act: Act, kind: str, times: int) -> Outcome:
        here = folder / f"portal-{act.__name__}-{kind}"
        with _place(kind, here, loaded) as place:
            return do_to_portal(name, act, place, f"{seed}/{name}/{kind}", times, here)

    for fault in FAULTS:
        for kind in fault.kinds:
            here = folder / f"{fault.act.__name__}-{kind}-{fault.jumps}"
            yield fault.name, kind, partial(_done, fault, kind, here, loaded, f"{seed}/{fault.name}/{kind}")
    for name, act, kinds, times in PORTAL_FAULTS:
        for kind in kinds:
            yield name, kind, partial(portal, name, act, kind, times)


def _keep(outcome: Outcome, seed: str, out: Path) -> None:
    """Write the figures of a fault into the file, in the place of earlier ones of the same."""
    new = {**asdict(outcome), "holds": outcome.proof.holds, "seed": seed}
    before = json.loads(out.read_text(encoding="utf-8"))["outcomes"] if out.exists() else []
    others = [one for one in before if (one["fault"], one["database"]) != (outcome.fault, outcome.database)]
    out.write_text(json.dumps({"outcomes": [*others, new]}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    """Return 1 if something acknowledged was lost or doubled, something is half written, a log is not whole, or
    nothing went on."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--part", default="", help="only faults whose name and database contain these words")
    parser.add_argument("--out", type=Path, default=FIGURES)
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    good = True
    with tempfile.TemporaryDirectory(prefix="portal-torture-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # PostgreSQL runs as a user of its own
        for name, kind, act in _tasks(asked.seed, Path(folder)):
            if asked.part not in f"{name} {kind}":
                continue
            if "disk full" in name and not can_mount():
                print(f"{name}, {kind}: left out, only root can make a small disk", flush=True)
                continue
            try:
                outcome = act()
            except (TimeoutError, AssertionError) as problem:
                print(f"{name}, {kind}: FAILED: {problem}", flush=True)
                good = False
                continue
            _keep(outcome, asked.seed, asked.out)
            good = good and outcome.proof.holds
            print(_told(outcome), flush=True)
    return 0 if good else 1


def _told(outcome: Outcome) -> str:
    proof = outcome.proof
    return (
        f"{outcome.fault}, {outcome.database}: {outcome.times} times, {proof.acknowledged} acknowledged, "
        f"{proof.found} found, {proof.doubled} doubled, {proof.half_written} half written, log "
        f"{'whole' if proof.log_whole else 'BROKEN'}; goes on after {max(outcome.recovery):.1f} s at most; "
        f"told {outcome.told}"
    )


if __name__ == "__main__":
    sys.exit(main())
