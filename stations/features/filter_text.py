"""Reading a filter: CQL2 (OGC 21-065), as text or as JSON.

The library ``cql2`` parses both into the tree of CQL2 JSON. It follows nested brackets and signs by recursion without a
limit, and one too deep ends the whole process: so what could nest is counted before.
"""

from __future__ import annotations

import re
from typing import Any

import cql2

from stations.entered_text import visible
from stations.errors import InvalidInput
from stations.language import N_, ListedAsWritten

LANGUAGES = ("cql2-text", "cql2-json")
MOST_NESTING = 200
"""Brackets, signs and negations in a filter, without those of coordinates. A thousand are still safe."""
LONGEST = 16_000
"""Characters of a filter: an outline of several hundred points."""
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")
_NUMBER = re.compile(r"[0-9][0-9.]*(?:e[-+]?[0-9]+)?", re.IGNORECASE)
_NESTING = re.compile(r"[(\[{^*/%+-]|\bnot\b|\bdiv\b", re.IGNORECASE)
_LONGEST_TOLD = 200


def read_filter(field: str, text: str, language: str) -> Any:
    """Return the tree of a filter, as CQL2 JSON.

    ``language``: one of ``LANGUAGES``.

    Raises:
        InvalidInput: the filter can't be read; the message has the place, as the parser tells it.
    """
    if len(text) > LONGEST:
        raise InvalidInput(field, N_("The filter is longer than {most} characters"), most=LONGEST)
    bare = _NUMBER.sub("0", text if language == "cql2-json" else _QUOTED.sub("''", text))
    if len(_NESTING.findall(bare)) > MOST_NESTING:
        told = N_("The filter has more than {most} brackets, signs and negations")
        raise InvalidInput(field, told, most=MOST_NESTING)
    try:
        tree = (cql2.parse_json if language == "cql2-json" else cql2.parse_text)(text)
        return tree.to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        told = " ".join(visible(str(error)).split())[:_LONGEST_TOLD]
        raise InvalidInput(field, N_("The filter can't be read: {told}"), told=told) from None


def read_filter_language(field: str, text: str) -> str:
    """Return the language of a filter.

    Raises:
        InvalidInput: it is none of ``LANGUAGES``.
    """
    if text not in LANGUAGES:
        known = ListedAsWritten(LANGUAGES)
        raise InvalidInput(field, N_("“{value}” is not known; use one of: {known}"), value=text, known=known)
    return text
