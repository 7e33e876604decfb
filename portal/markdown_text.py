"""Text of records and of visitors where Streamlit reads Markdown: headings, labels, options of pills and radio buttons.

Lists to choose from (``selectbox``, ``multiselect``) and our own HTML take text as it is.
"""

from __future__ import annotations

import re

_SIGNS = re.compile(r"([!-/:-@\[-`{-~])")
# Streamlit finds these after escapes have been read: addresses, e-mail addresses, icons and pictures by name.
_LATER = re.compile(r"(?<=[A-Za-z]:)(?=//)|(?<=[Ww][Ww][Ww])(?=\.)|(?<=@)|(?<=:)(?=[\w+-]+[:/])|(?<=[-<])(?=[->])")
_JOINER = "\u2060"
"""Has no width and no meaning."""


def plain(text: str) -> str:
    """Return Markdown that shows the text as it is, on one line."""
    return _SIGNS.sub(r"\\\1", _LATER.sub(_JOINER, " ".join(text.split())))
