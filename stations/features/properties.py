"""The typed properties of a feature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from stations.language import LabelledEnum, Language

Row = TypeVar("Row")


class Kind(Enum):
    """What a property holds."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "yes or no"
    DAY = "day"
    TEXTS = "several texts"


_SCHEMAS: Mapping[Kind, Mapping[str, Any]] = MappingProxyType({
    Kind.TEXT: {"type": "string"},
    Kind.WHOLE: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.FLAG: {"type": "boolean"},
    Kind.DAY: {"type": "string", "format": "date"},
    Kind.TEXTS: {"type": "array", "items": {"type": "string"}},
})


@dataclass(frozen=True)
class Property(Generic[Row]):
    """One property.

    ``name``: in GeoJSON and in filters. ``title``: a msgid. ``value``: that of a row, as ``kind`` says; None where it
    is not known. ``choices``: the only texts that it can have, each with its label, a msgid.
    """

    name: str
    kind: Kind
    title: str
    value: Callable[[Row], Any]
    choices: Mapping[str, str] | None = None

    def schema(self, language: Language) -> dict[str, Any]:
        """Return its JSON schema, with the title in ``language``."""
        schema = {"title": language.translate(self.title), **_SCHEMAS[self.kind]}
        if self.choices:
            schema["enum"] = list(self.choices)
        return schema


def choices_of(kind: type[LabelledEnum]) -> Mapping[str, str]:
    """Return the members of an enumeration by their values, each with its label."""
    return MappingProxyType({member.value: member.label for member in kind})
