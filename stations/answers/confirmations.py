"""The stations whose records are to be confirmed."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing, one_row
from stations.keeping.confirming import DueStation
from stations.language import N_, Bilingual

TO_CONFIRM: Columns[DueStation] = Columns(
    Column("code", lambda one: one.station.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.station.name, one.station.name_en), N_("Name")),
    Column("standing", lambda one: one.standing, N_("Yearly confirmation")),
    Column("confirmed_on", lambda one: one.confirmation.last, N_("Confirmed on")),
    Column("confirm_by", lambda one: one.confirmation.due_on, N_("To be confirmed by")),
    Column("version", lambda one: one.station.version, N_("Version")),
    Column("sample", lambda one: one.station.sample, N_("Sample")),
)
TO_CONFIRM_LIST = listing(
    TO_CONFIRM,
    "code",
    "name",
    "standing",
    "confirmed_on",
    "confirm_by",
    "version",
    samples=lambda one: one.station.sample,
)
"""The stations to confirm, the first due first."""

CONFIRMED = one_row(Columns[str](Column("code", str, N_("Record code"))), "code")
