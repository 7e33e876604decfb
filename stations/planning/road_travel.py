"""Minutes by car over the road network.

Few places are answered at once; a large matrix is computed in a process of its own and kept in the folder of the road
data, so that the same question is not computed twice.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.roads.network import RoadNetwork
from geo.roads.snapping import FARTHEST_M, snap
from geo.roads.travel_times import AT_ONCE, travel_times
from geo.roads.worker import TimesTask
from stations.errors import Busy
from stations.language import N_, Worded
from stations.planning.road_data import MATRICES, current_network, road_network
from stations.planning.travel_measure import Degrees, GapReason, Travel, TravelUnit

ROADS = "roads"
ROOT = Path(__file__).resolve().parents[2]
KEPT = 60
ABOUT = N_(
    "Minutes by car over the roads of OpenStreetMap ({file}, data of {date}), in free traffic: by the class of a road "
    "and its posted speed, without waiting at lights; the way to the nearest road, {km} km at most, is walked. "
    "© OpenStreetMap contributors, ODbL."
)
Report = Callable[[float], None]


@dataclass(frozen=True)
class RoadTravel(Travel):
    """Seconds by car. ``report``: called with the share of a large matrix that is done; what it raises ends it."""

    network: RoadNetwork = field(repr=False)
    folder: Path
    report: Report | None = None

    def matrix(self, lons: Degrees, lats: Degrees, to_lons: Degrees, to_lats: Degrees) -> NDArray[np.float64]:
        """Return seconds by car, the walks to the roads included."""
        if min(len(lons), len(to_lons)) <= AT_ONCE // 4:
            return travel_times(self.network, lons, lats, to_lons, to_lats)
        digest = hashlib.sha256(self.mark.encode())
        for one in (lons, lats, to_lons, to_lats):
            digest.update(len(one).to_bytes(8, "big") + np.ascontiguousarray(one, dtype=float).tobytes())
        name = f"{digest.hexdigest()[:40]}.npy"
        for folder in (self.folder.parent / MATRICES, Path(tempfile.gettempdir()) / f"roads-{os.getuid()}"):
            try:
                folder.mkdir(parents=True, exist_ok=True)
                return self._kept(TimesTask(self.folder, lons, lats, to_lons, to_lats, folder / name))
            except PermissionError:
                continue  # who serves pages need not be who brings the roads
        return travel_times(self.network, lons, lats, to_lons, to_lats, self.report)

    def gaps(self, lons: Degrees, lats: Degrees) -> dict[int, GapReason]:
        """Return the places beyond the road data, and those in it that are too far from any road."""
        found = snap(self.network, lons, lats)
        return {
            int(place): GapReason.FAR if found.covered[place] else GapReason.BEYOND
            for place in np.flatnonzero(found.piece < 0)
        }

    def _kept(self, task: TimesTask) -> NDArray[np.float64]:
        """Return the matrix in the task's file, after computing it if need be.

        Raises:
            Busy: the process that computes it was ended.
        """
        if not task.file.exists():
            self._compute(task)
            _forget_old(task.file.parent)
        os.utime(task.file)
        return np.asarray(np.load(task.file, allow_pickle=False), dtype=float)

    def _compute(self, task: TimesTask) -> None:
        worker = subprocess.Popen(
            [sys.executable, "-m", "geo.roads.worker"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            if worker.stdin is None or worker.stdout is None:
                raise RuntimeError("the process was started without its pipes")
            with worker.stdin as tasks:
                pickle.dump(task, tasks)
            for line in worker.stdout:
                if self.report is not None:
                    self.report(float(line))
        finally:  # also where the visitor has left: reporting to them then raises
            worker.kill()
            worker.stdout and worker.stdout.close()
            worker.wait()
        if not task.file.exists():
            raise Busy(N_("The computation of the times by road broke off; please try again"))


def road_travel(report: Report | None = None) -> RoadTravel | None:
    """Return the measure over the network in use; None if no roads are imported."""
    folder, network = current_network(), road_network()
    if folder is None or network is None:
        return None
    facts = network.facts
    date = facts.as_of.date().isoformat() if facts.as_of else "–"
    about = Worded(ABOUT, {"file": facts.file, "date": date, "km": round(FARTHEST_M / 1000)})
    return RoadTravel(ROADS, TravelUnit.SECONDS, facts.mark, about, network, folder, report)


def _forget_old(folder: Path) -> None:
    """Remove the matrices that were asked for least lately."""
    files = sorted(folder.glob("*.npy"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[KEPT:]:
        file.unlink(missing_ok=True)
