"""The institutions that do the technical work for a station, and what each is approved or accredited to do.

A station receives firms; metrology institutes, testing laboratories, certification bodies and centres do the work. A
centre (``stations.registry.centre``) that works for firms has a record here too, linked by ``centre_id``, so that the
scopes of all institutions are in one table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Select, String, Text, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from stations.catalogue.service import Service, get_services
from stations.database import Base, Versioned, choice
from stations.errors import NotFound
from stations.language import N_, LabelledEnum
from stations.personal_data import PersonalData
from stations.places.counties import City, County
from stations.registry.centre import Centre
from stations.registry.open_period import holds_on
from stations.registry.station import Station
from stations.registry.unread import UnreadWords


class InstitutionKind(LabelledEnum):
    """The kind of an institution."""

    METROLOGY = "metrology", N_("Metrology institute")
    TESTING = "testing", N_("Testing laboratory")
    CERTIFICATION = "certification", N_("Certification body")
    STANDARDS = "standards", N_("Standards institute")
    INTELLECTUAL_PROPERTY = "intellectual_property", N_("Intellectual property service")
    FINANCE = "finance", N_("Bank or insurer")
    CENTRE = "centre", N_("National or provincial centre")


class ScopeStanding(LabelledEnum):
    """The validity of a scope entry on a date, best first."""

    VALID = "valid", N_("In force")
    UNDATED = "undated", N_("End not told")
    NOT_YET = "not_yet", N_("Not yet in force")
    LAPSED = "lapsed", N_("Run out")


class Institution(Base, Versioned):
    """A body that provides services to firms on behalf of stations.

    ``city_adcode`` and ``county_adcode`` are as exact as the source; both are empty if the source gives no place in the
    province. ``centre_id``: the centre's record, if ``kind`` is centre. ``credit_code``: 统一社会信用代码.
    """

    __tablename__ = "institution"
    in_caches = True
    personal_data = None
    __table_args__ = (CheckConstraint("(kind = 'centre') = (centre_id IS NOT NULL)", name="centre"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str | None] = mapped_column(String(240))
    kind: Mapped[InstitutionKind] = mapped_column(choice(InstitutionKind, "kind"))
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id", ondelete="CASCADE"), unique=True)
    city_adcode: Mapped[str | None] = mapped_column(ForeignKey("city.adcode"), index=True)
    county_adcode: Mapped[str | None] = mapped_column(ForeignKey("county.adcode"), index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), index=True)
    address: Mapped[str | None] = mapped_column(String(200))
    phone: Mapped[str | None] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(Text)
    sample: Mapped[bool] = mapped_column(Boolean, index=True)

    centre: Mapped[Centre | None] = relationship()
    city: Mapped[City | None] = relationship()
    county: Mapped[County | None] = relationship()
    scope: Mapped[list[ScopeEntry]] = relationship(
        back_populates="institution", cascade="all, delete-orphan", order_by="ScopeEntry.position"
    )
    stations: Mapped[list[StationInstitution]] = relationship(
        back_populates="institution", cascade="all, delete-orphan"
    )
    unread: Mapped[list[InstitutionUnread]] = relationship(
        cascade="all, delete-orphan", order_by="InstitutionUnread.field"
    )


class InstitutionUnread(Base, UnreadWords):
    """What could not be read of one field of an institution."""

    __tablename__ = "institution_unread"
    in_caches = True
    personal_data = PersonalData(written=("words",))

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id", ondelete="CASCADE"), primary_key=True)


class ScopeEntryUnread(Base, UnreadWords):
    """What could not be read of one field of a line of scope."""

    __tablename__ = "scope_entry_unread"
    in_caches = True
    personal_data = PersonalData(written=("words",))

    scope_entry_id: Mapped[int] = mapped_column(ForeignKey("scope_entry.id", ondelete="CASCADE"), primary_key=True)


class ScopeEntry(Base):
    """One line of an institution's scope, as its certificate lists it.

    ``service_code``: the catalogue's service, or its group if the source is no more exact. ``subject``: the product or
    parameter. ``range``: the measuring range with its unit. ``accuracy``: the uncertainty or class of accuracy.
    ``standard``: the number of the method. ``limitation``: what the certificate excludes.
    ``cma_number``/``cnas_number``/``authorization_number``: the certificates (资质认定 approval, 认可 accreditation,
    计量授权 authorization as a legal metrology institute) that cover the line; empty if there is none or the source
    does not say. ``valid_from``/``valid_until``: first and last day of validity; empty
    if unknown.
    """

    __tablename__ = "scope_entry"
    in_caches = True
    personal_data = None
    __table_args__ = (
        UniqueConstraint("institution_id", "position"),
        CheckConstraint("valid_from <= valid_until", name="validity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    service_code: Mapped[str] = mapped_column(ForeignKey("service.code"), index=True)
    subject_zh: Mapped[str] = mapped_column(String(500))
    subject_en: Mapped[str | None] = mapped_column(String(240))
    range: Mapped[str | None] = mapped_column(String(500))
    accuracy: Mapped[str | None] = mapped_column(String(300))
    standard: Mapped[str | None] = mapped_column(String(500), index=True)
    limitation: Mapped[str | None] = mapped_column(String(500))
    cma_number: Mapped[str | None] = mapped_column(String(40))
    cnas_number: Mapped[str | None] = mapped_column(String(40))
    authorization_number: Mapped[str | None] = mapped_column(String(80))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None] = mapped_column(index=True)

    institution: Mapped[Institution] = relationship(back_populates="scope")
    service: Mapped[Service] = relationship()
    unread: Mapped[list[ScopeEntryUnread]] = relationship(
        cascade="all, delete-orphan", order_by="ScopeEntryUnread.field"
    )

    def standing_on(self, as_of: date) -> ScopeStanding:
        """Return the entry's validity on that date."""
        if self.valid_until is not None and self.valid_until < as_of:
            return ScopeStanding.LAPSED
        if self.valid_from is not None and self.valid_from > as_of:
            return ScopeStanding.NOT_YET
        return ScopeStanding.UNDATED if self.valid_until is None else ScopeStanding.VALID


class StationInstitution(Base):
    """The link between a station and an institution that works for it.

    ``since``: the first day; ``until``: the first day on which the link no longer applies; empty if unknown.
    """

    __tablename__ = "station_institution"
    in_caches = True
    personal_data = None

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id", ondelete="CASCADE"), primary_key=True)
    institution_id: Mapped[int] = mapped_column(
        ForeignKey("institution.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[date | None]
    until: Mapped[date | None]

    station: Mapped[Station] = relationship()
    institution: Mapped[Institution] = relationship(back_populates="stations")

    def holds_on(self, as_of: date) -> bool:
        """Whether the institution works for the station on that date."""
        return holds_on(self.since, self.until, as_of)


@dataclass(frozen=True)
class AbleInstitution:
    """An institution that can provide a service.

    ``entries``: the entries of its scope for the service, best first. ``standing``: the validity of the best one.
    ``behind``: whether it works for the station that was asked about.
    """

    institution: Institution
    entries: tuple[ScopeEntry, ...]
    standing: ScopeStanding
    behind: bool


_BEST_FIRST = {standing: place for place, standing in enumerate(ScopeStanding)}


def _with_scope(samples: bool) -> Select[Institution]:
    statement = select(Institution).options(selectinload(Institution.scope))
    return statement if samples else statement.where(Institution.sample.is_(False))


def _institutions(samples: bool) -> Select[Institution]:
    return (
        _with_scope(samples)
        .options(
            selectinload(Institution.scope).selectinload(ScopeEntry.service),
            selectinload(Institution.scope).selectinload(ScopeEntry.unread),
            selectinload(Institution.unread),
            selectinload(Institution.city),
            selectinload(Institution.county),
            selectinload(Institution.centre),
        )
        .order_by(Institution.code)
    )


def list_institutions(session: Session, *, samples: bool) -> list[Institution]:
    """Return every institution, sorted by code, with its scope and the stations that it works for."""
    behind = selectinload(Institution.stations).selectinload(StationInstitution.station)
    return list(session.scalars(_institutions(samples).options(behind)))


def find_institutions(
    session: Session,
    *,
    samples: bool,
    words: str = "",
    city_adcode: str | None = None,
    after: str = "",
    limit: int | None = 50,
) -> list[Institution]:
    """Return a page of the institutions, sorted by code, each with its scope and the stations that it works for.

    ``words``: part of the name, of the code, of a product, standard or certificate number in the scope, or of what was
    not understood. ``after``: the last code of the page before.
    """
    behind = selectinload(Institution.stations).selectinload(StationInstitution.station)
    statement = _institutions(samples).options(behind).where(Institution.code > after)
    if words:
        in_scope = (
            ScopeEntry.subject_zh,
            ScopeEntry.standard,
            ScopeEntry.cma_number,
            ScopeEntry.cnas_number,
            ScopeEntry.authorization_number,
        )
        fits = [column.icontains(words, autoescape=True) for column in in_scope]
        fits.append(ScopeEntry.unread.any(ScopeEntryUnread.words.icontains(words, autoescape=True)))
        statement = statement.where(
            Institution.name.icontains(words, autoescape=True)
            | Institution.code.icontains(words, autoescape=True)
            | (Institution.credit_code == words)
            | Institution.scope.any(or_(*fits))
            | Institution.unread.any(InstitutionUnread.words.icontains(words, autoescape=True))
        )
    if city_adcode is not None:
        statement = statement.where(Institution.city_adcode == city_adcode)
    return list(session.scalars(statement.limit(limit)))


def get_institution(session: Session, code: str, *, samples: bool) -> Institution:
    """Return the institution with this code.

    Raises:
        NotFound: there is none, or it is a sample and ``samples`` is false.
    """
    institution = session.scalar(_institutions(samples).where(Institution.code == code))
    if institution is None:
        raise NotFound(N_("There is no institution {code}"), code=code)
    return institution


def institution_of_centre(session: Session, centre: Centre, *, samples: bool) -> Institution | None:
    """Return the centre's record as an institution, with its scope; None if there is none."""
    return session.scalar(_institutions(samples).where(Institution.centre_id == centre.id))


def institutions_behind(session: Session, station: Station, as_of: date, *, samples: bool) -> list[Institution]:
    """Return the institutions that work for a station on a date, sorted by code, with their scope."""
    return institutions_behind_each(session, [station], as_of, samples=samples)[station.id]


def institutions_behind_each(
    session: Session, stations: Sequence[Station], as_of: date, *, samples: bool, to_weigh: bool = False
) -> dict[int, list[Institution]]:
    """Return the institutions that work for each of several stations on a date, sorted by code, by the station's id.

    ``to_weigh``: with their scope alone, which is all that routing asks of them.
    """
    links = session.scalars(
        select(StationInstitution).where(StationInstitution.station_id.in_([station.id for station in stations]))
    )
    holding = [link for link in links if link.holds_on(as_of)]
    wanted = {link.institution_id for link in holding}
    asked = _with_scope(samples) if to_weigh else _institutions(samples)
    found = {one.id: one for one in session.scalars(asked.where(Institution.id.in_(wanted)))}
    behind: dict[int, list[Institution]] = {station.id: [] for station in stations}
    for link in holding:
        if link.institution_id in found:
            behind[link.station_id].append(found[link.institution_id])
    return {station: sorted(several, key=lambda one: one.code) for station, several in behind.items()}


def able_institutions(
    session: Session, service_code: str, as_of: date, *, samples: bool, station: Station | None = None
) -> list[AbleInstitution]:
    """Return the institutions that can provide a service (a catalogue code) on a date.

    They are sorted by validity (valid scope, scope without a known end, scope not valid on that date), then those that
    work for ``station``, then by code. An entry for a service's group counts for each service in it; for a group, the
    entry of any service in it counts.

    Raises:
        InvalidInput: the code is not in the catalogue.
    """
    (service,) = get_services(session, [service_code])
    having = select(ScopeEntry.institution_id).where(ScopeEntry.service_code.in_(_answering(service)))
    behind = set()
    if station is not None:
        behind = {one.id for one in institutions_behind(session, station, as_of, samples=samples)}
    able = []
    for institution in session.scalars(_institutions(samples).where(Institution.id.in_(having))):
        entries = scope_for(institution, [service], as_of)
        able.append(
            AbleInstitution(institution, entries, entries[0].standing_on(as_of), behind=institution.id in behind)
        )
    return sorted(able, key=lambda one: (_BEST_FIRST[one.standing], not one.behind, one.institution.code))


def scope_for(institution: Institution, services: Iterable[Service], as_of: date) -> tuple[ScopeEntry, ...]:
    """Return the entries of an institution's scope for any of the services, best validity first."""
    codes = {code for service in services for code in _answering(service)}
    entries = [entry for entry in institution.scope if entry.service_code in codes]
    return tuple(sorted(entries, key=lambda entry: (_BEST_FIRST[entry.standing_on(as_of)], entry.position)))


def _answering(service: Service) -> set[str]:
    """Return the codes of scope entries that cover a service: its own, its group's, and those of the services in it."""
    return {service.code, service.group_code, *(inner.code for inner in service.services)}
