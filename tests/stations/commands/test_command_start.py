"""A command loads only the libraries that it needs, so that it starts soon."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stations.loading import schema

REPORT = """
import json, sys
from stations.commands.command_line import main
code = main(sys.argv[1:])
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def loaded_by(url: str, *command: str) -> set[str]:
    """Return the top-level packages that a command loads in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", REPORT, *command],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    code, loaded = json.loads(done.stdout.splitlines()[-1])
    assert code == 0, done.stderr
    return set(loaded)


@pytest.mark.parametrize("command", [("nearest", "120.98", "31.38"), ("services",), ("coverage",)])
def test_a_command_that_sends_nothing_loads_no_library_for_sending_spreadsheets_or_solving(
    sample_url: str, command: tuple[str, ...]
) -> None:
    loaded = loaded_by(sample_url, *command)
    assert "sqlalchemy" in loaded
    assert not loaded & {"requests", "urllib3", "openpyxl", "highspy", "geopandas", "pandas"}


def test_a_place_is_located_without_the_tables_of_the_database() -> None:
    loaded = loaded_by("sqlite://", "locate", "120.98", "31.38")
    assert not loaded & {"requests", "alembic", "openpyxl"}


def test_a_command_that_reads_knows_only_the_tables_that_it_asks_and_compiles_nothing(sample_url: str) -> None:
    loaded = loaded_by(sample_url, "nearest", "120.98", "31.38")
    assert not loaded & {"alembic", "mako", "scipy", "webauthn", "cryptography", "pyproj", "opencc"}


EACH_ALONE = """
import os, sys
import sqlalchemy.orm
import stations.database
failed = []
for name in sys.argv[1:]:
    if (child := os.fork()) == 0:
        __import__(name)
        sqlalchemy.orm.configure_mappers()
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        failed.append(name)
print(failed)
"""


def test_the_tables_of_each_module_can_be_asked_by_who_imports_it_alone() -> None:
    """Commands that only read import no others: whatever tables those refer to, they bring along."""
    names = re.findall(r"^import (stations\S+)$", Path(schema.__file__).read_text(encoding="utf-8"), re.MULTILINE)
    done = subprocess.run([sys.executable, "-c", EACH_ALONE, *names], capture_output=True, text=True, check=True)
    assert len(names) > 50 and done.stdout.strip() == "[]", done.stderr
