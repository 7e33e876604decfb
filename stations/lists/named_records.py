"""Records of other registers that the cells of a list name, by code or name."""

from __future__ import annotations

from collections.abc import Mapping

from stations.catalogue.cell_words import CellWords
from stations.entered_text import comparable
from stations.errors import InvalidInput
from stations.language import N_


class NamedRecords:
    """Records by their codes and names. ``words``: parts a cell that names several of them."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """``names``: code → name."""
        self._code: dict[str, str] = {}
        self._several: set[str] = set()
        for code, name in names.items():
            key = comparable(name)
            if key in self._code:
                self._several.add(key)
            self._code[key] = code
        self._code |= {comparable(code): code for code in names}
        self.words = CellWords(self._code)

    def code(self, field: str, word: str) -> str:
        """Return the code of the record that a word names.

        Raises:
            InvalidInput: it names none or several.
        """
        key = comparable(word)
        if key in self._several:
            raise InvalidInput(field, N_("Several records are called “{word}”; write the code of one"), word=word)
        if key not in self._code:
            raise InvalidInput(field, N_("“{word}” is neither the name nor the code of a record on file"), word=word)
        return self._code[key]
