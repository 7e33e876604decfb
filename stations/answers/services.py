"""The catalogue of services: the whole catalogue, or the results of a search, in the same form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation
from stations.catalogue.service import Service, list_groups
from stations.language import N_, Bilingual, Language


@dataclass(frozen=True)
class CatalogueEntry:
    """A service or a group of services. ``score``: how well it matches a query; None without a query."""

    service: Service
    score: float | None = None


@dataclass(frozen=True)
class CatalogueAnswer:
    """The whole catalogue in its order, including groups, or the results for ``query``, best first (``entries``)."""

    query: str
    entries: tuple[CatalogueEntry, ...]


def find_services(session: Session, query: str = "") -> CatalogueAnswer:
    """Return the services that match a query, best first; without a query the whole catalogue."""
    groups = list_groups(session)
    if not query:
        listed = [entry for group in groups for entry in (group, *group.services)]
        return CatalogueAnswer("", tuple(CatalogueEntry(one) for one in listed))
    from stations.catalogue.service_search import ServiceIndex  # importing it loads its dictionaries

    found = ServiceIndex(groups).search(query)
    return CatalogueAnswer(query, tuple(CatalogueEntry(one.service, one.score) for one in found))


SERVICES: Columns[CatalogueEntry] = Columns(
    Column("code", lambda one: one.service.code, N_("Record code")),
    Column("parent", lambda one: one.service.parent_code),
    Column("named", lambda one: Bilingual(one.service.name_zh, one.service.name_en), N_("Name"), in_data=False),
    Column("name_zh", lambda one: one.service.name_zh),
    Column("name_en", lambda one: one.service.name_en),
    Column("element", lambda one: one.service.element),
    Column("working_days", lambda one: one.service.working_days, N_("Usual working days")),
    Column("bring_zh", lambda one: one.service.bring_zh),
    Column("bring_en", lambda one: one.service.bring_en),
    Column("performer_zh", lambda one: one.service.performer_zh),
    Column("performer_en", lambda one: one.service.performer_en),
    Column("fee_zh", lambda one: one.service.fee_zh),
    Column("fee_en", lambda one: one.service.fee_en),
    Column("basis", lambda one: one.service.basis),
    Column("score", lambda one: one.score, N_("How well it answers")),
)


def _data(answer: CatalogueAnswer, language: Language) -> list[dict[str, Any]]:
    return [
        SERVICES.as_data(one) | {"name": language.pick(one.service.name_zh, one.service.name_en)}
        for one in answer.entries
    ]


CATALOGUE: Presentation[CatalogueAnswer, CatalogueEntry] = Presentation(
    data=_data,
    rows=lambda answer: answer.entries,
    columns=lambda answer: SERVICES.take("code", "named", "working_days", *(["score"] if answer.query else [])),
)
"""The services; ``name`` in the JSON is in the user's language."""
