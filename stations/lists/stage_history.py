"""The history of stages that a row asks for, given the one on file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from stations.entered_text import narrow
from stations.errors import InvalidInput
from stations.imports.history_cell import CONTRADICTED, history_together
from stations.imports.plan import Weight
from stations.language import N_, Worded
from stations.lists.list_row import ListRow
from stations.lists.register import Occasion
from stations.lists.stage_columns import StageDate, StageTold, StageWords, stage_reader
from stations.partial_date import PartialDate
from stations.registry.centre import Stage
from stations.registry.dated_entries import AHEAD, NEEDS_REASON, check_order
from stations.registry.record_state import HistoryEntry
from stations.registry.stage_fields import date_column, document_column, remark_column

History = tuple[HistoryEntry, ...]

_ONLY_YES = re.compile(r"是|有|开|√|✓|✔|☑|y|yes|正常|良好", re.I)
"""Words that tell a stage only under a heading that asks for it."""
_ORDER = {stage: place for place, stage in enumerate(Stage)}


def history_told(
    row: ListRow[Any], before: History, occasion: Occasion, source: str, words: Mapping[Stage, StageWords]
) -> History:
    """Return the history on file with what the row says beyond it.

    A stage that is not on file is added, one that is gets the date, document and remark of the row; a date that
    contradicts the one on file is a doubt. The later stages are read first: where two dates contradict each other, the
    earlier stage is left as it is. A column that is not read and tells another stage is a doubt. ``source``: of entries
    whose row names no document. ``words``: how such a list calls the stages.
    """
    told: StageTold | None = row.said.get("stage")
    history = before
    if written := row.said.get("history"):
        together = history_together(written, before)
        if together is None:
            row.remark("history", Weight.NOTE, CONTRADICTED)
        history = together or before
    if told is not None and told.moment is not None and told.moment.earliest > occasion.today:
        message = N_("{date} has not come yet; it is not taken for the date of the stage")
        row.remark("stage", Weight.NOTE, message, date=str(told.moment))
        told = told._replace(moment=None)
    for stage in reversed(Stage):
        moment = told.moment if told is not None and told.stage is stage else None
        history = _with_stage(row, history, stage, moment, occasion, source)
    if told is not None:
        history = _with_present(row, history, told.stage, occasion, source)
    if not history and not before and "stage" not in row.cell_problems:
        row.doubt("stage", N_("Neither a stage nor the date of one is told; write how far it has come"))
    _doubt_unread(row, history, occasion, words)
    return history


def _doubt_unread(
    row: ListRow[Any], history: History, occasion: Occasion, words: Mapping[Stage, StageWords]
) -> None:
    """Doubt a row with a stage in a column that is not read, if the history does not have that stage."""
    read = stage_reader(words)
    for at, heading in occasion.unread.items():
        cell = row.whole[at] if at < len(row.whole) else None
        if not isinstance(cell, str) or _ONLY_YES.fullmatch(narrow(cell)):
            continue
        try:
            told: StageTold | None = read("stage", cell)
        except InvalidInput:
            continue  # words about something else
        if told is not None and all(entry.stage is not told.stage for entry in history):
            message = N_(
                "The column “{heading}” is not read, but says “{text}” here; write the stage into the column of the "
                "stage, or empty this cell"
            )
            row.differs = True
            row.refuse("stage", message, not_taken=cell, heading=heading, text=cell)


def _with_stage(
    row: ListRow[Any], history: History, stage: Stage, moment: PartialDate | None, occasion: Occasion, source: str
) -> History:
    """Return the history with what the row's columns of a stage say. ``moment``: the date in the present stage."""
    column = date_column(stage)
    when: StageDate | None = row.said.get(column) or (StageDate(moment) if moment else None)
    document, remark = (row.said.get(name(stage)) for name in (document_column, remark_column))
    if when is not None and (problem := _not_yet(column, when, occasion)) is not None:
        row.problem(column, problem, needed=False)
        when = None
    at = _place(history, stage)
    if at is not None:
        return _changed(row, history, at, when, document, remark)
    if when is None and document is None and (remark is None or stage is not Stage.APPROVED):
        told: StageTold | None = row.said.get("stage")
        if remark is not None and (told is None or told.stage is not stage):
            row.refuse(remark_column(stage), N_("No such stage is told or on file, so this remark belongs to none"))
        return history
    if when is None:  # its document, or the batch that it was approved in, says that it was reached
        later = any(_ORDER[Stage(entry.stage)] > _ORDER[stage] for entry in history)
        when = StageDate() if later else StageDate(None, _reported(row, occasion))
    entry = HistoryEntry(stage, when.dated, when.as_of, remark, document or source)
    return _put(row, history, entry, column)


def _with_present(row: ListRow[Any], history: History, stage: Stage, occasion: Occasion, source: str) -> History:
    """Return the history that ends with the present stage; one that lies behind what is on file is a doubt."""
    if history and history[-1].stage is stage:
        return history
    if history and _ORDER[stage] <= max(_ORDER[Stage(entry.stage)] for entry in history):
        message = N_(
            "The list says {told}, a later stage is dated or on file already: {standing}. An import does not take a "
            "stage back; correct the row, or the history in the record"
        )
        row.contradict("stage", message, told=Worded(stage.label), standing=Worded(history[-1].stage.label))
        return history
    document, remark = (row.said.get(name(stage)) for name in (document_column, remark_column))
    return _put(row, history, HistoryEntry(stage, None, _reported(row, occasion), remark, document or source), "stage")


def _changed(
    row: ListRow[Any], history: History, at: int, when: StageDate | None, document: str | None, remark: str | None
) -> History:
    """Return the history with the row's date, document and remark in the entry at an index."""
    entry = history[at]
    changed = replace(entry, source=document or entry.source, reason=remark or entry.reason)
    if when is not None and when != StageDate():
        if when.dated and entry.dated and not when.dated.agrees_with(entry.dated):
            message = N_(
                "The registry dates this stage {standing}, the list {told}; import it only if the list is right"
            )
            row.doubt(date_column(Stage(entry.stage)), message, standing=str(entry.dated), told=str(when.dated))
        changed = replace(changed, dated=_more_exact(when.dated, entry.dated), as_of=when.as_of or entry.as_of)
    if changed == entry:
        return history
    return _in_order(row, history, (*history[:at], changed, *history[at + 1 :]), date_column(Stage(entry.stage)))


def _more_exact(told: PartialDate | None, standing: PartialDate | None) -> PartialDate | None:
    """Return the date that a row tells, unless the one on file says the same more exactly."""
    if told is None or (standing is not None and told.agrees_with(standing) and len(str(told)) < len(str(standing))):
        return standing
    return told


def _put(row: ListRow[Any], history: History, entry: HistoryEntry, column: str) -> History:
    """Return the history with a new entry where its stage belongs."""
    if entry.stage in NEEDS_REASON and not entry.reason:
        row.remark(column, Weight.NOTE, N_("No reason is given for this status; add it once it is known"))
    at = sum(_ORDER[Stage(one.stage)] < _ORDER[Stage(entry.stage)] for one in history)
    standing = history[:at]
    last = standing[-1] if standing else None
    if last and last.dated is None and last.as_of and entry.dated and entry.dated.latest < last.as_of.latest:
        message = N_("The registry’s undated stage, reported as of {date}, gives way to the earlier date of this row")
        row.remark(column, Weight.NOTE, message, date=str(last.as_of))
        standing = standing[:-1]
    return _in_order(row, history, (*standing, entry, *history[at:]), column)


def _in_order(row: ListRow[Any], before: History, after: History, column: str) -> History:
    """Return the changed history; the one before, with a doubt, if its dates are not in the order of the stages."""
    try:
        check_order(after)
    except InvalidInput as problem:
        row.differs = True
        contradiction = _contradiction(after)
        if contradiction is None:
            row.problem(column, problem, needed=False)
        else:
            earlier, later = map(str, contradiction)
            message = N_("{later} can't come before {earlier}; correct one of the two dates")
            row.contradict(column, message, later=later, earlier=earlier)
        return before
    return after


def _contradiction(history: History) -> tuple[PartialDate, PartialDate] | None:
    """Return two dates of which the first, of the earlier stage, lies behind the second."""
    days = [entry.dated or entry.as_of for entry in history]
    known = [day for day in days if day is not None]
    pairs = zip(known, known[1:], strict=False)
    return next(((one, other) for one, other in pairs if one.earliest > other.latest), None)


def _place(history: History, stage: Stage) -> int | None:
    """Return the index of the last entry of a stage; None if there is none."""
    return max((at for at, entry in enumerate(history) if entry.stage is stage), default=None)


def _not_yet(column: str, when: StageDate, occasion: Occasion) -> InvalidInput | None:
    """Return what is wrong with a date that has not come yet."""
    moment = when.dated or when.as_of
    if moment is None or moment.earliest <= occasion.today:
        return None
    if moment.earliest > occasion.today + AHEAD:
        message = N_("{date} lies more than a year ahead; check the year")
    else:
        message = N_("{date} has not come yet, so the stage is not taken as reached; import it when it is")
    return InvalidInput(column, message, date=str(moment))


def _reported(row: ListRow[Any], occasion: Occasion) -> PartialDate:
    """Return the day of which a stage without a date is told: that of the row, of the list, or today."""
    told: PartialDate | None = row.values.get("as_of")
    if told is not None and told.earliest > occasion.today:
        told = None
    return told or occasion.facts.date or PartialDate.of(occasion.today)
