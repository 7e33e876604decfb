"""What a table holds of people, declared beside the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonalData:
    """What a table holds of people, and for how long.

    ``columns``: the columns made for it: a name, a number, an address, a user name, what identifies a browser or
    a machine; keys of other tables are not counted. ``written``: columns of free text into which people may write
    such. ``kept``: for how long a row stays. ``deleted_by``: the functions that delete rows, as
    ``package.module:function``; none: nothing deletes them yet.
    """

    columns: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    kept: str = "without limit"
    deleted_by: tuple[str, ...] = ()
