"""States and changes of records without personal data in clear, for people who need not see it (``duty.masking``)."""

from __future__ import annotations

from stations.duty.masking import mask_field
from stations.registry.record_state import (
    PERSONAL_FIELDS,
    FieldChange,
    FieldChanges,
    FieldValue,
    RecordState,
    StationState,
    values_of,
    with_values,
)
from stations.registry.unread import Unread


def masked_state(state: RecordState) -> RecordState:
    """Return the state with its contact person masked."""
    if not isinstance(state, StationState):
        return state
    return with_values(state, {field: _masked(field, value) for field, value in values_of(state).items()})


def masked_changes(changes: FieldChanges) -> FieldChanges:
    """Return the changes with the contact person masked."""
    return {
        field: FieldChange(_masked(field, change.before), _masked(field, change.after))
        for field, change in changes.items()
    }


def _masked(field: str, value: FieldValue) -> FieldValue:
    if field in PERSONAL_FIELDS and isinstance(value, str):
        return mask_field(field, value)
    if field == "unread" and isinstance(value, tuple):
        words = [one for one in value if isinstance(one, Unread)]
        return tuple(one._replace(words=mask_field(*one)) if one.field in PERSONAL_FIELDS else one for one in words)
    return value
