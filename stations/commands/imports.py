"""Importing lists: stations and other registers row by row; figures of counties, places for stations and places with
demand, all rows or none; a population raster.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.imports import LIST_IMPORT, STATION_IMPORT, ListImport, StationImport
from stations.answers.population import POPULATION
from stations.answers.register_lists import REGISTER_IMPORT, RegisterImport, column_labels
from stations.commands.acting import acting, office_named
from stations.commands.call import Call, Output
from stations.commands.declaring import argument, command, option
from stations.commands.import_ways import distances_of, import_road_network, read_distance_rows
from stations.commands.parameter_types import COORDINATE_SYSTEM, FILE, PARTIAL_DATE, POSITIVE, OneOf
from stations.commands.written_file import write_file
from stations.duty.roles import Actor
from stations.errors import InvalidForm, InvalidInput
from stations.imports import importing
from stations.imports.mapping_file import read_word_mapping
from stations.imports.plan import ImportOptions
from stations.imports.remembered_words import mapping_of, remember_words, remembered_words
from stations.imports.report import import_report
from stations.imports.station_words import STATION_WORDS
from stations.imports.vocabulary import Vocabulary
from stations.imports.word_mapping import NO_MAPPING, Origin, WordMapping
from stations.language import N_
from stations.lists.applying import apply_list
from stations.lists.kind_of_list import explained
from stations.lists.list_plan import LIMITS, ListOptions, plan_list, read_list
from stations.lists.register import Register
from stations.lists.registers import REGISTERS
from stations.partial_date import PartialDate
from stations.planning.candidate_place import import_places, read_places
from stations.planning.demand_point import PointRow, import_demand_points, read_demand_points
from stations.planning.imported_figure import import_figure, read_figure
from stations.planning.population_layer import import_population, read_population
from stations.registry.record_kind import RecordKind
from stations.registry.record_terms import Terms
from stations.system_reasons import reason_of
from stations.tables import table_file
from stations.tables.heading_rows import MissingHeading
from stations.tables.table_file import TableRow
from stations.tables.workbook_grids import Limits

STATIONS, FIGURES, PLACES = f"{RecordKind.STATION}s", "figures", "places"
DISTANCES, ROADS = "distances", "roads"
DEMAND, POPULATION_RASTER = "demand", "population"
FIGURE_OPTIONS = ("code", "name", "unit", "year")
REPLACE = "replace"
STATION_OPTIONS = ("doubtful", "hidden", "clear", "sheet", "report", "status_date", "mapping", "remembered", "remember")


@dataclass(frozen=True)
class Given:
    """The arguments of ``import``."""

    kind: str
    file: str
    dry_run: bool
    crs: str | None
    doubtful: bool
    hidden: bool
    clear: bool
    replace: bool
    sheet: str
    source: str
    code: str
    name: str
    unit: str
    year: int | None
    status_date: PartialDate | None
    mapping: str | None
    remembered: str
    remember: str
    report: str | None
    by: str


@command(
    argument(
        "kind",
        type=OneOf((STATIONS, *REGISTERS, FIGURES, PLACES, DEMAND, POPULATION_RASTER, DISTANCES, ROADS)),
        metavar="WHAT",
        help=N_("What the list holds."),
    ),
    argument(
        "file",
        type=FILE,
        help=N_("The list: CSV or Excel; of population a GeoTIFF; of roads an OpenStreetMap extract (.osm.pbf)."),
    ),
    option("--dry-run", is_flag=True, help=N_("Only say what would become of each row.")),
    option(
        "--crs", type=COORDINATE_SYSTEM, metavar="CRS", help=N_("The coordinate system, where the list does not say.")
    ),
    option("--doubtful", is_flag=True, help=N_("Import the doubtful rows too.")),
    option("--hidden", is_flag=True, help=N_("Import rows that are hidden or struck out in the workbook too.")),
    option("--clear", is_flag=True, help=N_("Let empty cells clear what a record can do without.")),
    option(
        "--replace",
        is_flag=True,
        help=N_(
            "Take away the lines of scope or the duties of a record on file that its rows do not name; of places, "
            "demand and population: all that was imported before."
        ),
    ),
    option("--sheet", default="", metavar="NAME", help=N_("The sheet that holds the list; by default it is found.")),
    option("--source", default="", metavar="TEXT", help=N_("Where new records are from; the file's name by default.")),
    option(
        "--status-date",
        type=PARTIAL_DATE,
        metavar="DATE",
        help=N_("Since when stations are closed or suspended, where the list does not say."),
    ),
    option(
        "--mapping",
        type=FILE,
        metavar="FILE",
        help=N_(
            "What words of the list mean: a table of 种类 (表头, 服务, 产业链, 县, 状态, 阶段, 类别, 级别 or 角色), "
            "名单用语 and 对应, CSV or Excel."
        ),
    ),
    option(
        "--remembered",
        default="",
        metavar="AREA",
        help=N_("Use the words that the office of this area remembers; those of --mapping count before them."),
    ),
    option(
        "--remember",
        default="",
        metavar="AREA",
        help=N_("Let the office of this area remember the words of --mapping for its next lists."),
    ),
    option("--code", default="", metavar="CODE", help=N_("The code of a figure or a table, such as FIRMS-2025.")),
    option("--name", default="", metavar="NAME", help=N_("What a figure counts.")),
    option("--unit", default="", metavar="UNIT", help=N_("The unit of a figure.")),
    option("--year", type=POSITIVE, metavar="YEAR", help=N_("The year of a figure.")),
    option("--report", type=FILE, metavar="FILE", help=N_("Write the report as an Excel workbook.")),
    option("--by", default="", metavar="USERNAME", help=N_("The account that acts; none by default.")),
)
def import_command(call: Call, **given: Any) -> Output:
    """Import a list of any kind."""
    asked = Given(**given)
    if asked.kind in REGISTERS:
        register = REGISTERS[asked.kind]
        _refuse_unused(asked, ("crs", "status_date", *([] if register.replaced else [REPLACE]), *FIGURE_OPTIONS))
        return _import_register(call, asked, register)
    if asked.kind == FIGURES:
        return _import_whole(call, asked, _read_figure, _figure_of, unused=(*STATION_OPTIONS, REPLACE, "crs"))
    if asked.kind == PLACES:
        return _import_whole(call, asked, _read_places, _places_of, unused=(*STATION_OPTIONS, *FIGURE_OPTIONS))
    if asked.kind == DEMAND:
        return _import_whole(call, asked, _read_demand, _demand_of, unused=(*STATION_OPTIONS, *FIGURE_OPTIONS))
    if asked.kind == POPULATION_RASTER:
        _refuse_unused(asked, (*STATION_OPTIONS, "crs", "code", "unit"))
        return _import_population(call, asked)
    if asked.kind == DISTANCES:
        return _import_whole(call, asked, read_distance_rows, distances_of, unused=(*STATION_OPTIONS, REPLACE, "unit"))
    if asked.kind == ROADS:
        _refuse_unused(asked, (*STATION_OPTIONS, REPLACE, *FIGURE_OPTIONS, "crs", "source", "dry_run"))
        return import_road_network(call, asked)
    _refuse_unused(asked, (REPLACE, *FIGURE_OPTIONS))
    return _import_stations(call, asked)


def _import_stations(call: Call, asked: Given) -> Output:
    path = Path(asked.file)
    content = _content_of(path, importing.LIMITS)
    done = None
    mapping = _mapping_of(call, asked, STATION_WORDS)
    # Outside the transaction: a large list takes long to read and to plan, and others would wait to write.
    try:
        sheet = importing.read_list(content, hidden_too=asked.hidden, mapping=mapping, name=asked.sheet)
    except MissingHeading as missing:
        raise explained(STATIONS, missing) from None
    options = ImportOptions(path.name, asked.crs or "", asked.source, asked.status_date, mapping, asked.clear)
    with call.reading() as session:
        plan = importing.plan_import(session, acting(session, call, asked.by), sheet, options, now=call.now)
    if asked.report:  # before anything is imported: a report that can't be written stops the import
        write_file("report", asked.report, import_report(plan, call.language))
    applied = bool(plan.to_apply(doubtful=asked.doubtful))
    if not asked.dry_run and (applied or asked.remember):
        with call.transaction() as session:
            actor = acting(session, call, asked.by)
            _remember(session, call, asked, actor, mapping, STATION_WORDS)
            if applied:
                done = importing.apply_import(session, actor, plan, doubtful=asked.doubtful, now=call.now)
    return Output(STATION_IMPORT, StationImport(plan, done))


def _import_register(call: Call, asked: Given, register: Register[Any]) -> Output:
    path = Path(asked.file)
    mapping = _mapping_of(call, asked, register.vocabulary)
    content = _content_of(path, LIMITS)
    sheet = read_list(register, content, hidden_too=asked.hidden, mapping=mapping, name=asked.sheet)
    done = None
    # Outside the transaction: to plan a large list takes long, and others would wait to write.
    with call.reading() as session:
        actor = acting(session, call, asked.by)
        options = ListOptions(path.name, asked.source, mapping, asked.clear, asked.replace)
        plan = plan_list(session, actor, register, sheet, options, now=call.now)
    if asked.report:  # before anything is imported, as above
        write_file("report", asked.report, import_report(plan, call.language, labels=column_labels(register)))
    applied = bool(plan.to_apply(doubtful=asked.doubtful))
    if not asked.dry_run and (applied or asked.remember):
        with call.transaction() as session:
            actor = acting(session, call, asked.by)
            _remember(session, call, asked, actor, mapping, register.vocabulary)
            if applied:
                done = apply_list(session, actor, register, plan, doubtful=asked.doubtful, now=call.now)
    return Output(REGISTER_IMPORT, RegisterImport(register, plan, done))


def _mapping_of(call: Call, asked: Given, vocabulary: Vocabulary) -> WordMapping:
    """Return what words of the list mean: as an office remembers, and as a file says, which counts before."""
    if asked.remember and not asked.mapping:
        raise InvalidInput("remember", N_("--remember needs the words to remember: give --mapping FILE"))
    mapping = NO_MAPPING
    if not (asked.remembered or asked.mapping):
        return mapping
    with call.reading() as session:
        terms = Terms.load(session)
        if asked.remembered:
            office, actor = office_named(terms, "remembered", asked.remembered), acting(session, call, asked.by)
            mapping = mapping_of(remembered_words(session, actor, office, vocabulary, terms))
        if asked.mapping:
            path = Path(asked.mapping)
            taught = read_word_mapping(_content_of(path, table_file.LIMITS), path.name, vocabulary, terms)
            mapping = WordMapping(taught.file, (*mapping.words, *taught.words))
    return mapping


def _remember(
    session: Session, call: Call, asked: Given, actor: Actor, mapping: WordMapping, vocabulary: Vocabulary
) -> None:
    """Remember the words of the mapping file, if that is asked for."""
    if asked.remember:
        terms = Terms.load(session)
        words = [word for word in mapping.words if word.origin is Origin.FILE]
        office = office_named(terms, "remember", asked.remember)
        remember_words(session, actor, office, words, vocabulary, terms, now=call.now)


def _refuse_unused(asked: Given, unused: tuple[str, ...]) -> None:
    """Check that no option is given that says nothing about this kind of list.

    Raises:
        InvalidInput: one is given.
    """
    for option_name in unused:
        if getattr(asked, option_name):
            raise InvalidInput(
                option_name,
                N_("--{option} says nothing about {kind}; leave it out"),
                option=option_name.replace("_", "-"),
                kind=asked.kind,
            )


Read = Callable[[bytes, Given], list[Any]]
Take = Callable[[Session, Actor, list[Any], Call, Given], tuple[dict[str, Any], int]]


def _import_whole(call: Call, asked: Given, read: Read, take: Take, *, unused: tuple[str, ...]) -> Output:
    """Import all rows or none; each wrong row is reported with its number in the file.

    Raises:
        InvalidInput: an option of ``unused`` was given.
    """
    _refuse_unused(asked, unused)
    content = _content_of(Path(asked.file), table_file.LIMITS)
    try:
        rows = read(content, asked)  # outside the transaction, as for stations
        with call.reading() if asked.dry_run else call.transaction() as session:  # what only reads is rolled back
            known, count = take(session, acting(session, call, asked.by), rows, call, asked)
            session.flush()
    except InvalidForm as form:
        return Output(LIST_IMPORT, ListImport({}, 0, False, form.problems), exit_code=1)
    return Output(LIST_IMPORT, ListImport({"kind": asked.kind, **known}, count, not asked.dry_run))


def _read_figure(content: bytes, asked: Given) -> list[TableRow]:
    return read_figure(content, asked.unit)


def _read_places(content: bytes, _asked: Given) -> list[TableRow]:
    return read_places(content)


def _figure_of(
    session: Session, actor: Actor, rows: list[TableRow], call: Call, asked: Given
) -> tuple[dict[str, Any], int]:
    done = import_figure(
        session,
        actor,
        rows,
        code=asked.code,
        name=asked.name,
        unit=asked.unit,
        year=asked.year or 0,
        source=asked.source,
        now=call.now,
    )
    known = {name: getattr(done.figure, name) for name in (*FIGURE_OPTIONS, "source", "version")}
    return known | {"passed_over": list(done.passed_over)}, len(done.figure.values)


def _places_of(
    session: Session, actor: Actor, rows: list[TableRow], call: Call, asked: Given
) -> tuple[dict[str, Any], int]:
    crs = asked.crs or "wgs84"
    places = import_places(
        session, actor, rows, source=asked.source, crs=crs, now=call.now, replace=asked.replace
    )
    return {"source": asked.source, "crs": crs, "replaced": asked.replace}, len(places)


def _read_demand(content: bytes, asked: Given) -> list[PointRow]:
    return read_demand_points(content, crs=asked.crs or "wgs84")


def _demand_of(
    session: Session, actor: Actor, rows: list[PointRow], call: Call, asked: Given
) -> tuple[dict[str, Any], int]:
    done = import_demand_points(session, actor, rows, source=asked.source, now=call.now, replace=asked.replace)
    lost = [{"row": row.number, "name": row.name, "address": row.address} for row in done.not_located]
    known = {"source": asked.source, "crs": asked.crs or "wgs84", "replaced": asked.replace, "not_located": lost}
    return known, len(done.points)


def _import_population(call: Call, asked: Given) -> Output:
    """Sum a population raster over the hexagons and store it; each county's people are told beside the census."""
    people = read_population(Path(asked.file))  # outside the transaction, as for stations
    with call.reading() if asked.dry_run else call.transaction() as session:
        compared = import_population(
            session,
            acting(session, call, asked.by),
            people,
            name=asked.name or Path(asked.file).stem,
            year=asked.year or 0,
            source=asked.source,
            now=call.now,
            replace=asked.replace,
            file=Path(asked.file).name,
        )
        return Output(POPULATION, compared)


def _content_of(path: Path, limits: Limits) -> bytes:
    """Return the content of the file.

    Raises:
        InvalidInput: it is too large or can't be read.
    """
    try:
        if path.stat().st_size > limits.bytes:
            raise InvalidInput("file", N_("The file is larger than {size} MB"), size=limits.bytes // 1_000_000)
        return path.read_bytes()
    except OSError as problem:
        raise InvalidInput(
            "file", N_("The file {file} can't be read: {reason}"), file=str(path), reason=reason_of(problem)
        ) from None
