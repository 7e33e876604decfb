"""A copy of the product to which a test adds files, to prove how many files an extension needs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class ProductCopy:
    """The packages of the product below ``folder``, without the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for room in ("geo", "stations", "portal"):
            shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))

    def add(self, path: str, text: str) -> None:
        """Write one new file; ``path`` is relative to the product."""
        file = self.folder / path
        assert not file.exists()
        file.write_text(text, encoding="utf-8")

    def run(self, *arguments: str, **environment: str) -> str:
        """Run the copy's Python with ``arguments`` and return its standard output."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder), **environment},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout
