"""``make torture``: every fault in its long form, and the figures for ``docs/reliability.md``.

``python -m tests.torture [--seed SEED] [--part WORDS] [--out FILE]``. The seed says when each fault comes and what is
filed; it is printed, and the same seed does the same again. What runs beside it on the machine decides the rest.
"""

from __future__ import annotations

import argparse
import json
import platform
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path

from stations.database import open_engine
from stations.loading.setup import set_up
from tests.conftest import NOW
from tests.torture.faults import FAULTS, Fault, Outcome, Place, can_mount, do, small_disk
from tests.torture.portal_faults import PORTAL_FAULTS, do_to_portal
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


def _all(seed: str, part: str, folder: Path) -> Iterator[Outcome]:
    loaded = folder / "loaded.sqlite3"
    engine = open_engine(f"sqlite:///{loaded}")
    set_up(engine, samples=False, now=NOW)
    engine.dispose()
    for fault in FAULTS:
        for kind in fault.kinds:
            if part not in f"{fault.name} {kind}":
                continue
            if fault.small_disk and not can_mount():
                print(f"{fault.name}, {kind}: left out, only root can make a small disk", file=sys.stderr)
                continue
            here = folder / f"{fault.act.__name__}-{kind}-{fault.jumps}"
            yield _done(fault, kind, here, loaded, f"{seed}/{fault.name}/{kind}")
    for name, act, kinds, times in PORTAL_FAULTS:
        for kind in kinds:
            if part in f"{name} {kind}":
                here = folder / f"portal-{act.__name__}-{kind}"
                with _place(kind, here, loaded) as place:
                    yield do_to_portal(name, act, place, f"{seed}/{name}/{kind}", times, here)


def main() -> int:
    """Return 1 if something acknowledged was lost or doubled, something is half written, or a log is not whole."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture")
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--part", default="", help="only faults whose name and database contain these words")
    parser.add_argument("--out", type=Path, default=FIGURES)
    asked = parser.parse_args()
    print(f"seed {asked.seed}", flush=True)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="portal-torture-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        for outcome in _all(asked.seed, asked.part, Path(folder)):
            outcomes.append(outcome)
            proof = outcome.proof
            print(
                f"{outcome.fault}, {outcome.database}: {outcome.times} times, {proof.acknowledged} acknowledged, "
                f"{proof.found} found, {proof.doubled} doubled, {proof.half_written} half written, log "
                f"{'whole' if proof.log_whole else 'BROKEN'}; goes on after {max(outcome.recovery):.1f} s at most; "
                f"told {outcome.told}",
                flush=True,
            )
    version = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    written = {
        "seed": asked.seed,
        "revision": version.stdout.strip(),
        "python": platform.python_version(),
        "outcomes": [{**asdict(one), "holds": one.proof.holds} for one in outcomes],
    }
    asked.out.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0 if outcomes and all(one.proof.holds for one in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
