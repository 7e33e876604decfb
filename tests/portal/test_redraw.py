"""A fragment that asks to be drawn anew is drawn anew, whichever run of the page its button came with."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from portal.redraw import redraw_fragment

    @st.fragment
    def part() -> None:
        if st.button("Press"):
            st.session_state["pressed"] = st.session_state.get("pressed", 0) + 1
            redraw_fragment()
        st.text(f"pressed {st.session_state.get('pressed', 0)} times")

    part()


def test_a_button_of_a_fragment_that_came_with_a_run_of_the_whole_page_is_no_error() -> None:
    page = AppTest.from_function(_page, default_timeout=30).run()
    page.button[0].click().run()
    assert not page.exception
    assert page.text[0].value == "pressed 1 times"
