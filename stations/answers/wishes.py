"""What firms wait for in their counties, as offices see it."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing
from stations.firms.wishes import Wish
from stations.language import N_, Bilingual, day_in_china

WISHES: Columns[Wish] = Columns(
    Column("adcode", lambda one: one.county.adcode),
    Column("county", lambda one: Bilingual(one.county.name, one.county.name_en), N_("County")),
    Column("service_code", lambda one: one.service.code),
    Column("service", lambda one: Bilingual(one.service.name_zh, one.service.name_en), N_("Service")),
    Column("firms", lambda one: one.firms, N_("Firms waiting")),
    Column("confirmed", lambda one: one.confirmed, N_("of them with a confirmed address")),
    Column("since", lambda one: day_in_china(one.since), N_("Waiting since")),
)

WISH_COLUMNS = WISHES.take("county", "service", "firms", "confirmed", "since")
WISH_LIST = listing(WISHES, "county", "service", "firms", "confirmed", "since")
