"""Putting a list right in its preview: what its words mean, and single cells; then it is read again as it was sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from portal.components import notice
from portal.form_problems import list_problems
from portal.keeping.cell_grid import draw_cell_grid, edited_cells
from portal.keeping.unknown_words import chosen_words, draw_unknown_words
from portal.keeping.upload_state import OverUpload, read_again
from portal.language import _, ngettext, pick
from portal.markdown_text import plain
from portal.storage import engine
from portal.visit import Visit
from stations.database import transaction
from stations.duty.roles import Actor
from stations.errors import DomainError
from stations.imports.corrected_cells import CorrectionGrid
from stations.imports.plan import Plan
from stations.imports.remembered_words import remember_words
from stations.imports.vocabulary import Vocabulary
from stations.imports.word_mapping import Origin, TaughtWord, WordKind
from stations.lists.kind_of_list import TITLES, WrongKind
from stations.places.area_names import area_name
from stations.registry.record_terms import Terms
from stations.tables.heading_rows import MissingHeading

_REMEMBER, _PROBLEM, _AGAIN = "import_remember", "import_again_problem", "import_again_told"


@dataclass(frozen=True)
class Teaching:
    """Who may teach what about a list: the office of ``actor`` remembers its words for its next lists of this kind."""

    actor: Actor
    present: Visit
    vocabulary: Vocabulary
    office: str
    terms: Terms


def draw_put_right(teaching: Teaching, plan: Plan[Any], over: OverUpload, labels: Mapping[str, str]) -> bool:
    """Draw the words that were not understood, the grid of cells, and the button that reads the list again.

    ``labels``: msgids by the name of a column. Return whether something was chosen or changed that is not yet read.
    """
    if told := st.session_state.pop(_AGAIN, None):
        notice(told, "good")
    if problem := st.session_state.pop(_PROBLEM, None):
        notice(problem, "bad")
    draw_unknown_words(plan, teaching.vocabulary, teaching.terms, over)
    if plan.unknown:
        _draw_remember(teaching.office)
    grid = draw_cell_grid(plan, over, labels)

    def again() -> None:
        _read_again(teaching, plan, over, grid)

    return _draw_button(len(chosen_words(plan.unknown, over)), len(edited_cells(grid, over)), again)


def _draw_button(words: int, cells: int, again: Callable[[], None]) -> bool:
    """Draw the button that reads the list again; return whether there is anything to read."""
    chosen = [
        *([ngettext("{count} word", "{count} words", words)] if words else []),
        *([ngettext("{count} cell", "{count} cells", cells)] if cells else []),
    ]
    st.button(
        _("Read again with these: {chosen}", chosen=_(", ").join(chosen)) if chosen else _("Read again with these"),
        key="import_read_again",
        type="primary" if chosen else "secondary",
        disabled=not chosen,
        on_click=again,
    )
    return bool(chosen)


def _draw_remember(office: str) -> None:
    named = area_name(office)
    st.checkbox(
        _("Remember the words for the next lists of {office}", office=plain(pick(named.zh, named.en))),
        value=True,
        key=_REMEMBER,
    )


def _read_again(teaching: Teaching, plan: Plan[Any], over: OverUpload, grid: CorrectionGrid) -> None:
    words, edits = chosen_words(plan.unknown, over), edited_cells(grid, over)
    if not (words or edits):
        return
    if words and st.session_state.get(_REMEMBER) and not _remembered(teaching, words):
        return
    read_again(over, words, plan.sheet.corrected, edits)
    st.session_state[_AGAIN] = _("The list was read again with what you put right.")


def _remembered(teaching: Teaching, words: list[TaughtWord]) -> bool:
    """Remember the words; return whether it succeeded."""
    try:
        with transaction(engine()) as session:
            remember_words(
                session,
                teaching.actor,
                teaching.office,
                words,
                teaching.vocabulary,
                teaching.terms,
                now=teaching.present.now,
            )
    except DomainError as error:
        told = [words for _problem, words in list_problems(error)]
        st.session_state[_PROBLEM] = " ".join(told) or _(error.message, **error.params)
        return False
    return True


def draw_missing_heading(teaching: Teaching, missing: MissingHeading, over: OverUpload, label: str) -> None:
    """Draw the field for the heading of a column without which the list can't be read. ``label``: of the column.

    Where the list looks like another kind, the field is in a box that is closed at first: for that list it is no help.
    """
    if isinstance(missing, WrongKind):
        what = _(TITLES[missing.other.asked])
        with st.expander(_("It is a list of {what} all the same", what=what), key=over.key("same_kind")):
            _draw_heading_field(teaching, missing, over, label)
    else:
        _draw_heading_field(teaching, missing, over, label)


def _draw_heading_field(teaching: Teaching, missing: MissingHeading, over: OverUpload, label: str) -> None:
    key = over.key("missing_heading")
    st.selectbox(
        _("Which of its headings is this column: {column}?", column=label),
        list(dict.fromkeys(" ".join(heading.split()) for heading in missing.stand)),
        index=None,
        key=key,
        placeholder=_("Choose"),
        filter_mode="contains",
    )
    _draw_remember(teaching.office)
    heading = st.session_state.get(key)

    def teach() -> None:
        word = TaughtWord(WordKind.HEADING, str(heading), (missing.column,), Origin.NOW)
        if not st.session_state.get(_REMEMBER) or _remembered(teaching, [word]):
            read_again(over, [word], (), {})

    st.button(_("Read again with this"), key="import_read_heading", disabled=not heading, on_click=teach)
