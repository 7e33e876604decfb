"""A cell of an exported list that has words not understood behind a value: ``9:00-17:00（未识别：看情况）``.

Imported again, the value is read and the words stay beside the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_MARKED = re.compile(r"(?P<value>.*?)\s*[（(]未识别[：:](?P<words>.*)[）)]\s*", re.DOTALL)


def with_unread(value: Any, words: str) -> str:
    """Return a cell with a value and the words."""
    return f"{value}（未识别：{words}）"


def unread_in(cell: Any) -> str:
    """Return the words that a cell has behind its value as not understood, "" if there are none."""
    found = _MARKED.fullmatch(cell) if isinstance(cell, str) else None
    return found["words"] if found else ""


def value_in(cell: Any) -> Any:
    """Return what stands in a cell before such words, or the cell itself."""
    found = _MARKED.fullmatch(cell) if isinstance(cell, str) else None
    return found["value"] if found else cell


def besides_unread(read: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
    """Return a reader of the value only."""

    def read_value(field: str, cell: Any) -> Any:
        value = value_in(cell)
        return None if value == "" else read(field, value)

    return read_value
