"""The national and provincial centres as features, each at its stage on the day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from stations.features.collection import Collection, Question
from stations.features.places import point
from stations.features.properties import Kind, Property, choices_of
from stations.language import N_
from stations.registry.centre import Centre, CentreKind, CentreLevel, CentreStage, Stage, list_centres
from stations.registry.dated_stage import known_from, latest


@dataclass(frozen=True)
class CentreOnDay:
    """A centre, and its stage on a day."""

    centre: Centre
    stage: CentreStage | None
    as_of: date

    @property
    def chains(self) -> list[str]:
        return [chain.code for chain in self.centre.chains]

    @property
    def since(self) -> date | None:
        days = [known_from(entry.dated, entry.as_of) for entry in self.centre.history]
        return None if None in days else min((day for day in days if day), default=None)


def _read(session: Session, question: Question) -> Iterable[CentreOnDay]:
    for one in list_centres(session, samples=question.samples):
        yield CentreOnDay(one, latest(one.history, question.as_of), question.as_of)


CENTRES = Collection[CentreOnDay](
    id="centres",
    title=N_("Inspection and metrology centres"),
    description=N_(
        "National and provincial quality inspection, metrology and industrial metrology testing centres with the stage "
        "known on each day. A centre whose source does not tell its coordinates has no geometry."
    ),
    geometry="Point",
    dated=True,
    read=_read,
    key=lambda one: one.centre.code,
    place=lambda one: point(one.centre.lon, one.centre.lat),
    since=lambda one: one.since,
    properties=(
        Property("code", Kind.TEXT, N_("Centre code"), lambda one: one.centre.code),
        Property("name", Kind.TEXT, N_("Name in Chinese"), lambda one: one.centre.name),
        Property("name_en", Kind.TEXT, N_("Name in English"), lambda one: one.centre.name_en),
        Property("level", Kind.TEXT, N_("Level"), lambda one: one.centre.level.value, choices_of(CentreLevel)),
        Property("kind", Kind.TEXT, N_("Kind"), lambda one: one.centre.kind.value, choices_of(CentreKind)),
        Property(
            "stage",
            Kind.TEXT,
            N_("Stage known last"),
            lambda one: one.stage and one.stage.stage.value,
            choices_of(Stage),
        ),
        Property(
            "dated",
            Kind.TEXT,
            N_("Date of the stage"),
            lambda one: str(one.stage.dated) if one.stage and one.stage.dated else None,
        ),
        Property("host", Kind.TEXT, N_("Host institution"), lambda one: one.centre.host),
        Property("city_adcode", Kind.TEXT, N_("Adcode of the city"), lambda one: one.centre.city_adcode),
        Property("city", Kind.TEXT, N_("City in Chinese"), lambda one: one.centre.city.name),
        Property("city_en", Kind.TEXT, N_("City in English"), lambda one: one.centre.city.name_en),
        Property("county_adcode", Kind.TEXT, N_("Adcode of the county"), lambda one: one.centre.county_adcode),
        Property(
            "county", Kind.TEXT, N_("County in Chinese"), lambda one: one.centre.county and one.centre.county.name
        ),
        Property(
            "county_en",
            Kind.TEXT,
            N_("County in English"),
            lambda one: one.centre.county and one.centre.county.name_en,
        ),
        Property("address", Kind.TEXT, N_("Address"), lambda one: one.centre.address),
        Property("chains", Kind.TEXTS, N_("Codes of the chains"), lambda one: one.chains),
        Property("source", Kind.TEXT, N_("Source"), lambda one: one.centre.source),
        Property("sample", Kind.FLAG, N_("Invented sample record"), lambda one: one.centre.sample),
        Property("as_of", Kind.DAY, N_("As of"), lambda one: one.as_of),
    ),
)
