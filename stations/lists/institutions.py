"""The list of institutions: one row for each line of scope, or one for an institution."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail
from stations.duty.roles import Action, Actor, Area, whole_province
from stations.entered_text import comparable
from stations.errors import Conflict
from stations.imports.unread_cell import with_unread
from stations.imports.vocabulary import AREAS, SERVICES
from stations.imports.word_mapping import WordKind
from stations.keeping.doubles import Lookalike
from stations.language import N_
from stations.lists.institution_columns import CHOICES, COLUMNS, GATHERED, KIND_WORDS
from stations.lists.institution_rows import InstitutionRows
from stations.lists.list_row import Held
from stations.lists.register import ListedRow, Occasion, Register, with_kept
from stations.lists.scope_lines import LINE_FIELDS
from stations.registry.centre import Centre
from stations.registry.institution_state import (
    InstitutionState,
    ScopeLine,
    put_institution_state,
    state_of_institution,
)
from stations.registry.institutions import Institution, ScopeEntry, StationInstitution
from stations.registry.open_period import holds_on
from stations.registry.record_terms import Terms
from stations.registry.station import Station
from stations.tables.table import LIST_MARK

AT_ONCE = 500  # ids per query; SQLite limits the number of parameters
LINES_TOLD = 20  # lines of scope that a change names
_PREFIX, _SAMPLE_PREFIX = "I-", "SAMPLE-I-"
_OF_LINE = (
    "subject_zh",
    "subject_en",
    "range",
    "accuracy",
    "standard",
    "limitation",
    "cma_number",
    "cnas_number",
    "authorization_number",
    "valid_from",
    "valid_until",
)


class InstitutionRegister(Register[InstitutionState]):
    """The technical institutions behind the stations, with their scopes."""

    name = "institutions"
    title = N_("Institutions")
    singular = N_("Institution")
    action = Action.EDIT_INSTITUTIONS
    logged = AuditAction.IMPORT_INSTITUTIONS
    columns = COLUMNS
    choices = CHOICES
    named = MappingProxyType({WordKind.SERVICE: SERVICES, WordKind.AREA: AREAS})
    gathered = GATHERED
    replaced = N_("Take away the lines of scope that the list does not have, of institutions of which it has lines")
    over_rows = True
    identity = ("code", "name", "credit_code")
    own = ("address", "phone")

    def __init__(self, stations: Mapping[str, str] | None = None, centres: Mapping[str, str] | None = None) -> None:
        """``stations``, ``centres``: those that a list can name, code → name."""
        self._stations, self._centres = stations or {}, centres or {}

    def opened(self, session: Session, actor: Actor) -> InstitutionRegister:
        """Return the register with the stations and centres that the actor's lists can name."""
        stations = select(Station.code, Station.name).where(Station.sample.is_(actor.sample))
        centres = select(Centre.code, Centre.name).where(Centre.sample.is_(actor.sample))
        names = ({code: name for code, name in session.execute(each)} for each in (stations, centres))
        return InstitutionRegister(*names)

    def held(self, session: Session, *, sample: bool) -> Sequence[Held[InstitutionState]]:
        """Return every institution, sorted by code."""
        statement = (
            select(Institution)
            .options(
                selectinload(Institution.scope).selectinload(ScopeEntry.unread),
                selectinload(Institution.unread),
                selectinload(Institution.centre),
                selectinload(Institution.stations).selectinload(StationInstitution.station),
            )
            .where(Institution.sample.is_(sample))
            .order_by(Institution.code)
        )
        fresh = statement.execution_options(populate_existing=True)
        return [Held(one.id, one.code, one.version, state_of_institution(one)) for one in session.scalars(fresh)]

    def taken(self, session: Session, *, sample: bool) -> Mapping[str, str | None]:
        """Return the codes of the records that such a list can't change."""
        return dict.fromkeys(session.scalars(select(Institution.code).where(Institution.sample.is_not(sample))))

    def keys(self, state: InstitutionState) -> Sequence[Hashable]:
        """Return the credit code, and the name."""
        return list(institution_keys(state).items())

    def area(self, state: InstitutionState, *, sample: bool) -> Area:
        """Return the area of the institution, the whole province if it is in none."""
        if state.city_adcode is None:
            return whole_province(sample=sample)
        return Area.of_codes(state.city_adcode, state.county_adcode, sample=sample)

    def cells(self, code: str, state: InstitutionState, occasion: Occasion) -> Mapping[str, Any]:
        """Return the cells of the institution, and its scope in one."""
        rows = self.row_cells(code, state, occasion)
        return {**rows[0], **dict.fromkeys(_SCOPE_CELLS), "scope": LIST_MARK.join(map(_in_one, state.scope))}

    def changes(
        self, held: Held[InstitutionState], after: InstitutionState, occasion: Occasion
    ) -> Mapping[str, tuple[str, str]]:
        """Return what the list has before and after; of the scope only the lines that differ."""
        told = dict(super().changes(held, after, occasion))
        if "scope" in told:
            gone, come = (
                [line for line in one if line not in other]
                for one, other in ((held.state.scope, after.scope), (after.scope, held.state.scope))
            )
            told["scope"] = (_few(gone), _few(come))
        return told

    def row_cells(self, code: str, state: InstitutionState, occasion: Occasion) -> Sequence[Mapping[str, Any]]:
        """Return a row for each line of scope, each with the cells of the institution."""
        terms = occasion.terms
        mine = {
            "code": code,
            "name": state.name,
            "name_en": state.name_en,
            "kind": KIND_WORDS[state.kind][0],
            "centre": state.centre,
            "credit_code": state.credit_code,
            "city": terms.cities[state.city_adcode].name if state.city_adcode else None,
            "county": terms.counties[state.county_adcode].name if state.county_adcode else None,
            "address": state.address,
            "phone": state.phone,
            "stations": LIST_MARK.join(
                link.station
                for link in state.stations
                if holds_on(link.since, link.until, occasion.today)
            )
            or None,
            "source": state.source,
        }
        lines = [
            with_kept(mine | _line_cells(number, line, terms), line.unread)
            for number, line in enumerate(state.scope, start=1)
        ] or [mine | dict.fromkeys(_SCOPE_CELLS)]
        beyond = [one for one in state.unread if one.field not in LINE_FIELDS]
        return [with_kept(line, state.unread if line is lines[0] else beyond) for line in lines]

    def maker(self, occasion: Occasion) -> InstitutionRows:
        """Return the reader of the rows of one list."""
        return InstitutionRows(occasion, self._stations, self._centres)

    def lookalike(self, code: str, state: InstitutionState, terms: Terms, *, sample: bool) -> Lookalike | None:
        """Return what is compared in the search for possible doubles."""
        city, county = terms.cities.get(state.city_adcode or ""), terms.counties.get(state.county_adcode or "")
        return Lookalike(
            code,
            state.name,
            state.phone,
            None,
            None,
            state.city_adcode or "",
            state.county_adcode,
            city.name if city else "",
            county.name if county else None,
            sample,
        )

    def write(
        self,
        session: Session,
        actor: Actor,
        rows: Sequence[ListedRow[InstitutionState]],
        *,
        reason: str,
        now: datetime,
    ) -> Mapping[int, str]:
        """Add and change institutions; each change is in the audit log with what was and what is."""
        states = [row.after for row in rows if row.after is not None]
        stations = _ids(session, Station, {link.station for state in states for link in state.stations})
        centres = _ids(session, Centre, {state.centre for state in states if state.centre})
        on_file = _hold(session, [row.id for row in rows if row.id is not None])
        codes: dict[int, str] = {}
        number = _next_number(session, actor)
        chosen = {row.code for row in rows if row.new and row.code}
        for row in rows:
            if row.after is None:
                continue
            if row.new:
                code = row.code
                while not code or (code in chosen and code != row.code):
                    code = f"{_SAMPLE_PREFIX if actor.sample else _PREFIX}{number:03d}"
                    number += 1
                codes[row.number] = code
                institution = Institution(code=code, sample=actor.sample, created_at=now, updated_at=now, version=1)
                session.add(institution)
            else:
                institution = on_file[row.id or 0]
                if institution.version != row.version:
                    raise Conflict(N_("Somebody has changed this record meanwhile; look at it again before you act"))
                institution.version += 1
                institution.updated_at = now
            put_institution_state(institution, row.after, stations=stations, centres=centres)
            told: Detail = {"reason": reason}
            if row.new:
                told["after"] = row.after.name
            else:
                told["fields"] = dict(row.changes)
            log.record(
                session,
                at=now,
                actor=actor.username,
                action=AuditAction.ADD_INSTITUTION if row.new else AuditAction.EDIT_INSTITUTION,
                subject_kind=AuditSubject.INSTITUTION,
                subject=institution.code,
                **told,
            )
        session.flush()
        return codes


def institution_keys(state: InstitutionState) -> Mapping[str, str]:
    """Return by what an institution is known: field → value, the most telling first."""
    code = {"credit_code": state.credit_code} if state.credit_code else {}
    return {**code, "name": comparable(state.name)}


_SCOPE_CELLS = ("line", "service", *_OF_LINE)


def _line_cells(number: int, line: ScopeLine, terms: Terms) -> dict[str, Any]:
    service = terms.services[line.service_code]
    return {"line": number, "service": service.name_zh} | {field: getattr(line, field) for field in _OF_LINE}


def _in_one(line: ScopeLine) -> str:
    """Return a line as the history of changes tells it."""
    told = (getattr(line, field) for field in _OF_LINE)
    plain = " ".join(str(value) for value in (line.service_code, *told) if value is not None)
    return with_unread(plain, LIST_MARK.join(one.words for one in line.unread)) if line.unread else plain


def _few(lines: Sequence[ScopeLine]) -> str:
    told = LIST_MARK.join(map(_in_one, lines[:LINES_TOLD]))
    return f"{told}{LIST_MARK}…" if len(lines) > LINES_TOLD else told


def _ids(session: Session, kind: type[Station] | type[Centre], codes: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in _batches(sorted(codes)):
        for code, key in session.execute(select(kind.code, kind.id).where(kind.code.in_(some))):
            found[code] = key
    return found


def _hold(session: Session, ids: Sequence[int]) -> dict[int, Institution]:
    """Return the institutions with these ids, locked in the order of the ids, so that nobody edits them meanwhile."""
    found: dict[int, Institution] = {}
    for some in _batches(sorted(ids)):
        statement = select(Institution).where(Institution.id.in_(some)).order_by(Institution.id).with_for_update()
        found |= {one.id: one for one in session.scalars(statement)}
    return found


def _batches(every: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (every[start : start + AT_ONCE] for start in range(0, len(every), AT_ONCE))


def _next_number(session: Session, actor: Actor) -> int:
    prefix = _SAMPLE_PREFIX if actor.sample else _PREFIX
    codes = session.scalars(select(Institution.code).where(Institution.code.startswith(prefix)))
    endings = (code.removeprefix(prefix) for code in codes)
    return 1 + max((int(ending) for ending in endings if ending.isascii() and ending.isdigit()), default=0)


INSTITUTIONS = InstitutionRegister()
