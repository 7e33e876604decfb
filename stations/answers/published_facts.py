"""Published facts about chains: manufacturing clusters, and the quality map of a chain."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.language import N_
from stations.published_facts import Cluster, MapEntry

CLUSTERS: Columns[Cluster] = Columns(
    Column("name", lambda one: one.name, N_("Cluster")),
    Column("national", lambda one: one.national, N_("National")),
    Column("list", lambda one: one.named_in, N_("List")),
    Column("source", lambda one: one.source, N_("Source")),
)
CLUSTER_COLUMNS = CLUSTERS.take("name", "national", "list", "source")

MAP_ENTRIES: Columns[MapEntry] = Columns(
    Column("element", lambda one: one.element, N_("Element")),
    Column("kind", lambda one: one.kind),
    Column("item", lambda one: one.item, N_("Item")),
    Column("value", lambda one: one.value, N_("How many there are")),
    Column("as_of", lambda one: str(one.as_of)),
    Column("source", lambda one: one.source),
)
MAP_COLUMNS = MAP_ENTRIES.take("element", "item", "value")
