"""Visits on site."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing
from stations.evaluation.site_visits import SiteVisit
from stations.language import N_, Bilingual

VISITS: Columns[SiteVisit] = Columns(
    Column("visited_on", lambda one: one.visited_on, N_("Day")),
    Column("station", lambda one: Bilingual(one.station.name, one.station.name_en), N_("Station")),
    Column("station_code", lambda one: one.station.code),
    Column("firm", lambda one: one.firm_name, N_("Firm")),
    Column("subject", lambda one: one.subject, N_("What was done there")),
    Column("code", lambda one: one.code, N_("Number")),
    Column("place", lambda one: one.id),
    Column("sample", lambda one: one.sample),
)
VISIT_KEYS = ("visited_on", "station", "firm", "subject", "code")
VISIT_COLUMNS = VISITS.take(*VISIT_KEYS)
"""The table of visits."""

VISIT_LIST = listing(VISITS, *VISIT_KEYS, samples=lambda one: one.sample)
"""A page of visits, the last recorded first; ``place`` of the last one is where the next page begins."""
