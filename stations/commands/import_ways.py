"""Importing what ways are measured by: tables of distances, and roads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from stations.answers.roads import ROAD_IMPORT
from stations.commands.acting import acting
from stations.commands.call import Call, Output
from stations.duty.roles import Actor
from stations.planning.distance_table import import_distances, missing_pairs, read_distances
from stations.planning.road_data import STEP_LABELS, build_roads
from stations.planning.road_import import import_roads
from stations.tables.table_file import TableRow


def read_distance_rows(content: bytes, _asked: Any) -> list[TableRow]:
    """Return the rows of a table of distances."""
    return read_distances(content)


def distances_of(
    session: Session, actor: Actor, rows: list[TableRow], call: Call, asked: Any
) -> tuple[dict[str, Any], int]:
    """Import a table of distances. Return what is told of it, and the number of pairs. ``asked``: the arguments."""
    done = import_distances(
        session,
        actor,
        rows,
        code=asked.code,
        name=asked.name,
        year=asked.year or 0,
        source=asked.source,
        crs=asked.crs or "wgs84",
        file=Path(asked.file).name,
        now=call.now,
    )
    known = {name: getattr(done, name) for name in ("code", "name", "year", "source", "version")}
    told = {"unit": done.unit.word, "places": len(done.places), "missing_pairs": missing_pairs(done)}
    return known | told, done.pairs


def import_road_network(call: Call, asked: Any) -> Output:
    """Build the network of an extract and put it to use. ``asked``: the arguments."""
    built = build_roads(Path(asked.file), _tell_step(call))  # outside the transaction: it takes minutes
    with call.transaction() as session:
        import_roads(session, acting(session, call, asked.by), built, now=call.now)
    return Output(ROAD_IMPORT, built)


def _tell_step(call: Call) -> Callable[[str], None]:
    """Return a function that tells on standard error which step of building the roads begins."""

    def tell(step: str) -> None:
        click.echo(f"{call.language.translate(STEP_LABELS[step])}…", err=True)

    return tell
