"""The registry for its editors: the records of a person's area, each with its status and when it was changed last."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.keeping.listing import Listed
from stations.language import N_, Bilingual, day_in_china

LISTED: Columns[Listed] = Columns(
    Column("code", lambda one: one.record.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.record.name, one.record.name_en), N_("Name")),
    Column("sample", lambda one: one.record.sample, N_("Sample")),
    Column("city", lambda one: Bilingual(one.record.city.name, one.record.city.name_en), N_("City")),
    Column(
        "county",
        lambda one: one.record.county and Bilingual(one.record.county.name, one.record.county.name_en),
        N_("County, city or district"),
    ),
    Column("status", lambda one: one.stage, N_("Status")),
    Column("version", lambda one: one.record.version, N_("Version")),
    Column("changed_on", lambda one: day_in_china(one.record.updated_at), N_("Last changed")),
)
LISTED_COLUMNS = LISTED.take("code", "name", "sample", "county", "city", "status", "version", "changed_on")
"""The table of records."""
