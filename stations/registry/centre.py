"""National and provincial quality-inspection, metrology and industrial-metrology-testing centres, with the dated stages
of their construction.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from stations.catalogue.chain import IndustrialChain, centre_chain
from stations.database import Base, Versioned, choice
from stations.duty.area_columns import AreaColumns
from stations.duty.roles import Area
from stations.errors import NotFound
from stations.language import N_, LabelledEnum
from stations.personal_data import PersonalData
from stations.places.counties import City, County
from stations.registry.dated_stage import DatedStage
from stations.registry.merged_code import survivor_of
from stations.registry.record_kind import RecordKind
from stations.registry.register_page import WHOLE, RegisterPage
from stations.registry.unread import UnreadWords


class CentreLevel(LabelledEnum):
    """The level of a centre: 国家级 (national) or 省级 (provincial)."""

    NATIONAL = "national", N_("National")
    PROVINCIAL = "provincial", N_("Provincial")


class CentreKind(LabelledEnum):
    """The kind of a centre: 质检中心, 计量中心 or 产业计量测试中心."""

    QUALITY_INSPECTION = "quality_inspection", N_("Quality inspection centre")
    METROLOGY = "metrology", N_("Metrology centre")
    INDUSTRIAL_METROLOGY = "industrial_metrology", N_("Industrial metrology testing centre")


class Stage(LabelledEnum):
    """The stages of building a centre or a pilot, in the order in which they are reached.

    批准筹建 is approval for construction, 验收 is acceptance. A withdrawal can follow any stage.
    """

    PLANNED = "planned", N_("Planned")
    APPROVED = "approved_for_construction", N_("Approved for construction")
    UNDER_CONSTRUCTION = "under_construction", N_("Under construction")
    ACCEPTED = "accepted", N_("Accepted")
    WITHDRAWN = "withdrawn", N_("Withdrawn")


class Centre(Base, Versioned):
    """A centre. Its place is as exact as its source: coordinates (WGS-84 degrees), a county, or only a city."""

    __tablename__ = "centre"
    in_caches = True
    personal_data = None
    __table_args__ = (
        CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="place"),
        CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name="degrees"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    name_en: Mapped[str | None] = mapped_column(String(240))
    level: Mapped[CentreLevel] = mapped_column(choice(CentreLevel, "level"))
    kind: Mapped[CentreKind] = mapped_column(choice(CentreKind, "kind"))
    host: Mapped[str | None] = mapped_column(String(160))
    address: Mapped[str | None] = mapped_column(String(200))
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    city_adcode: Mapped[str] = mapped_column(ForeignKey("city.adcode"), index=True)
    county_adcode: Mapped[str | None] = mapped_column(ForeignKey("county.adcode"), index=True)
    source: Mapped[str] = mapped_column(Text)
    sample: Mapped[bool] = mapped_column(Boolean, index=True)

    city: Mapped[City] = relationship()
    county: Mapped[County | None] = relationship()
    history: Mapped[list[CentreStage]] = relationship(
        back_populates="centre", cascade="all, delete-orphan", order_by="CentreStage.position"
    )
    unread: Mapped[list[CentreUnread]] = relationship(cascade="all, delete-orphan", order_by="CentreUnread.field")
    chains: Mapped[list[IndustrialChain]] = relationship(secondary=centre_chain, order_by="IndustrialChain.code")

    @property
    def area(self) -> Area:
        """The area of duty that contains the centre: its county if known, else its city."""
        return Area.of_codes(self.city_adcode, self.county_adcode, sample=self.sample)

    @classmethod
    def area_columns(cls) -> AreaColumns:
        """Return the columns that give a centre's area of duty. A centre belongs to no station."""
        return AreaColumns(cls.city_adcode, cls.county_adcode, cls.sample)


class CentreStage(Base, DatedStage):
    """One entry of a centre's dated history of stages."""

    __tablename__ = "centre_stage"
    in_caches = True
    personal_data = PersonalData(columns=("recorded_by",), written=("reason",))
    __table_args__ = (UniqueConstraint("centre_id", "position"),)

    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id", ondelete="CASCADE"), index=True)
    stage: Mapped[Stage] = mapped_column(choice(Stage, "stage"))

    centre: Mapped[Centre] = relationship(back_populates="history")


class CentreUnread(Base, UnreadWords):
    """What could not be read of one field of a centre."""

    __tablename__ = "centre_unread"
    in_caches = True
    personal_data = PersonalData(written=("words",))

    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id", ondelete="CASCADE"), primary_key=True)


def list_centres(
    session: Session,
    *,
    samples: bool,
    county_adcode: str | None = None,
    level: CentreLevel | None = None,
    kind: CentreKind | None = None,
    page: RegisterPage = WHOLE,
) -> list[Centre]:
    """Return every centre, sorted by code, with history, city, county and chains loaded.

    ``samples``: whether to include sample records. ``county_adcode``, ``level``, ``kind``, ``page``: only such centres.
    """
    statement = select(Centre).options(
        selectinload(Centre.history),
        selectinload(Centre.city),
        selectinload(Centre.county),
        selectinload(Centre.chains),
    )
    if not samples:
        statement = statement.where(Centre.sample.is_(False))
    if county_adcode is not None:
        statement = statement.where(Centre.county_adcode == county_adcode)
    if level is not None:
        statement = statement.where(Centre.level == level)
    if kind is not None:
        statement = statement.where(Centre.kind == kind)
    return list(session.scalars(page.of(statement, Centre)))


def get_centre(session: Session, code: str, *, samples: bool) -> Centre:
    """Return the centre with this code, or the one that it was merged into.

    Raises:
        NotFound: there is none, or it is a sample and ``samples`` is false.
    """
    centre = session.scalar(select(Centre).where(Centre.code == code))
    if centre is None and (survivor := survivor_of(session, RecordKind.CENTRE, code)):
        centre = session.scalar(select(Centre).where(Centre.code == survivor))
    if centre is None or (centre.sample and not samples):
        raise NotFound(N_("There is no centre {code}"), code=code)
    return centre
