"""The kinds of records whose changes the registry records."""

from __future__ import annotations

from stations.language import N_, LabelledEnum


class RecordKind(LabelledEnum):
    """A kind of record. Records of all kinds are edited, proposed and merged by the same rules."""

    STATION = "station", N_("Station")
    CENTRE = "centre", N_("Centre")
