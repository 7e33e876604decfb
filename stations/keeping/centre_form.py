"""The form for a centre: each field is checked, and the result is a record state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from stations.entered_text import read_text
from stations.errors import InvalidInput
from stations.keeping.record_checks import read_optional
from stations.keeping.record_form import FieldReader, RecordForm, check_form, entered
from stations.language import N_, ListedAsWritten
from stations.registry.centre import CentreKind, CentreLevel
from stations.registry.record_state import CentreState
from stations.registry.record_terms import Terms


@dataclass(frozen=True)
class CentreForm(RecordForm):
    """The form for a centre. ``level``, ``kind``: values of ``CentreLevel`` and ``CentreKind``."""

    level: str = ""
    kind: str = ""
    host: str = ""


def check_centre(form: CentreForm, terms: Terms) -> CentreState:
    """Return the state that the form describes, without its history. Raises as ``check_form`` does."""
    return check_form(CentreState, form, _READERS, terms)


def centre_form_of(state: CentreState | None) -> CentreForm:
    """Return a form filled from a record's state for editing; an empty form if the state is None."""
    if state is None:
        return CentreForm()
    return CentreForm(**entered(state, _READERS) | {"level": state.level.value, "kind": state.kind.value})


def _member(kind: type[StrEnum]) -> FieldReader:
    def read(field: str, value: str) -> StrEnum:
        if value not in set(kind):
            raise InvalidInput(field, N_("Choose one of: {known}"), known=ListedAsWritten(kind))
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
