"""``python -m tests.benchmarks.starting``: how soon a command answers, beside the import of the libraries it rests on.

A command is timed as a process, by the processor's time of the process: what else the machine does has no part in it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.measured import Measured, keep

TIMES = 15
LIBRARIES = (sys.executable, "-c", "import sqlalchemy, numpy")
COMMANDS = {
    "nearest": ("nearest", "120.6", "31.3"),
    "services": ("services", "calibration"),
    "coverage": ("coverage",),
}


def processor_time(command: Sequence[str], environment: dict[str, str]) -> float:
    """Return the processor time, in seconds, that a command takes as a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def beside(ours: Sequence[str], peer: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the least time of each of two commands, run in turn, so that both meet the same machine."""
    taken = [(processor_time(ours, environment), processor_time(peer, environment)) for _ in range(TIMES)]
    return min(one for one, _ in taken), min(one for _, one in taken)


def of_commands(environment: dict[str, str]) -> list[Measured]:
    """Return how long each command takes as a process."""
    measured = []
    for name, command in COMMANDS.items():
        ours, peer = beside((sys.executable, "-m", "stations", *command), LIBRARIES, environment)
        measured.append(Measured(f"the command `{name}` as a process", "import sqlalchemy, numpy", ours, peer, 2))
    return measured


def main() -> bool:
    """Measure with the sample network, and return whether all reaches are met."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "portal.sqlite3"
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{file}", "SAMPLE": "1", "LANG": "zh_CN.UTF-8"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else no process would find anything compiled
        subprocess.run((sys.executable, "-m", "stations", "setup"), env=environment, check=True, capture_output=True)
        return keep(of_commands(environment))


if __name__ == "__main__":
    sys.exit(not main())
