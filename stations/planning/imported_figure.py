"""Imported figures of the counties, such as numbers of firms or output, with unit, year and source.

They weight the counties in siting and reach, or give the cost of a site.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from geo.province import province_in_use
from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.database import Base, Versioned
from stations.duty.roles import Actor
from stations.entered_text import narrow, says_nothing
from stations.errors import InvalidInput, NotFound, Problems
from stations.language import N_, Worded
from stations.personal_data import PersonalData
from stations.places.area_words import AreaWords
from stations.places.counties import County, list_counties
from stations.planning.importing import FIRST_YEAR, LAST_YEAR, read_description, require_importer
from stations.readers.numbers import decimal_of, read_amount
from stations.tables.table_file import HeadedTable, TableRow, lone_number_heading, read_headed_table

COLUMNS = {
    "county": (
        *("adcode", "county", "区划代码", "行政区划代码", "区县", "县区", "区/县", "县/区", "县市区", "市县区"),
        *("县", "区", "市县", "所在地", "所属地区"),
        *("县(市、区)", "市(县、区)", "区(县)", "县(区)", "所属区县", "所在区县", "区县名称", "行政区", "行政区划"),
        *("辖区", "地区", "名称", "name"),
    ),
    "value": ("value", "figure", "数值", "值", "数量", "数据"),
}
LABELS = {"county": N_("County"), "value": N_("Value")}
_TIMES = {"万": 10_000, "亿": 100_000_000}
_MULTIPLIED = re.compile(r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)\s*(?P<times>[万亿])")
_APPROXIMATE = re.compile(r"大约|约|将近|近|超过|超|不足|余|多|左右|上下|以上|以下|[~≈><]")
_UNIT_OF_HEADING = re.compile(r"[(\[/:]\s*(?:单位\s*:?\s*)?([^()\[\]/:0-9]{1,8}?)\s*[)\]]?\s*$")
_SUM = re.compile(r"\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|总数)\s*$")
_WHOLE = frozenset({"全省", "全市", "省", "全国"})


class ImportedFigure(Base, Versioned):
    """An imported figure. ``code``: capital letters, digits and hyphens, such as ``FIRMS-2025``."""

    __tablename__ = "county_figure"
    in_caches = True
    personal_data = PersonalData(columns=("imported_by",))
    __table_args__ = (CheckConstraint(f"year BETWEEN {FIRST_YEAR} AND {LAST_YEAR}", name="year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(40))
    year: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(String(300))
    imported_by: Mapped[str] = mapped_column(String(80))
    sample: Mapped[bool] = mapped_column(Boolean)

    values: Mapped[list[CountyFigureValue]] = relationship(back_populates="figure", cascade="all, delete-orphan")


class CountyFigureValue(Base):
    """The value of a figure for one county."""

    __tablename__ = "county_figure_value"
    in_caches = True
    personal_data = None
    __table_args__ = (CheckConstraint("value >= 0", name="value"),)

    figure_id: Mapped[int] = mapped_column(ForeignKey("county_figure.id", ondelete="CASCADE"), primary_key=True)
    county_adcode: Mapped[str] = mapped_column(ForeignKey("county.adcode"), primary_key=True)
    value: Mapped[float]

    figure: Mapped[ImportedFigure] = relationship(back_populates="values")


@dataclass(frozen=True)
class FigureImport:
    """An import of a figure. ``passed_over``: the larger areas of the file, as written, whose rows were left out."""

    figure: ImportedFigure
    passed_over: tuple[str, ...] = ()


def list_figures(session: Session, *, samples: bool) -> list[ImportedFigure]:
    """Return every imported figure with its values, sorted by code; sample figures only with ``samples``."""
    statement = select(ImportedFigure).options(selectinload(ImportedFigure.values)).order_by(ImportedFigure.code)
    return list(session.scalars(statement if samples else statement.where(ImportedFigure.sample.is_(False))))


def get_figure(session: Session, code: str, *, samples: bool) -> ImportedFigure:
    """Return the figure with this code.

    Raises:
        NotFound: there is none, or it is a sample and samples are excluded.
    """
    figure = session.scalar(select(ImportedFigure).where(ImportedFigure.code == code))
    if figure is None or (figure.sample and not samples):
        raise NotFound(N_("There is no imported figure {code}"), code=code)
    return figure


def figure_names(session: Session) -> dict[str, Worded]:
    """Return by its code how each figure is named as what counts, with its year."""
    rows = session.execute(select(ImportedFigure.code, ImportedFigure.name, ImportedFigure.year))
    return {code: Worded(N_("By {name} ({year})"), {"name": name, "year": year}) for code, name, year in rows}


def figure_values(session: Session, code: str, *, samples: bool) -> dict[str, float]:
    """Return the figure's values by adcode; counties without a value are missing.

    Raises:
        NotFound: there is no such figure.
    """
    return {row.county_adcode: row.value for row in get_figure(session, code, samples=samples).values}


def import_figure(
    session: Session,
    actor: Actor | None,
    rows: Sequence[TableRow],
    *,
    code: str,
    name: str,
    unit: str,
    year: int,
    source: str,
    now: datetime,
) -> FigureImport:
    """Import a figure from the rows of a file (``read_figure``). Counties whose value is not known (–, …) stay without
    one; rows of whole cities and of the province are left out.

    A figure with the same code is replaced as a whole.

    Raises:
        NotAllowed: the actor may not import figures.
        InvalidForm: one problem for each wrong field and row; nothing is imported.
    """
    actor, problems = require_importer(actor), Problems()
    texts = read_description(
        problems,
        {"code": code, "name": name, "unit": unit, "source": source},
        year,
        no_code=N_("Write capital letters, digits and hyphens, beginning with a letter: FIRMS-2025"),
        no_year=N_("{year} is no year that figures are from"),
    )
    values, passed_over = _read_values(rows, unit, list_counties(session), problems)
    standing = session.scalar(select(ImportedFigure).where(ImportedFigure.code == texts["code"]))
    if standing is not None and standing.sample != actor.sample:
        problems.add("code", N_("This code is taken; choose another"))
    problems.stop()
    figure = standing or ImportedFigure(code=texts["code"], created_at=now, sample=actor.sample, version=0)
    figure.name, figure.unit, figure.source, figure.year = texts["name"], texts["unit"], texts["source"], year
    figure.imported_by, figure.updated_at, figure.version = actor.username, now, figure.version + 1
    session.add(figure)
    figure.values.clear()
    session.flush()
    figure.values.extend(CountyFigureValue(county_adcode=adcode, value=value) for adcode, value in values.items())
    session.flush()
    log.record(
        session,
        at=now,
        actor=actor.username,
        action=AuditAction.IMPORT_FIGURE,
        subject_kind=AuditSubject.COUNTY_FIGURE,
        subject=figure.code,
        counties=len(values),
        total=sum(values.values()),
        version=figure.version,
    )
    return FigureImport(figure, passed_over)


def read_figure(content: bytes, unit: str) -> list[TableRow]:
    """Return the rows of a CSV or Excel file with a column for the county (``places.area_words``) and one for the
    value, in ``unit``. Done before the transaction begins: a large file takes long to read, and others would wait to
    write.

    A table without a usual heading of values may have one column of numbers beside the counties.

    Raises:
        InvalidInput: the file can't be read, or its heading gives the unit in another size (万人 for 人).
        InvalidForm: rows have more cells than the headings.
    """
    table = _read_table(content, unit)
    heading = table.headings["value"]
    if other := _unit_in_other_size(heading, unit):
        message = N_("The heading “{heading}” says {other}, the unit given is {unit}; correct one of the two")
        raise InvalidInput("unit", message, heading=heading, other=other, unit=unit)
    return table.rows


def _read_table(content: bytes, unit: str) -> HeadedTable:
    try:
        return read_headed_table(content, COLUMNS, COLUMNS, LABELS)
    except InvalidInput as problem:
        county = {"county": COLUMNS["county"]}
        try:
            heading = lone_number_heading(content, county, county, lambda text: _may_be_amount(text, unit))
        except InvalidInput:
            raise problem from None
        if not heading:
            raise
        return read_headed_table(content, {**county, "value": (heading,)}, COLUMNS, LABELS)


def _unit_in_other_size(heading: str, unit: str) -> str:
    """Return the unit that a heading gives (人口（万人）) if it is the given one in another size, else ""."""
    found = _UNIT_OF_HEADING.search(narrow(heading))
    (size, said), (given_size, given) = _sized(found[1] if found else ""), _sized(narrow(unit))
    return f"{size}{said}" if said == given and size != given_size else ""


def _sized(unit: str) -> tuple[str, str]:
    """Return 万 and 人 of 万人."""
    bare = unit.lstrip("十百千万亿")
    return unit[: len(unit) - len(bare)], bare


def _may_be_amount(text: str, unit: str) -> bool:
    """Whether a cell holds a value, says that there is none, or has a value that is only about right."""
    return says_nothing(text) or decimal_of(_APPROXIMATE.sub("", narrow(_in_full(text, unit)))) is not None


def _in_full(text: str, unit: str) -> str:
    """Return an amount without its unit (880家) and with 万 and 亿 worked out (1.02万), else the text as it is.

    Where the unit itself is in ten thousands (万元), a bare 万 may be meant either way, so it is left for an error.
    """
    plain, unit = narrow(text), narrow(unit)
    bare = plain.removesuffix(unit).strip() if unit else plain
    found = _MULTIPLIED.fullmatch(bare)
    if found is None:
        return bare if decimal_of(bare) is not None else text
    if unit.startswith(tuple(_TIMES)):
        return text
    return str(Decimal(found["number"].replace(",", "")) * _TIMES[found["times"]])


def _read_value(field: str, written: str, unit: str) -> float:
    if _APPROXIMATE.search(narrow(written)):
        raise InvalidInput(field, N_("“{text}” is only about right; write the number itself"), text=written)
    return read_amount(field, _in_full(written, unit), below=1e15)


def _is_larger_area(areas: AreaWords, text: str) -> bool:
    """Whether a text names a whole city or the province (苏州市, 全省, 全市合计), of which tables of statistics have
    rows between those of the counties.
    """
    bare = _SUM.sub("", text.strip())
    if not bare or bare in _WHOLE:
        return True
    try:
        if areas.find_area("county", bare) == province_in_use().adcode:
            return True
        city, county = areas.read("", bare)
    except InvalidInput:
        return False
    return bool(city) and not county


def _read_values(
    rows: Sequence[TableRow], unit: str, counties: list[County], problems: Problems
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the values by adcode, and the names of the larger areas that were passed over. Errors are added to
    ``problems``, with the row's number as the field.
    """
    areas = AreaWords({one.city_adcode: one.city for one in counties}, {one.adcode: one for one in counties})
    found: dict[str, float] = {}
    first_row: dict[str, int] = {}
    passed_over: list[str] = []
    for row in rows:
        field = f"row {row.number}"
        if row.cells["county"] and _is_larger_area(areas, row.cells["county"]):
            passed_over.append(row.cells["county"])
            continue
        written = row.cells["value"]
        if written and says_nothing(written):  # – or …: not known, as tables of statistics write it
            continue
        try:
            county = areas.read_county(field, row.cells["county"])
            if not written:
                raise InvalidInput(field, N_("The value is empty; write – where it is not known"))
            value = _read_value(field, written, unit)
        except InvalidInput as problem:
            problems.add(problem.field, problem.message, **problem.params)
            continue
        if county in first_row:
            message = N_("{county} stands in row {row} already")
            problems.add(field, message, county=row.cells["county"], row=first_row[county])
        else:
            found[county], first_row[county] = value, row.number
    if not rows:
        problems.add("file", N_("The file has no rows below its headings"))
    elif not found and not problems:
        problems.add("file", N_("No county of the file has a value"))
    return found, tuple(passed_over)
