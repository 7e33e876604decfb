"""Options are never called alike: Streamlit would take the last of two, whichever was chosen."""

from __future__ import annotations

from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

from portal.option_labels import distinct

NAMES = {"320106": "鼓楼区", "320302": "鼓楼区", "320583": "昆山市"}


def choice(names: dict[str, str]) -> None:
    import streamlit

    streamlit.radio("县", list(names), format_func=names.__getitem__, key="county")


def taken(names: Mapping[str, str], chosen: str) -> str:
    """Return what the page takes when an option is chosen and the page runs again."""
    page = AppTest.from_function(choice, args=(dict(names),), default_timeout=60).run()
    value: str = page.radio(key="county").set_value(chosen).run().radio(key="county").value
    return value


def test_options_called_alike_are_told_with_their_codes() -> None:
    assert distinct(NAMES) == {"320106": "鼓楼区 · 320106", "320302": "鼓楼区 · 320302", "320583": "昆山市"}
    assert distinct({}) == {}


def test_what_is_chosen_is_taken() -> None:
    assert taken(NAMES, "320106") == "320302", "this is how Streamlit takes options called alike"
    assert [taken(distinct(NAMES), one) for one in NAMES] == list(NAMES)
