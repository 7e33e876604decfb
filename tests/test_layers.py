"""The layers of each room: a package or module imports only from ranks below its own.

Every import counts, inside functions and for typing too. ``docs/architecture.md`` shows the same table.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up. What shares a rank knows nothing of each other.
LAYERS: dict[str, list[set[str]]] = {
    "stations": [
        {"errors", "language"},
        {"entered_text", "database", "settings", "partial_date", "source_wording"},
        {"data_load", "revision", "working_days", "secret_codes"},
        {"audit", "catalogue", "tables"},
        {"places"},
        {"duty"},
        {"registry"},
        {"accounts", "chains", "coverage", "notices"},
        {"targets", "keeping"},
        {"alerts", "planning", "imports"},
        {"requests"},
        {"evaluation", "firms", "audit_search"},
        {"bulletin", "samples"},
        {"loading", "jobs"},
        {"answers"},
        {"commands"},
        {"__main__"},
    ],
}
# Alembic's own folder: each migration is frozen, and its environment only names the tables.
NO_LAYER = {"migrations"}


def members(room: Path) -> set[str]:
    """The packages and modules that stand directly in a room."""
    return {
        path.stem
        for path in room.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path.is_dir() and list(path.glob("*.py")))
    } - NO_LAYER


def imports(room: Path) -> Iterator[tuple[Path, str, str]]:
    """Every import of one member of a room by another: the file, the member it is of, the member it takes."""
    for path in sorted(room.rglob("*.py")):
        own = path.relative_to(room).with_suffix("").parts[0]
        if own in NO_LAYER:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                parts = path.relative_to(room.parent).parts
                base = [*parts[: len(parts) - node.level]] if node.level else []
                base += node.module.split(".") if node.module else []
                names = [".".join([*base, alias.name]) for alias in node.names]
            else:
                continue
            for name in names:
                first, _, rest = name.partition(".")
                taken = rest.partition(".")[0]
                if first == room.name and taken and taken != own:
                    yield path, own, taken


def violations(room: Path, layers: list[set[str]]) -> list[str]:
    """The imports that do not run downward, each in words."""
    rank = {name: number for number, names in enumerate(layers) for name in names}
    known = members(room)
    return [
        f"{path.relative_to(room.parent)} ({own}) imports {taken}"
        for path, own, taken in imports(room)
        if taken in known and rank[own] <= rank[taken]
    ]


@pytest.mark.parametrize("room", LAYERS)
def test_the_list_names_every_member_of_a_room_once(room: str) -> None:
    listed = [name for names in LAYERS[room] for name in names]
    assert len(listed) == len(set(listed))
    assert set(listed) == members(ROOT / room)


@pytest.mark.parametrize("room", LAYERS)
def test_imports_run_downward(room: str) -> None:
    assert not violations(ROOT / room, LAYERS[room])


def test_an_import_upward_would_be_noticed(tmp_path: Path) -> None:
    room = tmp_path / "house"
    (room / "cellar").mkdir(parents=True)
    (room / "attic.py").write_text("")
    (room / "cellar" / "stairs.py").write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from house.attic import view\n"
        "def late():\n    import house.attic\n    from .. import attic\n"
    )
    assert violations(room, [{"cellar"}, {"attic"}]) == ["house/cellar/stairs.py (cellar) imports attic"] * 3
    assert violations(room, [{"attic"}, {"cellar"}]) == []
    assert violations(room, [{"attic", "cellar"}])
