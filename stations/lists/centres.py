"""The list of the centres: 质检中心, 计量中心 and 产业计量测试中心 with their stages."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from stations.audit.vocabulary import AuditAction
from stations.catalogue.words import CatalogueWords
from stations.duty.roles import Action, Actor, Area
from stations.entered_text import comparable
from stations.errors import InvalidInput
from stations.imports.plan import Weight
from stations.imports.row_places import CRS_NAMES
from stations.imports.vocabulary import AREAS, CHAINS
from stations.imports.word_mapping import WordKind
from stations.keeping.doubles import Lookalike
from stations.keeping.editing import area_of_state
from stations.keeping.record_bulk import RecordUpdate, insert_records, update_records
from stations.keeping.record_checks import check_place_in_area, read_point
from stations.keeping.record_codes import code_prefix, next_number
from stations.language import N_, Worded
from stations.lists.centre_words import CHOICES, COLUMNS, KIND_WORDS, LEVEL_WORDS, STAGES, kind_in, level_in
from stations.lists.list_row import Held, ListRow
from stations.lists.record_columns import doubt_code, lookalike_of
from stations.lists.register import ListedRow, Occasion, Register, RowMaker, with_kept
from stations.lists.row_areas import RowAreas, area_changes
from stations.lists.stage_columns import stage_cells
from stations.lists.stage_history import history_told
from stations.registry.centre import Centre
from stations.registry.merged_code import MergedCode
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of_centre
from stations.registry.record_state import CentreState, Place
from stations.registry.record_terms import Terms
from stations.tables.table import LIST_MARK

_TEXTS = ("name", "name_en", "host", "address", "source", "level", "kind")


class CentreList(Register[CentreState]):
    """The centres."""

    name = "centres"
    title = N_("Centres")
    singular = N_("Centre")
    action = Action.EDIT_CENTRES
    logged = AuditAction.IMPORT_CENTRES
    columns = COLUMNS
    choices = CHOICES
    named = MappingProxyType({WordKind.CHAIN: CHAINS, WordKind.AREA: AREAS})

    def held(self, session: Session, *, sample: bool) -> Sequence[Held[CentreState]]:
        statement = select(Centre).where(Centre.sample.is_(sample)).order_by(Centre.code)
        parts = (Centre.history, Centre.chains, Centre.unread)
        fresh = statement.options(*map(selectinload, parts)).execution_options(populate_existing=True)
        return [Held(one.id, one.code, one.version, state_of_centre(one)) for one in session.scalars(fresh)]

    def taken(self, session: Session, *, sample: bool) -> Mapping[str, str | None]:
        others = session.scalars(select(Centre.code).where(Centre.sample.is_not(sample)))
        merged = select(MergedCode.code, MergedCode.survivor).where(MergedCode.kind == RecordKind.CENTRE)
        return dict.fromkeys(others) | {code: survivor for code, survivor in session.execute(merged)}

    def keys(self, state: CentreState) -> Sequence[Hashable]:
        name = comparable(state.name)
        return ((name, state.city_adcode), (name, ""))

    def area(self, state: CentreState, *, sample: bool) -> Area:
        return area_of_state(state, sample=sample)

    def cells(self, code: str, state: CentreState, occasion: Occasion) -> Mapping[str, Any]:
        terms = occasion.terms
        cells = {
            **{name: getattr(state, name) for name in ("name", "name_en", "host", "address", "source")},
            "code": code,
            "level": LEVEL_WORDS[state.level],
            "kind": KIND_WORDS[state.kind],
            "city": terms.cities[state.city_adcode].name,
            "county": terms.counties[state.county_adcode].name if state.county_adcode else None,
            "lon": state.place and state.place.lon,
            "lat": state.place and state.place.lat,
            "crs": state.place and CRS_NAMES["wgs84"],
            "chains": LIST_MARK.join(terms.chains[chain].name_zh for chain in state.chains) or None,
            **stage_cells(state.history, STAGES, state.source),
        }
        return with_kept(cells, state.unread)

    def maker(self, occasion: Occasion) -> RowMaker[CentreState]:
        return _CentreMaker(occasion)

    def lookalike(self, code: str, state: CentreState, terms: Terms, *, sample: bool) -> Lookalike:
        area = state.city_adcode, state.county_adcode
        return lookalike_of(code, state.name, *area, terms, sample=sample, place=state.place)

    def write(
        self, session: Session, actor: Actor, rows: Sequence[ListedRow[CentreState]], *, reason: str, now: datetime
    ) -> Mapping[int, str]:
        codes = _new_codes(session, [row for row in rows if row.new], sample=actor.sample)
        states = {codes[row.number]: row.after for row in rows if row.new and row.after is not None}
        insert_records(session, RecordKind.CENTRE, states, sample=actor.sample, actor=actor, reason=reason, now=now)
        updates = [
            RecordUpdate(row.id, row.code, row.version, row.before, row.after)
            for row in rows
            if row.id is not None and row.version is not None and row.before is not None and row.after is not None
        ]
        update_records(session, RecordKind.CENTRE, updates, actor=actor, reason=reason, now=now)
        session.expire_all()
        return codes


def _new_codes(session: Session, rows: Iterable[ListedRow[CentreState]], *, sample: bool) -> dict[int, str]:
    """Return the code of each new record by row number: the one that the row chooses, else the next free one."""
    chosen = {row.number: row.code for row in rows if row.code}
    taken = set(chosen.values())
    prefix = code_prefix(RecordKind.CENTRE, "", sample=sample)
    number = next_number(session, RecordKind.CENTRE, prefix)
    codes = dict(chosen)
    for row in rows:
        if row.number not in chosen:
            while (code := f"{prefix}{number:03d}") in taken:
                number += 1
            codes[row.number] = code
            number += 1
    return codes


class _CentreMaker(RowMaker[CentreState]):
    def __init__(self, occasion: Occasion) -> None:
        self._occasion = occasion
        self._areas = RowAreas(occasion.terms, occasion.met)
        taught = occasion.met.mapping.of(WordKind.CHAIN)
        self._chains = CatalogueWords(occasion.terms.services, occasion.terms.chains, taught_chains=taught)
        self._unclear: dict[int, InvalidInput | None] = {}

    def prepare(self, row: ListRow[CentreState]) -> None:
        self._unclear[row.number] = self._areas.read(row)

    def keys(self, row: ListRow[CentreState]) -> Sequence[Hashable]:
        name = comparable(row.name)
        return ((name, row.city),) if name else ()

    def namesakes(self, row: ListRow[CentreState]) -> Sequence[Hashable]:
        return ((comparable(row.name), ""),) if row.city else ()

    def settle(self, row: ListRow[CentreState]) -> None:
        if not row.city:
            self._areas.take_told(row, self._unclear[row.number])

    def make(self, rows: Sequence[ListRow[CentreState]], before: CentreState | None) -> CentreState | None:
        (row,) = rows
        doubt_code(row, before.name if before else None)
        said = {name: row.said[name] for name in _TEXTS if name in row.said}
        if "chains" in row.said:
            named = self._chains.chains(row.said["chains"])
            self._occasion.met.meet_named(WordKind.CHAIN, named, row.number)
            for word, problem in named.unknown:
                row.refuse("chains", problem.message, not_taken=word, **problem.params)
            if named.unknown:
                row.keep_unread("chains", LIST_MARK.join(word for word, _problem in named.unknown))
            if named.codes:
                said["chains"] = named.codes
        source = row.values.get("source") or self._occasion.source
        if before is None:
            state = self._new(row, said | {"source": source})
        else:
            self._areas.check_stated(row, self._unclear[row.number])
            cleared: dict[str, Any] = {name: () if name == "chains" else None for name in row.cleared}
            state = replace(before, **cleared, **said, **area_changes(row, before.city_adcode))
        if state is None:
            return None
        history = history_told(row, state.history, self._occasion, source, STAGES)
        place = self._place(row, state)
        return replace(state, history=history, place=place, unread=row.unread_after(state.unread))

    def _new(self, row: ListRow[CentreState], said: Mapping[str, Any]) -> CentreState | None:
        """Return the state of a new centre; level and kind follow from each other's words (省级计量中心) and from
        the name where the row does not say them.
        """
        words = [str(row.cells.get(column) or "") for column in ("level", "kind")]
        level = said.get("level") or level_in(words[1]) or level_in(row.name)
        kind = said.get("kind") or kind_in(words[0]) or kind_in(row.name)
        for column, value in (("level", level), ("kind", kind)):
            if value is None and column not in row.cell_problems:
                row.fault(column, N_("This is empty, and the name does not say it; please fill it in"))
            elif value is not None and column not in said and column not in row.cell_problems:
                row.remark(column, Weight.NOTE, N_("Taken from the name: {value}"), value=Worded(value.label))
            elif value is None:
                row.fault(column, N_("The name does not say it either; please fill it in"))
        if row.wrong or level is None or kind is None:
            return None
        known = {field.name for field in fields(CentreState)}
        values = {name: value for name, value in said.items() if name in known}
        area = {"city_adcode": row.city, "county_adcode": row.county or None}
        return CentreState(**values | area | {"level": level, "kind": kind})

    def _place(self, row: ListRow[CentreState], state: CentreState) -> Place | None:
        """Return the place that the row says; what is wrong with it is a doubt, and the place stays as it is."""
        if not ({"lon", "lat", "place", "crs"} & row.said.keys()):
            return state.place
        lon, lat = (row.values.get(name) for name in ("lon", "lat"))
        if lon is None and lat is None:
            lon, lat = row.values.get("place") or (None, None)
        crs = row.values.get("crs") or self._occasion.facts.crs
        try:
            place = read_point(lon, lat, crs or "wgs84")
            check_place_in_area(place, state.city_adcode, state.county_adcode, self._occasion.terms)
        except InvalidInput as problem:
            row.problem("lon", problem, needed=False)
            row.differs = True
            return state.place
        if place is not None and not crs:
            row.remark("lon", Weight.NOTE, N_("No coordinate system is stated; WGS-84 was assumed"))
        return place or state.place


CENTRES = CentreList()
