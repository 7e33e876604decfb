"""How long the data of firms is stored: rules as data, from ``stations/data/retention.csv``, each with its reason.

- ``change``: an entry of the feed of changes, and what a system was called back about
- ``unconfirmed``, ``told``, ``subscription``: a subscription that was not confirmed, that was fulfilled, and any other
- ``ledger``: a ledger of instruments, after it was last opened
- ``request``: what a request says of people and of the firm, after anything last happened to the ended request
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

from stations.province import table_rows

_FILE = Path(__file__).resolve().parent / "data" / "retention.csv"


@cache
def _rules() -> dict[str, timedelta]:
    return {row["what"]: timedelta(days=int(row["days"])) for row in table_rows(_FILE)}


def kept_for(what: str) -> timedelta:
    """Return how long ``what`` is stored.

    Raises:
        KeyError: there is no such rule.
    """
    return _rules()[what]
