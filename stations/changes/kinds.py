"""What the feed tells of: the kinds of records, and what happens to them."""

from __future__ import annotations

from stations.language import N_, LabelledEnum


class Subject(LabelledEnum):
    """A kind of record."""

    STATION = "station", N_("Station")
    CENTRE = "centre", N_("Centre")
    REQUEST = "request", N_("Service request")


class Happening(LabelledEnum):
    """What happened to a record.

    ``MERGED_AWAY``: it is gone, and its code leads to the record ``other``. ``LEFT``: it lies in this area no more,
    and whoever reads only this area hears nothing more of it.
    """

    ADDED = "added", N_("added")
    CHANGED = "changed", N_("changed")
    STATUS_CHANGED = "status_changed", N_("status changed")
    MERGED = "merged", N_("another record merged into it")
    MERGED_AWAY = "merged_away", N_("merged into another record")
    LEFT = "left", N_("left the area")
    FILED = "filed", N_("filed")
    MOVED = "moved", N_("moved")
    DELIVERED = "delivered", N_("service delivered")
    MESSAGE = "message", N_("message written")
    RATED = "rated", N_("rated")
    TAKEN_BACK = "taken_back", N_("step taken back")
    ERASED = "erased", N_("data erased")


_OF_RECORD = (
    Happening.ADDED,
    Happening.CHANGED,
    Happening.STATUS_CHANGED,
    Happening.MERGED,
    Happening.MERGED_AWAY,
    Happening.LEFT,
)
HAPPENINGS: dict[Subject, tuple[Happening, ...]] = {
    Subject.STATION: _OF_RECORD,
    Subject.CENTRE: _OF_RECORD,
    Subject.REQUEST: (
        Happening.FILED,
        Happening.MOVED,
        Happening.DELIVERED,
        Happening.MESSAGE,
        Happening.CHANGED,
        Happening.RATED,
        Happening.TAKEN_BACK,
        Happening.ERASED,
        Happening.LEFT,
    ),
}
"""What can happen to each kind of record."""

KINDS: tuple[str, ...] = tuple(f"{subject}.{one}" for subject, several in HAPPENINGS.items() for one in several)
"""The names of all kinds of changes, such as ``station.added``."""
