"""Published facts about chains: manufacturing clusters, and the quality map of a chain."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.language import N_, Bilingual
from stations.published_facts import Cluster, MapEntry

CLUSTERS: Columns[Cluster] = Columns(
    Column("name", lambda one: one.name, N_("Cluster")),
    Column("national", lambda one: one.national, N_("National")),
    Column("list", lambda one: one.named_in, N_("List")),
    Column("source", lambda one: one.source, N_("Source")),
)
CLUSTER_COLUMNS = CLUSTERS.take("name", "national", "list", "source")


def map_columns(elements: dict[str, Bilingual]) -> tuple[Column[MapEntry], ...]:
    """Return the columns of a quality map. ``elements``: the name of each group of services, by code."""
    return Columns(
        Column[MapEntry]("element", lambda one: elements.get(one.element, one.element), N_("Element")),
        Column("item", lambda one: one.item, N_("Item")),
        Column("value", lambda one: one.value, N_("Number")),
    ).take("element", "item", "value")
