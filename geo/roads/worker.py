"""``python -m geo.roads.worker``: the times between places, in a process of its own.

Like ``geo.siting.worker``: it delays nobody and can be ended at any time. The task arrives pickled on standard input;
only the parent process writes there. Output is a line for each step, the share that is done; the times go into a file.
"""

from __future__ import annotations

import os
import pickle
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.roads.network import read_network
from geo.roads.travel_times import travel_times

Degrees = NDArray[np.float64]


@dataclass(frozen=True)
class TimesTask:
    """The network's folder, the places (WGS-84 degrees) from and to which times are asked, and the file for them."""

    network: Path
    lons: Degrees
    lats: Degrees
    to_lons: Degrees
    to_lats: Degrees
    file: Path


def main() -> int:
    """Compute the times of the task on standard input. Return 0 after writing them."""
    if hasattr(os, "nice"):  # Windows has none
        os.nice(5)  # pages have priority
    task: TimesTask = pickle.load(sys.stdin.buffer)
    network = read_network(task.network)
    times = travel_times(
        network, task.lons, task.lats, task.to_lons, task.to_lats, lambda share: print(f"{share:.4f}", flush=True)
    )
    part = task.file.with_suffix(f".{os.getpid()}.part")
    with part.open("wb") as file:
        np.save(file, times)
    part.replace(task.file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
