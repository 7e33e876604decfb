"""What the registry holds."""

from __future__ import annotations

from stations.language import N_, LabelledEnum


class RecordKind(LabelledEnum):
    """A kind of record that is kept, changed and merged alike."""

    STATION = "station", N_("Station")
    CENTRE = "centre", N_("Centre")
