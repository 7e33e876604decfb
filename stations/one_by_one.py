"""Doing the same with many records, each in a transaction of its own, so that one bad record holds up no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.error_trace import trace

Key = TypeVar("Key")
Result = TypeVar("Result")

_log = logging.getLogger("stations.one_by_one")


def one_by_one(
    engine: Engine, kind: str, keys: Iterable[Key], act: Callable[[Session, Key], Result | None]
) -> list[Result]:
    """Call ``act`` for each key in a transaction of its own. Return the results that are not None.

    Whatever one record raises undoes what was done with it and nothing else. It is logged with the record's key, which
    must say nothing of a person (such as an id), by its kind and place and without values; a later run tries it again.
    ``kind``: what the records are, for the log. Read only keys before: a record that can't be read spoils a whole list.

    Raises:
        OperationalError, InterfaceError: the database can't be reached or used, which is no fault of a record.
    """
    results = []
    for key in keys:
        try:
            with transaction(engine) as session:
                result = act(session, key)
        except (OperationalError, InterfaceError):
            raise
        except Exception as fault:
            _log.error("Passed over %s %s; the others go on\n%s", kind, key, trace(fault, messages=False))
            continue
        if result is not None:
            results.append(result)
    return results
