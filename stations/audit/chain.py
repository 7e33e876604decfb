"""The chain of hashes over the audit log, and finding where it was broken.

An entry's hash is SHA-256, in lower-case hexadecimal, over the hash of the entry before (64 zeros
before the first), a line feed, and the canonical JSON of ``[id, at, actor, action, subject_kind,
subject, detail]``: UTF-8, keys sorted, no blanks, Chinese as it is; ``at`` in UTC as
``2026-11-24 02:00:00.000000``; ``detail`` the text of its own canonical JSON. Anybody can compute it
anew from the table with a few lines in any language.

What the chain alone can't show is an end cut off, or everything written anew, together with the
head; for that a head noted down elsewhere (``audit head``) is held against it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from stations.errors import InvalidInput
from stations.language import N_

START = "0" * 64
INSTANT = "%Y-%m-%d %H:%M:%S.%f"


class Fault(StrEnum):
    """What is wrong with the first entry that does not fit."""

    ALTERED = "altered"
    MISPLACED = "misplaced"
    CUT_OFF = "cut_off"
    UNANNOUNCED = "unannounced"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Head:
    """Where a chain ends: the place of its last entry (0 where there is none) and that entry's hash."""

    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"

    @classmethod
    def read(cls, text: str) -> Head:
        """The head that ``audit head`` wrote.

        Raises:
            InvalidInput: the text is not one.
        """
        found = re.fullmatch(r"([0-9]{1,18}):([0-9a-f]{64})", text.strip())
        if not found:
            raise InvalidInput(
                "head",
                N_("“{text}” is not a head of the audit log; give what “audit head” wrote, as 12:9f86…"),
                text=text,
            )
        return cls(int(found[1]), found[2])


@dataclass(frozen=True)
class StoredEntry:
    """An entry as it lies in the database: ``content`` is what is hashed, in the order told above."""

    content: Sequence[Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Verdict:
    """How many entries were looked at, where the chain ends, and the first fault with its place."""

    checked: int
    head: Head
    fault: Fault | None = None
    position: int | None = None


def canonical(value: Any) -> str:
    """The one JSON text of a value.

    Raises:
        TypeError, ValueError: JSON can't hold it.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def stored_instant(moment: datetime) -> str:
    """An instant as it is hashed."""
    return moment.astimezone(UTC).strftime(INSTANT)


def digest(previous: str, content: Sequence[Any]) -> str:
    """The hash of an entry with that content after the entry with that hash."""
    return hashlib.sha256(f"{previous}\n{canonical(list(content))}".encode("utf-8", "surrogatepass")).hexdigest()


def check_chain(
    entries: Iterable[StoredEntry], head: Head, kept: Head | None = None, *, since: Head | None = None
) -> Verdict:
    """Follow the chain from its start to the first entry that does not fit.

    ``entries``: in the order of their places; ``head``: what the database holds for the end;
    ``kept``: a head noted down earlier, elsewhere. ``since``: a head up to which the chain is proven; the
    entries begin with the one it names, which must still be that one, and those before are not looked at.

    ``ALTERED``: the entry's own hash is not that of its content. ``MISPLACED``: it does not follow
    the one before: something between was removed, put in or put in another order. ``CUT_OFF``: the
    chain ends before the entry that the head, or the kept head, names. ``UNANNOUNCED``: there are
    entries after the head. ``REWRITTEN``: the entry's hash is another than the kept head says.
    """
    noted = {one.position: one.hash for one in (kept, since) if one is not None}
    begin = max(since.position - 1, 0) if since else 0
    position, previous = begin, None if begin else START
    for entry in entries:
        fault = None
        if digest(entry.previous_hash, entry.content) != entry.hash:
            fault = Fault.ALTERED
        elif entry.content[0] != position + 1 or entry.previous_hash != (previous or entry.previous_hash):
            fault = Fault.MISPLACED
        elif noted.get(position + 1, entry.hash) != entry.hash:
            fault = Fault.REWRITTEN
        if fault:
            return Verdict(position - begin, Head(position, previous or entry.previous_hash), fault, entry.content[0])
        position, previous = position + 1, entry.hash
    end = Head(position, previous or START)
    if position < max(head.position, *noted, 0):
        return Verdict(position - begin, end, Fault.CUT_OFF, position + 1)
    if position > head.position:
        return Verdict(position - begin, end, Fault.UNANNOUNCED, head.position + 1)
    if end.hash != head.hash:
        return Verdict(position - begin, end, Fault.REWRITTEN, position)
    return Verdict(position - begin, end)
