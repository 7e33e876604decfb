"""A server of pages as a benchmark starts it: the portal, or an empty page of Streamlit's, its peer."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import requests

EMPTY = "import streamlit as st\n"
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Pages:
    """A running server. ``health``: the path that tells whether it answers."""

    process: int
    port: int
    health: str
    began: float

    def processor_seconds(self) -> float:
        """Return the processor time that the server has taken so far."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def megabytes(self) -> float:
        """Return the memory that the server holds."""
        lines = Path(f"/proc/{self.process}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

    def answers(self) -> bool:
        """Whether it answers by now."""
        try:
            return requests.get(f"http://127.0.0.1:{self.port}{self.health}", timeout=5).ok
        except requests.RequestException:
            return False


@contextmanager
def served(environment: dict[str, str], script: Path | None = None) -> Iterator[Pages]:
    """Run the portal, or a script of Streamlit's, until the block ends; it answers when the block begins.

    Raises:
        RuntimeError: it ends before it answers.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    if script is None:
        command, health = ["-m", "portal"], "/health"
    else:
        command, health = ["-m", "streamlit", "run", str(script), "--server.port", str(port)], "/_stcore/health"
        command += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    variables = {**os.environ, **environment, "HOST": "127.0.0.1", "PORT": str(port)}
    began = perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command], env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        pages = Pages(process.pid, port, health, began)
        while not pages.answers():
            if process.poll() is not None:
                raise RuntimeError(f"{command} ended with {process.returncode}")
            time.sleep(0.02)
        yield pages
    finally:
        process.terminate()
        process.wait(timeout=60)
