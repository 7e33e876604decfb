"""The standardization pilots that the policy sets targets for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns
from stations.answers.presentation import listing
from stations.language import N_, Bilingual
from stations.registry.dated_stage import latest
from stations.registry.register_page import WHOLE, RegisterPage
from stations.source_wording import source_wording
from stations.targets.pilot import Pilot, PilotKind, PilotStage, list_pilots


@dataclass(frozen=True)
class PilotToday:
    """A pilot with its last known stage on the date of the query; None if none is known yet."""

    pilot: Pilot
    stage: PilotStage | None


def pilots_on(
    session: Session, as_of: date, *, samples: bool, kind: PilotKind | None = None, page: RegisterPage = WHOLE
) -> list[PilotToday]:
    """Return the pilots with their last known stage on ``as_of``, sorted by code."""
    found = list_pilots(session, samples=samples, kind=kind, page=page)
    return [PilotToday(one, latest(one.history, as_of)) for one in found]


PILOTS: Columns[PilotToday] = Columns(
    Column("code", lambda one: one.pilot.code, N_("Record code")),
    Column("name", lambda one: Bilingual(one.pilot.name, one.pilot.name_en), N_("Name")),
    Column("kind", lambda one: one.pilot.kind, N_("Kind")),
    Column("stage", lambda one: one.stage and one.stage.stage, N_("Stage known last")),
    Column("dated", lambda one: one.stage and one.stage.dated and str(one.stage.dated), N_("Date")),
    Column("as_of", lambda one: one.stage and one.stage.as_of and str(one.stage.as_of), N_("As of")),
    Column("host", lambda one: one.pilot.host),
    Column("city", lambda one: Bilingual(one.pilot.city.name, one.pilot.city.name_en), N_("City")),
    Column(
        "county",
        lambda one: one.pilot.county and Bilingual(one.pilot.county.name, one.pilot.county.name_en),
        N_("County, city or district"),
    ),
    Column(
        "source",
        lambda one: one.pilot.source,
        N_("Source"),
        show=lambda text, language: source_wording(language, text),
    ),
    Column("sample", lambda one: one.pilot.sample),
    Column("version", lambda one: one.pilot.version),
)
PILOT_REGISTER = listing(
    PILOTS,
    *("code", "name", "kind", "stage", "dated", "as_of", "city", "county", "source"),
    samples=lambda one: one.pilot.sample,
)
"""The pilots, each with its last known stage."""
