"""What somebody enters about a centre, checked field by field and made a record's state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.keeping.record_checks import read_optional
from stations.keeping.record_form import FieldReader, RecordForm, check_form, entered
from stations.language import N_
from stations.registry.centre import CentreKind, CentreLevel
from stations.registry.record_state import CentreState
from stations.registry.record_terms import Terms


@dataclass(frozen=True)
class CentreForm(RecordForm):
    """What is entered. ``level``, ``kind``: values of ``CentreLevel`` and ``CentreKind``."""

    level: str = ""
    kind: str = ""
    host: str = ""


def check_centre(form: CentreForm, terms: Terms) -> CentreState:
    """The state that the form describes, without its history; raises as ``check_form`` does."""
    return check_form(CentreState, form, _READERS, terms)


def centre_form_of(state: CentreState | None) -> CentreForm:
    """A form filled with what a record holds, to be edited; an empty one where there is no record."""
    if state is None:
        return CentreForm()
    return CentreForm(**entered(state, _READERS) | {"level": state.level.value, "kind": state.kind.value})


def _member(kind: type[StrEnum]) -> FieldReader:
    def read(field: str, value: str) -> StrEnum:
        if value not in set(kind):
            raise InvalidInput(field, N_("Choose one of: {known}"), known=", ".join(kind))
        return kind(value)

    return read


_READERS: dict[str, FieldReader] = {
    "name": partial(read_text, limit=160),
    "name_en": partial(read_optional, limit=240),
    "level": _member(CentreLevel),
    "kind": _member(CentreKind),
    "host": partial(read_optional, limit=160),
    "address": partial(read_optional, limit=200),
    "source": partial(read_text, limit=2000),
}
