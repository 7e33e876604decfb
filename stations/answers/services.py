"""The catalogue of services: the whole catalogue, or the results of a search, in the same form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation
from stations.catalogue.service import Service, list_entries
from stations.catalogue.word_tables import Elsewhere
from stations.language import N_, Bilingual, Language


@dataclass(frozen=True)
class CatalogueEntry:
    """A service, a group of services, or, without a ``service``, something that another body does (``elsewhere``).
    ``score``: how well a service matches a query; None without a query.
    """

    service: Service | None
    score: float | None = None
    elsewhere: Elsewhere | None = None

    @property
    def name(self) -> Bilingual:
        """The name of the service, or that it is none of a station's."""
        if self.service:
            return Bilingual(self.service.name_zh, self.service.name_en)
        return Bilingual("由其他部门或机构办理", "Done by another authority or body")

    @property
    def performer(self) -> Bilingual:
        """Who does the work."""
        if self.elsewhere:
            return self.elsewhere.who
        return Bilingual(self.service.performer_zh, self.service.performer_en) if self.service else Bilingual("", "")

    @property
    def basis(self) -> str:
        """The source of the entry."""
        return (self.elsewhere.basis.en or "") if self.elsewhere else self.service.basis if self.service else ""


@dataclass(frozen=True)
class CatalogueAnswer:
    """The whole catalogue in its order, including groups, or the results for ``query``, best first (``entries``)."""

    query: str
    entries: tuple[CatalogueEntry, ...]


def find_services(session: Session, query: str = "") -> CatalogueAnswer:
    """Return the services that match a query, best first; without a query the whole catalogue. Who does what no station
    does comes first, unless a service answers the query for sure.
    """
    entries = list_entries(session)
    if not query:
        return CatalogueAnswer("", tuple(CatalogueEntry(one) for one in entries))
    from stations.catalogue.service_search import ServiceIndex  # importing it loads its dictionaries

    answer = ServiceIndex(entries).answer(query)
    services = [CatalogueEntry(one.service, one.score) for one in answer.found]
    others = [CatalogueEntry(None, elsewhere=one) for one in answer.elsewhere]
    return CatalogueAnswer(query, (*services, *others) if answer.sure else (*others, *services))


def _of_service(name: str) -> Callable[[CatalogueEntry], Any]:
    return lambda one: getattr(one.service, name) if one.service else None


SERVICES: Columns[CatalogueEntry] = Columns(
    Column("code", _of_service("code"), N_("Record code")),
    Column("parent", _of_service("parent_code")),
    Column("named", lambda one: one.name, N_("Name"), in_data=False),
    Column("name_zh", lambda one: one.name.zh),
    Column("name_en", lambda one: one.name.en),
    Column("element", _of_service("element")),
    Column("working_days", _of_service("working_days"), N_("Usual working days")),
    Column("bring_zh", _of_service("bring_zh")),
    Column("bring_en", _of_service("bring_en")),
    Column("performer", lambda one: one.performer, N_("Who performs it"), in_data=False),
    Column("performer_zh", lambda one: one.performer.zh),
    Column("performer_en", lambda one: one.performer.en),
    Column("fee_zh", _of_service("fee_zh")),
    Column("fee_en", _of_service("fee_en")),
    Column("basis", lambda one: one.basis),
    Column("elsewhere", lambda one: one.elsewhere is not None),
    Column("score", lambda one: one.score, N_("How well it answers")),
)


def _data(answer: CatalogueAnswer, language: Language) -> list[dict[str, Any]]:
    return [SERVICES.as_data(one) | {"name": language.pick(*one.name)} for one in answer.entries]


def _shown(answer: CatalogueAnswer) -> tuple[Column[CatalogueEntry], ...]:
    if any(one.elsewhere for one in answer.entries):
        return SERVICES.take("code", "named", "performer", "score")
    return SERVICES.take("code", "named", "working_days", *(["score"] if answer.query else []))


CATALOGUE: Presentation[CatalogueAnswer, CatalogueEntry] = Presentation(
    data=_data, rows=lambda answer: answer.entries, columns=_shown
)
"""The services; ``name`` in the JSON is in the user's language, ``code`` is null for what another body does."""
