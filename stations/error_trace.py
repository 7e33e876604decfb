"""Errors as a log tells them: where and of which kind, and never with values that people entered.

Messages of a database contain values of a statement (``Key (email)=(…) already exists``), which may be personal data.
Other messages are told as far as they are words of a program.
"""

from __future__ import annotations

import re
import sqlite3
import traceback
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError, StatementError

HIDDEN = "…"
_VALUES = re.compile(
    r"""
    '[^'\n]*' | "[^"\n]*" | “[^”\n]*” | `[^`\n]*`       # what a message quotes
    | [^\s@,;<>()]+@[^\s@,;<>()]+                        # e-mail addresses
    | \d[\d ./:+-]{3,}\d                                 # telephone numbers, codes, places, network addresses
    | \b(?=[A-Za-z-]*\d)(?=[\d-]*[A-Za-z])[A-Za-z0-9-]{8,}\b   # codes of letters and digits
    | (?:[^\x00-\x7f…]+[ ]?)+                            # names and texts: a program's own messages are ASCII
    """,
    re.VERBOSE,
)


def without_values(text: str) -> str:
    """Return a message of a program without what may be a value: quoted, long numbers, codes, not ASCII."""
    return _VALUES.sub(HIDDEN, text)


def trace(error: BaseException, *, messages: bool = True) -> str:
    """Return the traceback of an error and its causes, as text of several lines.

    ``messages``: whether to tell the messages of errors too, without values; those of a database are always left out.
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
        yield f"{kind}: {without_values(str(error))}\n"
    else:
        yield f"{kind}\n"


def _of_database(error: BaseException) -> bool:
    return isinstance(error, SQLAlchemyError | sqlite3.Error) or type(error).__module__.partition(".")[0] == "psycopg"
