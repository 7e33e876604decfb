"""Importing what ways are measured by: tables of distances, and how far the building of roads has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
from sqlalchemy.orm import Session

from stations.commands.call import Call
from stations.duty.roles import Actor
from stations.planning.distance_table import import_distances, missing_pairs, read_distances
from stations.planning.road_data import STEP_LABELS
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
        now=call.now,
    )
    known = {name: getattr(done, name) for name in ("code", "name", "year", "source", "version")}
    told = {"unit": done.unit.word, "places": len(done.places), "missing_pairs": missing_pairs(done)}
    return known | told, done.pairs


def tell_step(call: Call) -> Callable[[str], None]:
    """Return a function that tells on standard error which step of building the roads begins."""

    def tell(step: str) -> None:
        click.echo(f"{call.language.translate(STEP_LABELS[step])}…", err=True)

    return tell
