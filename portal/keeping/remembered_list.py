"""The words that an office remembers: listed, saved as a mapping file, and forgotten."""

from __future__ import annotations

import streamlit as st

from portal.components import table
from portal.keeping.put_right import Teaching
from portal.language import _, current, ngettext
from portal.page_action import perform
from portal.storage import engine
from portal.visit import Visit
from stations.answers.presentation import saved_table
from stations.answers.word_mapping import WORD_MAPPING_COLUMNS
from stations.database import reading
from stations.duty.roles import Actor
from stations.imports.mapping_file import mapping_rows
from stations.imports.remembered_words import Remembered, forget_words, office_of, remembered_words
from stations.imports.vocabulary import Vocabulary
from stations.language import day_in_china, label
from stations.registry.record_terms import Terms
from stations.tables.workbooks import MIME, as_workbook

_FORGET = "import_forget"


def draw_remembered(teaching: Teaching, words: list[Remembered]) -> None:
    """Draw the words that the office remembers, in a box that is closed at first."""
    if not words:
        return
    language = current()
    count = len(words)
    told = ngettext("{count} word remembered from earlier lists", "{count} words remembered from earlier lists", count)
    with st.expander(told, key="import_remembered"):
        table(
            [_("What it is"), _("Word"), _("Means"), _("Taught by")],
            [
                [
                    label(language, one.word.kind),
                    one.word.written,
                    _meaning(one, teaching),
                    _("{name}, {date}", name=one.by, date=day_in_china(one.at)),
                ]
                for one in words
            ],
            caption=_("They hold for every list that this office imports; the report says each time what was applied"),
            stacks=True,
        )
        by_key = {one.word.key: one for one in words}
        gone = st.multiselect(
            _("Words to forget"),
            list(by_key),
            key=_FORGET,
            format_func=lambda key: by_key[key].word.written,
            placeholder=_("Choose"),
            filter_mode="contains",
        )
        with st.container(horizontal=True):
            st.button(
                _("Forget them"),
                key="import_forget_do",
                disabled=not gone,
                on_click=_forget,
                args=(teaching,),
            )
            st.download_button(
                _("Save as a mapping file (Excel)"),
                lambda: _file(words, teaching),
                file_name=_("list-words") + ".xlsx",
                mime=MIME,
                on_click="ignore",
                key="import_words_file",
            )


def _meaning(one: Remembered, teaching: Teaching) -> str:
    if not one.holds:
        return _("What it meant is not on file any more; it is not applied")
    return current().translate("{label}", label=teaching.vocabulary.meaning(one.word, teaching.terms))


def _forget(teaching: Teaching) -> None:
    gone = set(st.session_state[_FORGET])
    known = (teaching.vocabulary, teaching.terms)
    perform(
        lambda session: forget_words(
            session, teaching.actor, teaching.office, gone, *known, now=teaching.present.now
        ),
        ngettext("{count} word forgotten.", "{count} words forgotten.", len(gone)),
    )


def _file(words: list[Remembered], teaching: Teaching) -> bytes:
    rows = mapping_rows([one.word for one in words if one.holds], teaching.vocabulary, teaching.terms)
    return as_workbook(saved_table(WORD_MAPPING_COLUMNS, rows, current()), current())


def teaching_of(actor: Actor, present: Visit, vocabulary: Vocabulary) -> tuple[Teaching, list[Remembered]]:
    """Return what the actor may teach of such lists, and the words that their office remembers."""
    office = office_of(actor, vocabulary.action)
    with reading(engine()) as session:
        terms = Terms.load(session)
        words = remembered_words(session, actor, office, vocabulary, terms)
    return Teaching(actor, present, vocabulary, office, terms), words
