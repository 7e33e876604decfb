"""``make fuzz``: each target with thousands of cases, and the figures for ``docs/reliability.md``.

``python -m tests.fuzz [--seed SEED] [--cases N] [--seconds S] [--target WORDS] [--out FILE]``. Hypothesis makes the
cases from the seed. For the readers, which are pure Python, atheris then looks for cases that reach new code; it feeds
the same strategies (``fuzz_one_input``), and runs in a process of its own, because it ends the one that it is in.
"""

from __future__ import annotations

import argparse
import json
import re
import secrets
import subprocess
import sys
import time
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from tests.fuzz.readers import READERS
from tests.fuzz.running import Ran, run_target
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

FIGURES = Path(__file__).with_name("figures.json")
_RUNS = re.compile(r"Done (\d+) (?:runs )?in|^#(\d+)", re.MULTILINE)


def _by_atheris(target: Target, cases: int, seconds: int, seed: int) -> Ran:
    """Run atheris on a target in a child process."""
    began = time.monotonic()
    asked = [sys.executable, "-m", "tests.fuzz", "--child", target.name, "--cases", str(cases), "--seed", str(seed)]
    done = subprocess.run([*asked, "--seconds", str(seconds)], capture_output=True, text=True, check=False)
    runs = [int(first or second) for first, second in _RUNS.findall(done.stderr + done.stdout)]
    finding = "" if done.returncode == 0 else (done.stdout + done.stderr)[-3000:]
    return Ran(target.name, "atheris", max(runs, default=0), round(time.monotonic() - began, 1), finding)


def _child(name: str, cases: int, seconds: int, seed: int) -> None:
    """Be the process that atheris ends."""
    import atheris

    target = next(one for one in TARGETS if one.name == name)
    for module in list(sys.modules):
        if module.startswith(("stations.readers", "stations.places", "stations.entered_text", "geo.address")):
            _instrument(module)
    quiet = settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    fuzz = quiet(given(target.inputs)(lambda case: target.check(case))).hypothesis.fuzz_one_input  # type: ignore[attr-defined]
    atheris.Setup(
        [
            name,
            f"-runs={cases}",
            f"-max_total_time={seconds}",
            f"-seed={seed % 2**31}",
            "-len_control=0",
            "-max_len=4096",
        ],
        fuzz,
    )
    atheris.Fuzz()


def _instrument(name: str) -> None:
    """Let atheris see which branches of a module's functions a case reaches."""
    import atheris

    module = sys.modules[name]
    for named, function in list(vars(module).items()):
        if getattr(function, "__module__", "") == name and type(function).__name__ == "function":
            setattr(module, named, atheris.instrument_func(function))


def main() -> int:
    """Return 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**31))
    parser.add_argument("--cases", type=int, default=0, help="of each target; by default 10,000, of slow ones fewer")
    parser.add_argument("--seconds", type=int, default=600, help="that atheris may take for a target")
    parser.add_argument("--target", default="", help="only those whose name contains these words")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, default=FIGURES)
    asked = parser.parse_args()
    if asked.child:
        _child(asked.child, asked.cases, asked.seconds, asked.seed)
    print(f"seed {asked.seed}", flush=True)
    good = True
    for target in TARGETS:
        if asked.target not in target.name:
            continue
        cases = asked.cases or target.long
        ran = [run_target(target, cases, asked.seed)]
        if target in READERS and find_spec("atheris"):
            ran.append(_by_atheris(target, cases, asked.seconds, asked.seed))
        _keep(ran, asked.seed, asked.out)
        for one in ran:
            found = one.finding or "nothing found"
            print(f"{one.target} by {one.engine}: {one.cases} cases in {one.seconds} s, {found}", flush=True)
            good = good and not one.finding
    return 0 if good else 1


def _keep(ran: list[Ran], seed: int, out: Path) -> None:
    """Write the figures of a target into the file, in the place of earlier ones of the same."""
    before = json.loads(out.read_text(encoding="utf-8"))["ran"] if out.exists() else []
    new = [{**asdict(one), "seed": seed} for one in ran]
    again = {(one["target"], one["engine"]) for one in new}
    others = [one for one in before if (one["target"], one["engine"]) not in again]
    out.write_text(json.dumps({"ran": [*others, *new]}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
