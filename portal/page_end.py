"""Ending a page before its last line while the footer is still drawn.

Streamlit's own ``st.stop`` would end the whole run, and the footer with it.
"""

from __future__ import annotations

from typing import NoReturn


class PageEnd(Exception):
    """Raised by ``end_page``; caught where the footer is drawn."""


def end_page() -> NoReturn:
    """End the page here.

    Raises:
        PageEnd: always.
    """
    raise PageEnd
