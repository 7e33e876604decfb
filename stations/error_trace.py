"""Errors as a log tells them: where and of which kind, and never with values that people entered.

Messages of a database contain values of a statement (``Key (email)=(…) already exists``), which may be personal data.
"""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError, StatementError


def trace(error: BaseException, *, messages: bool = True) -> str:
    """Return the traceback of an error and its causes, as text of several lines.

    ``messages``: whether to tell the messages of errors too; those of a database are always left out.
    """
    return "".join(_lines(error, messages))


def _lines(error: BaseException, messages: bool) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _lines(earlier, messages)
    yield from traceback.format_tb(error.__traceback__)
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, StatementError) and error.statement:
        yield f"{kind} in: {error.statement}\n"
    elif messages and not _of_database(error):
        yield f"{kind}: {error}\n"
    else:
        yield f"{kind}\n"


def _of_database(error: BaseException) -> bool:
    return isinstance(error, SQLAlchemyError | sqlite3.Error) or type(error).__module__.partition(".")[0] == "psycopg"
