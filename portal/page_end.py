"""Ending a page before its last line, with what stands below every page still drawn.

Streamlit's own ``st.stop`` ends the whole run, and the foot of the page with it.
"""

from __future__ import annotations

from typing import NoReturn


class PageEnd(Exception):
    """The page has said all it has to say."""


def end_page() -> NoReturn:
    """End the page here."""
    raise PageEnd
