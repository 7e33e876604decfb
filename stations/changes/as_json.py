"""The feed of changes as JSON."""

from __future__ import annotations

from typing import Any

from stations.changes.cursor import write_cursor
from stations.changes.feed import DataChange, FeedPage
from stations.changes.kinds import Happening, Subject

_LINKS = {
    Subject.STATION: "/api/v1/registry/stations/{code}",
    Subject.CENTRE: None,
    Subject.REQUEST: "/api/v1/desk/requests/{code}",
}


def change_data(change: DataChange) -> dict[str, Any]:
    """Return one change: what happened to which record, and where the record can be read."""
    gone = change.happening in {Happening.MERGED_AWAY, Happening.LEFT}
    link = None if gone else _LINKS[change.subject]
    return {
        "id": write_cursor(change.position),
        "type": change.kind,
        "code": change.code,
        "version": change.version,
        "at": change.at.isoformat(),
        "other": change.other,
        "city": change.city_adcode or None,
        "county": change.county_adcode or None,
        "station": change.station_code,
        "sample": change.sample,
        "key": change.key_prefix,
        "link": link.format(code=change.code) if link else None,
    }


def feed_data(page: FeedPage) -> dict[str, Any]:
    """Return a part of the feed, with the cursor from which to read on."""
    return {
        "changes": [change_data(change) for change in page.changes],
        "next": write_cursor(page.next),
        "more": page.more,
    }
