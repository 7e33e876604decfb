"""Declaration of the personal data in a table, written beside the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PersonalData:
    """The personal data in a table, and how long it is stored.

    ``columns``: columns for personal data, such as a name, number, address, user name, or an identifier of a browser
    or machine; foreign keys are not listed. ``written``: columns of free text that may contain personal data.
    ``kept``: how long a row is stored. ``deleted_by``: the functions that delete rows, as
    ``package.module:function``; ``blanked_by``: those that blank the columns and leave the rest for statistics. Both
    empty if nothing does yet.
    """

    columns: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    kept: str = "without limit"
    deleted_by: tuple[str, ...] = ()
    blanked_by: tuple[str, ...] = ()
