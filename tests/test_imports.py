"""Every name that the portal imports from the lower packages exists: a page is imported only when somebody opens it."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted((ROOT / "portal").rglob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_names_taken_from_the_rooms_below_are_there(file):
    missing = [
        f"{node.module}.{taken.name}"
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in ("geo", "stations")
        for taken in node.names
        if not hasattr(import_module(node.module), taken.name) and not _is_module(f"{node.module}.{taken.name}")
    ]
    assert missing == []


def _is_module(name):
    try:
        import_module(name)
    except ModuleNotFoundError:
        return False
    return True
