"""What an office wrote of a record and nobody could read: kept beside the record until somebody sets the field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column


class Unread(NamedTuple):
    """What an office wrote for a field that could not be read.

    ``field``: a key of ``unread_names.UNREAD_NAMES``. ``words``: as written.
    """

    field: str
    words: str


class UnreadWords:
    """Columns of what is unread of one field. The subclass adds the owner, which is part of the key."""

    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    words: Mapped[str] = mapped_column(Text)


Words = TypeVar("Words", bound=UnreadWords)


def unread_of(standing: Iterable[UnreadWords]) -> tuple[Unread, ...]:
    """Return what is unread of a record, at most one entry for a field, sorted by field."""
    return tuple(sorted(Unread(one.field, one.words) for one in standing))


def put_unread(standing: list[Words], made: type[Words], wanted: Iterable[Unread]) -> None:
    """Make the stored rows of a record (``standing``) those that are ``wanted``; new ones are of the type ``made``."""
    rows, words = {one.field: one for one in standing}, dict(wanted)
    for field, row in rows.items():
        if field not in words:
            standing.remove(row)
    for field, told in words.items():
        if field in rows:
            rows[field].words = told
        else:
            row = made()
            row.field, row.words = field, told
            standing.append(row)
