"""The road network that was built from an extract."""

from __future__ import annotations

from geo.roads.network import Facts
from stations.answers.columns import Column, Columns, as_plain
from stations.answers.presentation import Presentation
from stations.language import N_

NETWORK: Columns[Facts] = Columns(
    Column("file", lambda one: one.file, N_("Extract")),
    Column("as_of", lambda one: one.as_of and one.as_of.date(), N_("Data of")),
    Column("vertices", lambda one: one.vertices, N_("Points of roads for cars")),
    Column("junctions", lambda one: one.junctions, N_("Junctions kept")),
    Column("pieces", lambda one: one.pieces, N_("Pieces of road")),
    Column("left_out", lambda one: one.left_out, N_("Pieces left out: not connected")),
    Column("missing", lambda one: one.missing, N_("Points missing at the edge")),
)

ROAD_IMPORT: Presentation[Facts, Facts] = Presentation(
    data=lambda facts, _language: {**as_plain(vars(facts)), "area": facts.area},
    rows=lambda facts: [facts],
    columns=lambda _facts: NETWORK.take(
        "file", "as_of", "vertices", "junctions", "pieces", "left_out", "missing"
    ),
)
