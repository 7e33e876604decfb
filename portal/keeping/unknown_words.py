"""What the portal did not understand in a list: each word once, with what it may be taught to mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st
from markupsafe import Markup

from portal.components import notice
from portal.keeping.upload_state import OverUpload
from portal.language import _, current, ngettext
from stations.imports.met_words import MetWord
from stations.imports.plan import Plan
from stations.imports.vocabulary import Vocabulary
from stations.imports.word_choices import WordChoice, WordChoices, example_of
from stations.imports.word_mapping import TaughtWord
from stations.language import label
from stations.registry.record_terms import Terms

SHOWN = 30
"""So many words are asked about at once; the others once these are taught."""


def draw_unknown_words(plan: Plan[Any], vocabulary: Vocabulary, terms: Terms, over: OverUpload) -> None:
    """Draw the words that were not understood, each with a field for what it means."""
    if not plan.unknown:
        return
    st.subheader(_("What the portal did not understand"))
    told = _(
        "Say once what a word means; it then holds for all its rows. What you leave as it is stays doubtful or is kept "
        "beside the record."
    )
    st.html(Markup("<p>{}</p>").format(told))
    choices = WordChoices(vocabulary, terms, plan)
    with st.container(key="unknown_words"):
        for at, word in enumerate(plan.unknown[:SHOWN]):
            _draw_word(plan, word, choices.of(word), _key(over, at))
    if (left := len(plan.unknown) - SHOWN) > 0:
        notice(ngettext("{count} further word is asked next.", "{count} further words are asked next.", left))


def chosen_words(words: Sequence[MetWord], over: OverUpload) -> list[TaughtWord]:
    """Return the words whose meaning was chosen in the fields."""
    chosen: list[TaughtWord] = []
    for at, word in enumerate(words[:SHOWN]):
        choice: WordChoice | None = st.session_state.get(_key(over, at))
        if choice is not None:
            chosen.append(choice.taught(word))
    return chosen


def _key(over: OverUpload, at: int) -> str:
    return over.key(f"word_{at}")


def _draw_word(plan: Plan[Any], word: MetWord, choices: list[WordChoice], key: str) -> None:
    language = current()
    rows = ngettext("in {count} row", "in {count} rows", word.rows)
    example = _("for instance row {row}: {text}", row=word.example, text=example_of(plan, word))
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.html(
        Markup('<p><span class="tag">{}</span> <strong>{}</strong> <small>{} · {}</small></p>').format(
            label(language, word.kind), word.written, rows, example
        )
    )
    right.selectbox(
        _("What “{word}” means", word=word.written),
        choices,
        index=None,
        key=key,
        format_func=lambda choice: language.translate("{label}", label=choice.label),
        placeholder=_("Leave it as it is"),
        filter_mode="contains",
        label_visibility="collapsed",
    )
