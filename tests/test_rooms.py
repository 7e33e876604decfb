"""The top-level packages: imports go from portal to stations to geo, never back, and names describe contents."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [path for room in ("geo", "stations", "portal") for path in sorted((ROOT / room).rglob("*.py"))]

MAY_NOT_IMPORT = {
    "geo": {"stations", "portal", "streamlit", "streamlit_folium", "folium", "sqlalchemy", "alembic", "starlette"},
    "stations": {"portal", "streamlit", "streamlit_folium", "folium", "starlette"},
    "portal": {"tests"},
}
CATCH_ALLS = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}


def imported_packages(path: Path) -> set[str]:
    """Return the top-level names that a file imports, wherever in it the import is."""
    packages = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            packages |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            packages.add(node.module.split(".")[0])
    return packages


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_imports_only_what_its_room_may(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    assert not imported_packages(path) & MAY_NOT_IMPORT[room]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_is_named_for_what_it_holds_and_holds_one_concept(path: Path) -> None:
    assert path.stem not in CATCH_ALLS
    if "versions" not in path.parts:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


ASKS_THE_DATABASE = {"select", "insert", "update", "delete", "func", "text"}


@pytest.mark.parametrize("path", [path for path in SOURCES if path.relative_to(ROOT).parts[0] == "portal"], ids=name_of)
def test_a_page_asks_the_domain_and_not_the_database(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "sqlalchemy":
            assert not {alias.name for alias in node.names} & ASKS_THE_DATABASE


def test_the_import_rule_would_be_noticed(tmp_path: Path) -> None:
    offender = tmp_path / "offender.py"
    offender.write_text("def late():\n    from portal.maps import county_map\n    import folium.plugins\n")
    assert imported_packages(offender) == {"portal", "folium"}
