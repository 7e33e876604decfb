"""The service catalogue, in Chinese and English: groups (the four elements of quality infrastructure and further ones)
and the concrete services of each.

The rows come from ``stations/data/service_catalogue.csv``, which is the source of truth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from stations.database import Base
from stations.errors import InvalidInput
from stations.language import N_, Bilingual

ELEMENTS = ("metrology", "standards", "testing", "certification")
"""计量, 标准, 检验检测, 认证认可: the elements of national quality infrastructure (NQI), as group codes."""


class Service(Base):
    """An entry of the catalogue: a group if ``parent_code`` is None, else a concrete service of that group.

    ``working_days``: usual time to deliver. ``bring``: what a firm must bring. ``performer``: who does the work.
    ``basis``: the clause, regulation or practice behind the entry.
    """

    __tablename__ = "service"
    in_caches = True
    personal_data = None

    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    parent_code: Mapped[str | None] = mapped_column(ForeignKey("service.code"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    element: Mapped[bool]
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(160))
    bring_zh: Mapped[str] = mapped_column(Text)
    bring_en: Mapped[str] = mapped_column(Text)
    performer_zh: Mapped[str] = mapped_column(Text)
    performer_en: Mapped[str] = mapped_column(Text)
    working_days: Mapped[int | None] = mapped_column(Integer)
    fee_zh: Mapped[str] = mapped_column(Text)
    fee_en: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    keywords: Mapped[list[str]]

    parent: Mapped[Service | None] = relationship(remote_side=[code], back_populates="services")
    services: Mapped[list[Service]] = relationship(back_populates="parent", order_by="Service.position")

    @property
    def group_code(self) -> str:
        """The code of the group it belongs to; its own code if it is a group."""
        return self.parent_code or self.code

    @property
    def days_estimated(self) -> bool:
        """Whether its usual working days are an estimate, without a regulation as their source."""
        return "days: estimate" in self.basis


def list_groups(session: Session) -> list[Service]:
    """Return the groups in catalogue order, each with its services loaded."""
    statement = (
        select(Service)
        .where(Service.parent_code.is_(None))
        .options(selectinload(Service.services))
        .order_by(Service.position)
    )
    return list(session.scalars(statement))


def list_entries(session: Session) -> list[Service]:
    """Return the groups in catalogue order, each followed by its services."""
    return [entry for group in list_groups(session) for entry in (group, *group.services)]


@dataclass(frozen=True)
class Element:
    """An element of quality infrastructure. ``services``: the codes of its group and of the services in it."""

    code: str
    name: Bilingual
    services: frozenset[str]


def list_elements(session: Session) -> tuple[Element, ...]:
    """Return the four elements, in the order of ``ELEMENTS``."""
    groups = {group.code: group for group in list_groups(session) if group.element}
    return tuple(
        Element(
            code=group.code,
            name=Bilingual(group.name_zh, group.name_en),
            services=frozenset((group.code, *(service.code for service in group.services if service.element))),
        )
        for code in ELEMENTS
        if (group := groups.get(code))
    )


def get_services(session: Session, codes: Iterable[str], *, concrete: bool = False) -> list[Service]:
    """Return the entries with these codes, in catalogue order, without duplicates.

    Raises:
        InvalidInput: a code is not in the catalogue, or is a group although ``concrete`` is set.
    """
    wanted = set(codes)
    if not wanted:
        return []
    found = list(session.scalars(select(Service).where(Service.code.in_(wanted)).order_by(Service.position)))
    unknown = sorted(wanted - {service.code for service in found})
    if unknown:
        raise InvalidInput(
            "service", N_("“{code}” is not in the service catalogue; choose a code it lists"), code=unknown[0]
        )
    for service in found:
        if concrete and service.parent_code is None:
            raise InvalidInput(
                "service", N_("“{code}” is a group of services; choose the services in it"), code=service.code
            )
    return found
