"""A copy of the product to which a test adds a file: how many files a new thing touches, proved by doing it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class ProductCopy:
    """The rooms of the product below ``folder``, and nothing of the tests."""

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
        """Run the copy's Python with ``arguments``; what it wrote to standard output."""
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
