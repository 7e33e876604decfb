"""The hash chain over the audit log, and finding where it was broken.

An entry's hash is SHA-256, in lower-case hexadecimal, over the hash of the previous entry (64 zeros before the
first), a line feed, and the canonical JSON of ``[id, at, actor, action, subject_kind, subject, detail]``: UTF-8,
keys sorted, no blanks, Chinese not escaped; ``at`` in UTC as ``2026-11-24 02:00:00.000000``; ``detail`` as the text
of its own canonical JSON. Anybody can recompute it from the table with a few lines in any language.

The chain alone can't reveal that its end was cut off, or that everything was rewritten, if the head was changed
too. To detect this, compare it with a head that was noted elsewhere (``audit head``).
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
    """The fault of the first entry that does not fit."""

    ALTERED = "altered"
    MISPLACED = "misplaced"
    CUT_OFF = "cut_off"
    UNANNOUNCED = "unannounced"
    REWRITTEN = "rewritten"


@dataclass(frozen=True)
class Head:
    """The end of a chain: the position of the last entry (0 if there is none) and its hash."""

    position: int
    hash: str

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"

    @classmethod
    def read(cls, text: str) -> Head:
        """Parse a head as ``audit head`` prints it.

        Raises:
            InvalidInput: the text is not a head.
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
    """An entry as stored. ``content``: the hashed values, in the order given in the module's text."""

    content: Sequence[Any]
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Verdict:
    """The result of a check: number of entries checked, end of the chain, and the first fault with its position."""

    checked: int
    head: Head
    fault: Fault | None = None
    position: int | None = None


def canonical(value: Any) -> str:
    """Return the canonical JSON text of a value.

    Raises:
        TypeError, ValueError: JSON can't represent it.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def stored_instant(moment: datetime) -> str:
    """Return an instant in the form that is hashed."""
    return moment.astimezone(UTC).strftime(INSTANT)


def digest(previous: str, content: Sequence[Any]) -> str:
    """Return the hash of an entry with that content that follows the entry with the hash ``previous``."""
    return hashlib.sha256(f"{previous}\n{canonical(list(content))}".encode("utf-8", "surrogatepass")).hexdigest()


def check_chain(
    entries: Iterable[StoredEntry], head: Head, kept: Head | None = None, *, since: Head | None = None
) -> Verdict:
    """Follow the chain from its start to the first entry that does not fit.

    ``entries``: in the order of their positions. ``head``: the end according to the database. ``kept``: a head
    noted earlier, elsewhere. ``since``: a head up to which the chain was checked before. The entries then begin
    with the one it names, which must be unchanged; earlier ones are not checked.

    ``ALTERED``: the entry's hash does not match its content. ``MISPLACED``: it does not follow the previous one, so
    entries were removed, inserted or reordered. ``CUT_OFF``: the chain ends before the entry that the head, or the
    kept head, names. ``UNANNOUNCED``: there are entries after the head. ``REWRITTEN``: the entry's hash differs
    from the kept head.
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
