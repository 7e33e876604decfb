"""What is fuzzed: a strategy that makes inputs, and a check that any input must pass."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from sqlalchemy import Engine

from stations.database import Base, open_engine
from stations.errors import DomainError, InvalidForm, InvalidInput
from stations.language import LANGUAGES, Language
from stations.loading.setup import set_up
from tests.conftest import NOW


@dataclass(frozen=True)
class Target:
    """``check`` raises where the product does. ``short``: cases in ``make test``; ``long``: in ``make fuzz``."""

    name: str
    inputs: st.SearchStrategy[Any]
    check: Callable[[Any], object]
    short: int = 60
    long: int = 10_000


def told(error: DomainError) -> list[str]:
    """Return what an error says in every language; it must be a sentence of one line.

    Raises:
        AssertionError: it isn't.
    """
    problems = error.problems if isinstance(error, InvalidForm) else (error,)
    words = [Language(code).translate(one.message, **one.params) for one in problems for code in LANGUAGES]
    for one in words:
        assert one.strip(), error
        assert not any(raw in one for raw in ("Traceback", "object at 0x", "Error(")), one
    return words


def names_field_and_text(error: InvalidInput, field: str, text: str) -> None:
    """Check that an error is about the field, and quotes what was written or says that it is too long or missing."""
    assert error.field == field, (error.field, field)
    for words in told(error):
        quoted = not text.strip() or any(str(value) and str(value).strip() in text for value in error.params.values())
        assert quoted or not error.params or any(isinstance(v, int) for v in error.params.values()), (words, text)


_url = ""


def use_database(url: str) -> None:
    """Let the targets use the database at a URL; by default each process makes one."""
    global _url
    _url = url
    database.cache_clear()


@cache
def database() -> Engine:
    """Return a SQLite database with the sample network; what is fuzzed rolls back or is found out."""
    if _url:
        return open_engine(_url)
    file = Path(mkdtemp(prefix="portal-fuzz-")) / "portal.sqlite3"
    engine = open_engine(f"sqlite:///{file}")
    set_up(engine, samples=True, now=NOW)
    return engine


def rows_of(engine: Engine) -> dict[str, int]:
    """Return the number of rows of each table, and with it the end of the audit log."""
    with engine.connect() as connection:
        counted = {
            name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }
        revision = connection.scalar(sa.text("SELECT position FROM audit_head")) or 0
    return {**counted, "audit_head.position": revision}
