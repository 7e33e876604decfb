"""What the command ``import`` answers: figures and places that siting chooses by; other lists as the
registry takes them (``stations.imports``)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from stations.answers.answer import Answer, Question, headings_of
from stations.answers.listed_file import acting, check_crs, content_of
from stations.database import reading, transaction
from stations.duty.roles import Actor
from stations.errors import InvalidForm, InvalidInput
from stations.imports.plan import Outcome
from stations.language import N_, label
from stations.planning.candidate_place import import_places
from stations.planning.imported_figure import import_figure
from stations.tables.table_file import LIMITS

FIGURES, PLACES = "figures", "places"
FIGURE_OPTIONS = ("code", "name", "unit", "year")


def import_list(question: Question) -> Answer:
    """Import a list of any kind."""
    if question.options.kind == FIGURES:
        return _import(question, _figure_of, crs=False)
    if question.options.kind == PLACES:
        return _import(question, _places_of, crs=True)
    from stations.answers.station_import import KINDS  # much to load
    from stations.answers.station_import import import_list as import_records

    if question.options.kind not in KINDS:
        raise InvalidInput(
            "kind",
            N_("“{value}” is not known; use one of: {known}"),
            value=question.options.kind,
            known=", ".join((*KINDS, FIGURES, PLACES)),
        )
    return import_records(question)


Take = Callable[[Session, Actor, bytes, Question], dict[str, Any]]


def _import(question: Question, take: Take, *, crs: bool) -> Answer:
    """Import all rows or none; each that is wrong is told, by its number in the file."""
    options, say = question.options, question.language.translate
    _check_options(options, crs=crs)
    content = content_of(Path(options.file), LIMITS)
    within = reading if options.dry_run else transaction  # what only reads is undone at its end
    try:
        with within(question.engine) as session:
            actor = acting(session, question)
            told = take(session, actor, content, question)
            session.flush()
    except InvalidForm as form:
        rows = [_wrong(problem, question) for problem in form.problems]
        table = [[row["row"], label(question.language, Outcome.WRONG), row["field"], row["message"]] for row in rows]
        headings = headings_of(question.language, "row", "outcome", "field", "message")
        return Answer({"imported": 0, "rows": rows}, headings, table, say(N_("Nothing was written")), exit_code=1)
    count = told.pop("count")
    data = {**told, "imported": 0 if options.dry_run else count, "good": count, "rows": []}
    note = say(N_("Nothing was written")) if options.dry_run else ""
    return Answer(data, [], [[say(N_("good rows")), count]], note)


def _figure_of(session: Session, actor: Actor, content: bytes, question: Question) -> dict[str, Any]:
    options = question.options
    figure = import_figure(
        session,
        actor,
        content,
        code=options.code,
        name=options.name,
        unit=options.unit,
        year=options.year or 0,
        source=options.source,
        now=question.now,
    )
    known = {name: getattr(figure, name) for name in (*FIGURE_OPTIONS, "source", "version")}
    return {"kind": FIGURES, **known, "count": len(figure.values)}


def _places_of(session: Session, actor: Actor, content: bytes, question: Question) -> dict[str, Any]:
    options = question.options
    crs = options.crs or "wgs84"
    places = import_places(session, actor, content, source=options.source, crs=crs, now=question.now)
    return {"kind": PLACES, "source": options.source, "crs": crs, "count": len(places)}


def _check_options(options: Any, *, crs: bool) -> None:
    unused = [name for name in ("doubtful", "report") if getattr(options, name)]
    unused += [name for name in (FIGURE_OPTIONS if crs else ("crs",)) if getattr(options, name)]
    if unused:
        raise InvalidInput(
            unused[0], N_("--{option} says nothing about {kind}; leave it out"), option=unused[0], kind=options.kind
        )
    check_crs(options.crs)


def _wrong(problem: InvalidInput, question: Question) -> dict[str, Any]:
    """A problem as a row of the answer; ``row`` is None where it lies in an option or the whole file."""
    number = problem.field.removeprefix("row ")
    in_row = number != problem.field
    return {
        "row": int(number) if in_row else None,
        "outcome": Outcome.WRONG.value,
        "field": "" if in_row else problem.field,
        "message": question.language.translate(problem.message, **problem.params),
    }
