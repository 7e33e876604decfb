"""What the registry holds."""

from __future__ import annotations

from enum import StrEnum


class RecordKind(StrEnum):
    """A kind of record that is kept, changed and merged alike."""

    STATION = "station"
    CENTRE = "centre"
