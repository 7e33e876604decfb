"""The road network of this installation: built once from an extract that the operator brings, kept in a folder.

The folder (``ROADS_FOLDER``) holds one folder for each network built, and ``current.json``, which names the one in use:
a new network takes the place of the old in one step, and whoever is still computing on the old one goes on.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from geo.province import default_province, province_in_use
from geo.roads.build import STEPS, build_network
from geo.roads.extract import UnreadableExtract
from geo.roads.network import Facts, RoadNetwork, read_facts, read_network
from stations.errors import InvalidInput
from stations.language import N_
from stations.settings import VAR, read_value
from stations.system_reasons import reason_of

CURRENT, MATRICES = "current.json", "matrices"
STEP_LABELS = dict(
    zip(STEPS, (N_("reading the roads"), N_("joining them"), N_("sorting them by place")), strict=True)
)


def roads_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the road data: ``ROADS_FOLDER``, else one in ``var/`` for each province."""
    province = province_in_use().adcode
    usual = "roads" if province == default_province() else f"roads-{province}"
    return Path(read_value(environment, "ROADS_FOLDER") or VAR / usual)


def build_roads(file: Path, report: Callable[[str], None] | None = None) -> Facts:
    """Build the network of an OpenStreetMap extract into the folder; ``use_network`` puts it to use. ``report`` is
    called with each step as it begins.

    Raises:
        InvalidInput: the file can't be read or holds no roads, or the folder can't be written.
    """
    if not file.is_file():
        raise InvalidInput("file", N_("There is no file {file}"), file=str(file))
    try:
        network = build_network(file, report)
    except UnreadableExtract as problem:
        raise InvalidInput(
            "file",
            N_("{file} can't be read as an OpenStreetMap extract with roads ({reason}); bring a file .osm.pbf"),
            file=file.name,
            reason=str(problem),
        ) from None
    facts = network.facts
    with _written() as folder:
        shutil.rmtree(folder / facts.mark, ignore_errors=True)
        network.save(folder / facts.mark)
    return facts


def use_network(built: Facts, now: datetime) -> None:
    """Put the network of ``build_roads`` to use; every other one is removed.

    Raises:
        InvalidInput: the folder can't be written.
    """
    with _written() as folder:
        part = folder / f"{CURRENT}.part"
        part.write_text(json.dumps({"network": built.mark, "imported": now.isoformat()}), encoding="utf-8")
        part.replace(folder / CURRENT)
        _remove_folders(folder, but=built.mark)


def forget_network() -> None:
    """Remove the network in use.

    Raises:
        InvalidInput: the folder can't be written.
    """
    with _written() as folder:
        (folder / CURRENT).unlink(missing_ok=True)
        _remove_folders(folder)


def _remove_folders(folder: Path, but: str = "") -> None:
    for other in folder.iterdir():
        if other.is_dir() and other.name != but:  # whoever has it open keeps it until they end
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def _written() -> Iterator[Path]:
    """Yield the folder of the road data to be written.

    Raises:
        InvalidInput: it can't be.
    """
    folder = roads_folder()
    try:
        yield folder
    except OSError as problem:
        raise InvalidInput(
            "ROADS_FOLDER",
            N_("The folder {folder} for road data can't be written: {reason}"),
            folder=str(folder),
            reason=reason_of(problem),
        ) from None


def current_network() -> Path | None:
    """Return the folder of the network in use; None if no roads are imported."""
    folder = roads_folder()
    try:
        name: str = json.loads((folder / CURRENT).read_text(encoding="utf-8"))["network"]
    except FileNotFoundError:
        return None
    return folder / name


def road_facts() -> Facts | None:
    """Return what the network in use was built from; None if no roads are imported."""
    folder = current_network()
    return None if folder is None else _facts(folder)


def road_network() -> RoadNetwork | None:
    """Return the network in use, mapped into memory and shared by all visitors; None if no roads are imported."""
    folder = current_network()
    return None if folder is None else _network(folder)


# A folder is named by what is in it, so what was read from one name stays right.
_facts = lru_cache(maxsize=2)(read_facts)
_network = lru_cache(maxsize=2)(read_network)
