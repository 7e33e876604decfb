"""What is kept prepared between requests: the features of a collection, and whole answers.

Both are kept by the revision of the data, which every request reads, so a change on any server shows at once. What was
longest not asked for goes first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from cachetools import LRUCache
from sqlalchemy.orm import Session

from portal.api.ogc.answer import Answer
from stations.features.collection import Collection, Question
from stations.features.snapshot import Snapshot, take_snapshot
from stations.revision import current_revision

MOST_OF_SNAPSHOTS = 256 * 2**20
"""Bytes; a collection of 50,000 stations takes some 120 MB."""
MOST_OF_ANSWERS = 64 * 2**20
"""Bytes."""

_snapshots: LRUCache[Hashable, Snapshot] = LRUCache(MOST_OF_SNAPSHOTS, getsizeof=lambda one: one.size)
_answers: LRUCache[Hashable, Answer] = LRUCache(MOST_OF_ANSWERS, getsizeof=lambda one: one.size)
_taking, _looking = Lock(), Lock()


def snapshot(session: Session, collection: Collection[Any], question: Question) -> Snapshot:
    """Return the features of a collection; several that ask at once wait for one that prepares them."""
    key = current_revision(session), collection.id, question
    with _taking:
        if (kept := _snapshots.get(key)) is None:
            kept = take_snapshot(session, collection, question)
            if kept.size <= MOST_OF_SNAPSHOTS:
                _snapshots[key] = kept
    return kept


def kept_answer(key: Hashable) -> Answer | None:
    """Return the answer that is kept under a key, ready to be sent; None if there is none."""
    with _looking:
        return _answers.get(key)


def make_answer(key: Hashable, make: Callable[[], Answer]) -> Answer:
    """Return the answer that ``make`` returns, ready to be sent, and keep it under a key."""
    made = make()
    made.finish()
    if made.size <= MOST_OF_ANSWERS // 4:
        with _looking:
            _answers[key] = made
    return made
