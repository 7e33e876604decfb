"""Editing one institution: a form with its scope, each line with its own validity, and the stations it works for.

It is checked by the readers of the institutions' list, written as a row of it, and logged as such a row is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.audit.log import AuditEntry, entries_about
from stations.audit.vocabulary import AuditSubject
from stations.duty.roles import Actor, signed_in
from stations.entered_text import read_text
from stations.errors import Conflict, InvalidForm, InvalidInput, NotFound, Problems
from stations.imports.plan import Outcome
from stations.keeping.record_checks import read_area
from stations.language import N_, Worded, day_in_china
from stations.lists.institution_columns import COLUMNS
from stations.lists.institution_rows import links_after
from stations.lists.institutions import INSTITUTIONS, institution_keys
from stations.lists.list_plan import require_lister
from stations.lists.list_row import Held
from stations.lists.register import ListedRow, Occasion
from stations.readers.credit_code import read_credit_code
from stations.registry.centre import Centre
from stations.registry.institution_state import InstitutionState, ScopeLine, state_of_institution
from stations.registry.institutions import Institution, InstitutionKind, get_institution
from stations.registry.open_period import holds_on
from stations.registry.record_terms import Terms
from stations.registry.unread import Unread
from stations.revision import move_revision


class KnownAlready(InvalidInput):
    """Another institution is known by what a field says. ``code``: of its record."""

    def __init__(self, field: str, code: str, name: str) -> None:
        self.code = code
        message = N_("{name} ({code}) is known by this already; change that record, or write another here")
        super().__init__(field, message, name=name, code=code)


_COLUMNS = {column.name: column for column in COLUMNS}
_TEXTS = ("name", "name_en", "address", "phone", "source")


@dataclass(frozen=True)
class LineForm:
    """A line of scope as it is entered; the fields are those of ``ScopeLine``, "" where nothing was entered."""

    service_code: str = ""
    subject_zh: str = ""
    subject_en: str = ""
    range: str = ""
    accuracy: str = ""
    standard: str = ""
    limitation: str = ""
    cma_number: str = ""
    cnas_number: str = ""
    authorization_number: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


_LINE_TEXTS = tuple(field.name for field in fields(LineForm) if field.name not in ("valid_from", "valid_until"))


@dataclass(frozen=True)
class InstitutionForm:
    """The form of an institution. ``kind``: a value of ``InstitutionKind``. ``centre``: the code of its record as a
    centre. ``credit_code_as_printed``: the credit code was compared with the business licence, so that a wrong check
    character is taken as it is. ``stations``: the codes of those it works for today. ``done``: the fields whose words
    were not understood and need no field, so that they are dropped.
    """

    name: str = ""
    name_en: str = ""
    kind: str = ""
    centre: str = ""
    credit_code: str = ""
    credit_code_as_printed: bool = False
    city_adcode: str = ""
    county_adcode: str = ""
    address: str = ""
    phone: str = ""
    source: str = ""
    scope: tuple[LineForm, ...] = ()
    stations: tuple[str, ...] = ()
    done: tuple[str, ...] = ()


def form_of_institution(state: InstitutionState | None, today: date) -> InstitutionForm:
    """Return the form filled from a state; an empty one if it is None."""
    if state is None:
        return InstitutionForm()
    names = (*_TEXTS, "credit_code", "centre", "city_adcode", "county_adcode")
    plain: dict[str, Any] = {name: getattr(state, name) or "" for name in names}
    scope = tuple(map(_line_form, state.scope))
    at_work = tuple(link.station for link in state.stations if holds_on(link.since, link.until, today))
    return InstitutionForm(**plain, kind=state.kind.value, scope=scope, stations=at_work)


def _line_form(line: ScopeLine) -> LineForm:
    texts: dict[str, Any] = {name: getattr(line, name) or "" for name in _LINE_TEXTS}
    return LineForm(**texts, valid_from=line.valid_from, valid_until=line.valid_until)


def may_edit_institution(actor: Actor | None, institution: Institution) -> bool:
    """Whether the actor may change an institution: by the same rule as through a list."""
    if actor is None or actor.sample != institution.sample or not actor.may_somewhere(INSTITUTIONS.action):
        return False
    return INSTITUTIONS.refuses(actor, state_of_institution(institution)) is None


def add_institution(session: Session, actor: Actor | None, form: InstitutionForm, *, now: datetime) -> str:
    """Add an institution; return its code.

    Raises:
        NotAllowed: it lies outside the actor's area of duty.
        InvalidForm: some fields are wrong, or another institution is known by one of them (``KnownAlready``).
    """
    actor = require_lister(actor, INSTITUTIONS)
    move_revision(session)
    state = _checked(session, actor, form, None, now)
    row = ListedRow(1, Outcome.NEW, state.name, "", (), None, state)
    return INSTITUTIONS.write(session, actor, [row], reason="", now=now)[1]


def change_institution(
    session: Session, actor: Actor | None, code: str, form: InstitutionForm, *, version: int, note: str, now: datetime
) -> None:
    """Change an institution. ``version``: the one that the actor saw. ``note``: why, kept in its history.

    Raises:
        NotFound: there is no such institution.
        NotAllowed: it lies outside the actor's area of duty, before or after the change.
        InvalidForm: as for ``add_institution``.
        Conflict: somebody has changed it meanwhile, or nothing would change.
    """
    actor = signed_in(actor)
    institution = get_institution(session, code, samples=actor.sample)
    if institution.sample != actor.sample:
        raise NotFound(N_("There is no institution {code}"), code=code)
    move_revision(session)
    reason = read_text("note", note, limit=500, required=False)
    before = state_of_institution(institution)
    _require(actor, before)
    after = _checked(session, actor, form, institution, now)
    if after == before:
        raise Conflict(N_("Nothing was changed"))
    held = Held(institution.id, code, version, before)
    changes = INSTITUTIONS.changes(held, after, Occasion(Terms.load(session), day_in_china(now)))
    row = ListedRow(1, Outcome.CHANGED, after.name, code, (), before, after, institution.id, version, changes)
    INSTITUTIONS.write(session, actor, [row], reason=reason, now=now)


def history_of_institution(session: Session, actor: Actor | None, institution: Institution) -> list[AuditEntry]:
    """Return what the audit log has of an institution, the last change first.

    Raises:
        NotAllowed: the actor may not edit the institution.
    """
    _require(require_lister(actor, INSTITUTIONS), state_of_institution(institution))
    return entries_about(session, AuditSubject.INSTITUTION, institution.code)[::-1]


def _require(actor: Actor, state: InstitutionState) -> None:
    if (refusal := INSTITUTIONS.refuses(actor, state)) is not None:
        raise refusal


def _checked(
    session: Session, actor: Actor, form: InstitutionForm, on_file: Institution | None, now: datetime
) -> InstitutionState:
    """Return the state that a form describes."""
    terms, problems = Terms.load(session), Problems()
    known: dict[str, Any] = {name: problems.attempt(_text, name, getattr(form, name)) for name in _TEXTS}
    known["credit_code"] = problems.attempt(_credit_code, form, on_file)
    known["kind"] = problems.attempt(_kind, form.kind)
    known["centre"] = problems.attempt(_centre, session, form, sample=actor.sample)
    area = problems.attempt(read_area, form.city_adcode, form.county_adcode, terms)
    scope = [problems.attempt(_line, number, line, terms) for number, line in enumerate(form.scope, start=1)]
    problems.stop()
    city, county = area
    held = state_of_institution(on_file).stations if on_file else ()
    links = links_after(held, form.stations, day_in_china(now), new=on_file is None)
    state = InstitutionState(**known, city_adcode=city, county_adcode=county, scope=tuple(scope), stations=links)
    if on_file is not None:
        state = _with_unread(state_of_institution(on_file), state, done=form.done)
    _require(actor, state)
    _check_unlike(session, state, on_file, sample=actor.sample)
    return state


def _with_unread(before: InstitutionState, after: InstitutionState, *, done: Sequence[str]) -> InstitutionState:
    """Return the state after with what was not understood before, unless its field was changed or is ``done`` with.

    A line of scope is the same if its service and its product or parameter are.
    """
    lines = {_line_key(line): line for line in before.scope}
    scope = tuple(
        replace(line, unread=_unsettled(lines[key], line, done)) if (key := _line_key(line)) in lines else line
        for line in after.scope
    )
    return replace(after, scope=scope, unread=_unsettled(before, after, done))


def _line_key(line: ScopeLine) -> tuple[str, str]:
    return line.service_code, line.subject_zh


def _unsettled(before: Any, after: Any, done: Sequence[str]) -> tuple[Unread, ...]:
    """Return the unread words of ``before`` whose field is not ``done`` with, and the same after."""
    fields_of = {"county": "county_adcode", "service": "service_code"}
    names = {one: fields_of.get(one.field, one.field) for one in before.unread}
    return tuple(
        one
        for one, name in names.items()
        if one.field not in done and getattr(before, name, None) == getattr(after, name, None)
    )


def _text(name: str, written: str) -> Any:
    if name in ("name", "source"):
        written = read_text(name, written, limit=2000)
    return _COLUMNS[name].read(name, written) if written.strip() else None


def _credit_code(form: InstitutionForm, on_file: Institution | None) -> str | None:
    """Return the credit code; one that is on file already needs no confirmation."""
    if not form.credit_code.strip():
        return None
    stands = on_file is not None and form.credit_code.strip() == on_file.credit_code
    return read_credit_code("credit_code", form.credit_code, as_printed=form.credit_code_as_printed or stands)


def _kind(value: str) -> InstitutionKind:
    if value not in list(InstitutionKind):
        raise InvalidInput("kind", N_("Choose the kind"))
    return InstitutionKind(value)


def _centre(session: Session, form: InstitutionForm, *, sample: bool) -> str | None:
    """Return the code of the centre that the institution is, None if its kind says that it is none."""
    if form.kind != InstitutionKind.CENTRE:
        return None
    code = form.centre.strip()
    if session.scalar(select(Centre.id).where(Centre.code == code, Centre.sample.is_(sample))) is None:
        message = N_("There is no centre with the code “{code}”; write that of its record")
        raise InvalidInput("centre", message, code=code)
    return code


def _line(number: int, form: LineForm, terms: Terms) -> ScopeLine:
    """Return a line of scope.

    Raises:
        InvalidInput: a field of it is wrong; the message names the line and the field.
    """
    if form.service_code not in terms.services:
        raise _in_line(number, "service", InvalidInput("scope", N_("Choose the service")))
    if not form.subject_zh.strip():
        raise _in_line(number, "subject_zh", InvalidInput("scope", N_("This is empty; please fill it in")))
    values: dict[str, Any] = {"valid_from": form.valid_from, "valid_until": form.valid_until}
    for name in _LINE_TEXTS:
        if name == "service_code":
            continue
        written = getattr(form, name)
        try:
            values[name] = _COLUMNS[name].read(name, written) if written.strip() else None
        except InvalidInput as problem:
            raise _in_line(number, name, problem) from None
    if form.valid_from and form.valid_until and form.valid_until < form.valid_from:
        message = N_("The last day, {last}, is before the first, {first}; correct one of the two")
        days = {"first": form.valid_from.isoformat(), "last": form.valid_until.isoformat()}
        raise _in_line(number, "valid_until", InvalidInput("scope", message, **days))
    return ScopeLine(service_code=form.service_code, **values)


def _in_line(number: int, column: str, problem: InvalidInput) -> InvalidInput:
    known = {"column": Worded(_COLUMNS[column].label), "problem": Worded(problem.message, problem.params)}
    return InvalidInput("scope", N_("Line {line}, {column}: {problem}"), line=number, **known)


def _check_unlike(
    session: Session, state: InstitutionState, on_file: Institution | None, *, sample: bool
) -> None:
    """Refuse a new name or credit code by which another institution is known: lists would take the two for one."""
    held = INSTITUTIONS.held(session, sample=sample)
    others = [one for one in held if on_file is None or one.id != on_file.id]
    before = {key for one in held if one not in others for key in INSTITUTIONS.keys(one.state)}
    problems: list[InvalidInput] = [
        KnownAlready(field, one.code, one.state.name)
        for field, key in institution_keys(state).items()
        if (field, key) not in before
        for one in others
        if institution_keys(one.state).get(field) == key
    ]
    if problems:
        raise InvalidForm(problems)


