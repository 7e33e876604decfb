"""The layers of each top-level package: a module imports only from lower ranks, wherever in a file the import is (at
the top, within a function, or for typing).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# The ranks of each top-level package, lowest first. Names of one rank never import each other.
LAYERS: dict[str, tuple[tuple[str, ...], ...]] = {
    "geo": (
        (
            "accessibility",
            "coordinates",
            "distance",
            "english_names",
            "equity",
            "population_raster",
            "province",
            "siting",
            "worker",
        ),
        ("built_files", "counties", "gazetteer", "geocoding", "map_links", "nearest", "roads", "zones"),
        ("address_in_chinese", "area_within", "build_gazetteer", "build_layers", "surroundings"),
        ("address", "build_surroundings", "hexagon_grid"),
        ("place_of_address", "population_by_hexagon"),
    ),
    "stations": (
        ("compiled_catalogue",),
        ("discovery", "errors", "language", "personal_data", "server_changeover"),
        ("province", "system_reasons"),
        (
            "client_network",
            "clock",
            "database",
            "database_faults",
            "entered_text",
            "error_trace",
            "partial_date",
            "reference",
            "retention",
            "secret_hash",
            "settings",
            "source_wording",
            "version",
        ),
        ("log_lines", "published_facts"),
        (
            "data_load",
            "job_runs",
            "one_by_one",
            "revision",
            "secret_codes",
            "security_events",
            "server_processes",
            "working_days",
        ),
        ("readers",),
        ("audit", "catalogue", "tables"),
        ("places",),
        ("duty",),
        ("changes",),
        ("registry",),
        ("accounts", "chains", "coverage", "notices"),
        ("keeping", "targets"),
        ("alerts", "imports", "planning"),
        ("lists", "requests"),
        ("completeness", "evaluation", "firms", "partners", "privacy"),
        ("audit_search", "bulletin", "overview", "samples"),
        ("loading",),
        ("backup",),
        ("operations",),
        ("jobs",),
        ("answers", "features"),
        ("open_data",),
        ("commands",),
        ("__main__",),
    ),
    "portal": (
        ("metrics",),
        # basis: the parts of a page, and the operator's settings
        (
            "answer_begun",
            "answer_watch",
            "ascii_query",
            "date_bounds",
            "firm_browser",
            "host_cookies",
            "identity_provider",
            "known_hosts", "page_sockets",
            "markdown_text",
            "option_labels",
            "embeddable",
            "own_address",
            "own_path",
            "page_end",
            "page_turns",
            "publisher",
            "redraw",
            "security_headers",
            "storage",
            "theme",
            "upload_gate",
        ),
        ("assets", "clock_notice", "foot", "settings", "upload_field", "visitor_choice"),
        ("health", "language", "samples"),
        ("figures",),
        ("address_choice", "indicator_words", "navigation"),
        ("plain_page", "table_downloads", "visit"),
        ("components", "failure", "robots", "shell"),
        (
            "answer_table",
            "as_of_date",
            "chart",
            "done_notice",
            "form_problems",
            "frame",
            "missing_record",
            "number_and_code",
            "paged_list",
            "required_fields",
            "share",
        ),
        ("form_action", "list_import", "page_action"),
        # shared by several subjects: maps, and how one thing is shown
        ("maps",),
        ("duty", "notices", "places"),
        ("registry",),
        ("requests",),
        # the subjects
        (
            "accounts",
            "centres",
            "coverage",
            "desk",
            "evaluation",
            "filing",
            "finding",
            "keeping",
            "ledger",
            "overview",
            "partners",
            "planning",
            "targets",
        ),
        ("api", "background_work", "pages"),
        ("body_limit", "unknown_address"),
        ("server",),
        ("__main__",),
    ),
}


def sources(room: Path) -> list[Path]:
    # A migration does not change after its release; alembic's environment only names the tables.
    return sorted(path for path in room.rglob("*.py") if "migrations" not in path.relative_to(room).parts)


def name_in_room(path: Path, room: Path) -> str:
    """Return the package or module directly below ``room`` that contains a file."""
    return path.relative_to(room).parts[0].removesuffix(".py")


def names_in(room: Path) -> set[str]:
    return {name_in_room(path, room) for path in sources(room)} - {"__init__"}


def imported_modules(path: Path, root: Path) -> Iterator[str]:
    """Yield the full names that a file imports, including those that may be names within a module."""
    package = path.relative_to(root).parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*above, *filter(None, [node.module])))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def upward_imports(room: Path, ranks: Sequence[Sequence[str]]) -> set[str]:
    """Return each import of a name of the same or a higher rank, as “file → name”."""
    rank_of = {name: rank for rank, names in enumerate(ranks) for name in names}
    found = set()
    for path in sources(room):
        own = name_in_room(path, room)
        for module in imported_modules(path, room.parent):
            first, _, rest = module.partition(".")
            name = rest.partition(".")[0]
            if first != room.name or name == own or name not in rank_of:
                continue
            if rank_of[name] >= rank_of.get(own, -1):
                found.add(f"{path.relative_to(room.parent)} → {name}")
    return found


@pytest.mark.parametrize("room", LAYERS)
def test_imports_lead_to_lower_ranks_only(room: str) -> None:
    assert sorted(upward_imports(ROOT / room, LAYERS[room])) == []


@pytest.mark.parametrize("room", LAYERS)
def test_the_list_names_each_package_and_module_once_and_no_other(room: str) -> None:
    listed = [name for rank in LAYERS[room] for name in rank]
    assert sorted(listed) == sorted(names_in(ROOT / room))


def circle_in(room: Path) -> list[str]:
    """Return modules of a room that import each other in a circle; none if there is no circle."""
    modules = {".".join(path.relative_to(room.parent).with_suffix("").parts): path for path in sources(room)}
    imports = {
        name: {module for module in imported_modules(path, room.parent) if module in modules and module != name}
        for name, path in modules.items()
    }
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("room", LAYERS)
def test_no_modules_import_each_other_in_a_circle(room: str) -> None:
    assert circle_in(ROOT / room) == []


def test_a_circle_would_be_noticed(tmp_path: Path) -> None:
    room = tmp_path / "house"
    room.mkdir()
    (room / "cellar.py").write_text("def late():\n    from house.roof import chimney", encoding="utf-8")
    (room / "roof.py").write_text("from house import stairs", encoding="utf-8")
    (room / "stairs.py").write_text("", encoding="utf-8")
    assert circle_in(room) == []
    (room / "stairs.py").write_text("import house.cellar", encoding="utf-8")
    assert set(circle_in(room)) == {"house.cellar", "house.roof", "house.stairs"}


def test_a_page_imports_no_other_page() -> None:
    pages = ROOT / "portal" / "pages"
    found = [
        f"{path.name} → {module}"
        for path in sources(pages)
        for module in imported_modules(path, ROOT)
        if module.startswith("portal.pages")
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "from house.roof import chimney",
        "from house import roof",
        "import house.roof.chimney",
        "def late():\n    from house.roof import chimney",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.roof import chimney",
        "from ..roof import chimney",
        "from .. import roof",
    ],
)
def test_an_import_of_a_higher_rank_would_be_noticed(tmp_path: Path, line: str) -> None:
    room = tmp_path / "house"
    for name, content in {"cellar/stairs.py": line, "roof/chimney.py": "from house.cellar import stairs"}.items():
        (room / name).parent.mkdir(parents=True)
        (room / name).write_text(content, encoding="utf-8")
    assert upward_imports(room, [["cellar"], ["roof"]]) == {"house/cellar/stairs.py → roof"}
    assert upward_imports(room, [["roof"], ["cellar"]]) == {"house/roof/chimney.py → cellar"}
    assert len(upward_imports(room, [["cellar", "roof"]])) == 2
    assert names_in(room) == {"cellar", "roof"}
