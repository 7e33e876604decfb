"""``python -m tests.benchmarks.starting``: how soon a command answers, and how soon the portal does.

The peer of a command is the import of the libraries that it rests on, that of the portal an empty page of Streamlit's.
Both are timed by the processor's time of the process: what else the machine does has no part in it.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.measured import Measured, keep
from tests.benchmarks.page_server import EMPTY, Pages, served
from tests.benchmarks.visitors import click, opened

TIMES, STARTS = 15, 3
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


def first_answers(environment: dict[str, str], script: Path | None = None) -> tuple[float, float, float]:
    """Return what a server has taken until it answers, in seconds and in megabytes, and until its first page is drawn.
    """
    with served(environment, script) as pages:
        healthy, megabytes = pages.processor_seconds(), pages.megabytes()
        asyncio.run(first_page(pages))
        return healthy, megabytes, pages.processor_seconds()


async def first_page(pages: Pages) -> None:
    """Open the first page."""
    async with opened(pages) as socket:
        await click(socket, "home")


def of_portal(environment: dict[str, str], folder: Path) -> list[Measured]:
    """Return how soon the portal answers, and what it holds by then."""
    script = folder / "empty.py"
    script.write_text(EMPTY, encoding="utf-8")
    taken = [(first_answers(environment), first_answers({}, script)) for _ in range(STARTS)]
    cases = ("start to the first healthy answer", "megabytes at the first healthy answer", "start to the first page")
    return [
        Measured(case, "an empty page", min(ours[at] for ours, _ in taken), min(peer[at] for _, peer in taken), 2)
        for at, case in enumerate(cases)
    ]


def main() -> bool:
    """Measure with the sample network, and return whether all reaches are met."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "portal.sqlite3"
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{file}", "SAMPLE": "1", "LANG": "zh_CN.UTF-8"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # else no process would find anything compiled
        subprocess.run((sys.executable, "-m", "stations", "setup"), env=environment, check=True, capture_output=True)
        return keep([*of_commands(environment), *of_portal(environment, Path(folder))])


if __name__ == "__main__":
    sys.exit(not main())
