"""The tools of PostgreSQL that write and read a whole database: ``pg_dump`` and ``pg_restore``."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from stations.errors import InvalidInput
from stations.language import N_

_TOLD = 300


def dump(url: URL, target: Path, snapshot: str) -> None:
    """Write the database as it is in a snapshot that another connection has exported.

    Raises:
        InvalidInput: ``pg_dump`` is missing, or fails.
    """
    _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={target}")


def load(url: URL, source: Path) -> None:
    """Read the database from a file of ``dump``, all or nothing.

    Raises:
        InvalidInput: ``pg_restore`` is missing, or fails.
    """
    name = url.database or ""
    how = ("--no-owner", "--no-acl", "--exit-on-error", "--single-transaction")
    _run(url, "pg_restore", *how, f"--dbname={name}", str(source))


def _run(url: URL, tool: str, *arguments: str) -> None:
    if shutil.which(tool) is None:
        raise InvalidInput("file", N_("{tool} is not found; install the client tools of PostgreSQL"), tool=tool)
    done = subprocess.run([tool, *arguments], env=_environment(url), stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().partition("\n")[0][:_TOLD]
        raise InvalidInput("file", N_("{tool} failed: {reason}"), tool=tool, reason=told)


def _environment(url: URL) -> dict[str, str]:
    """Return how to connect, as the tools read it: a password in their arguments could be seen by everybody."""
    query = {name: value if isinstance(value, str) else value[0] for name, value in url.query.items()}
    told = {
        "PGHOST": url.host or query.get("host"),
        "PGPORT": str(url.port) if url.port else query.get("port"),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
        "PGSSLMODE": query.get("sslmode"),
        "PGSSLROOTCERT": query.get("sslrootcert"),
    }
    return {**os.environ, **{name: value for name, value in told.items() if value}}
