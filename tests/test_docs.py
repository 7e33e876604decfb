"""The documentation names every setting, command and page, and none that no longer exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from pkgutil import resolve_name

from portal.navigation import ENTRIES
from stations.commands.listing import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
RUNNING = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
SETTING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")


def section(heading: str) -> str:
    """Return the part of ``docs/running.md`` below a heading, up to the next one."""
    return RUNNING.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def first_column(text: str) -> set[str]:
    """Return the texts in back-ticks in the first column of a table."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| ")]
    return {name for cell in rows for name in re.findall(r"`([^`]+)`", cell)}


def settings_in(tree: ast.AST) -> set[str]:
    """Return the environment variables that code reads.

    These are names in capitals in a function that takes the ``environment``, and the name of a ``Switch``.
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and "environment" in {one.arg for one in node.args.args}:
            constants = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
            found |= {one for one in constants if isinstance(one, str) and len(one) > 3 and SETTING.fullmatch(one)}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Switch":
            found |= {one.value for one in node.args[:1] if isinstance(one, ast.Constant)}
    return found


def settings_read() -> set[str]:
    files = [path for room in ("geo", "stations", "portal") for path in (ROOT / room).rglob("*.py")]
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in files]
    return {name for tree in trees for name in settings_in(tree)}


def glossary_names() -> list[str]:
    """Return the names in the column “in the code” of the glossary."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [line.split("|")[3] for line in lines if line.startswith("| ")]
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def is_in_the_code(name: str, words: set[str]) -> bool:
    """Whether a name of the glossary exists: a path as a module or a member of one, any other as words of the code."""
    parts = name.split(".")
    room = ROOT if parts[0] == "geo" else ROOT / "stations"
    if not any((room / file).exists() for file in (parts[0], f"{parts[0]}.py")):
        return words.issuperset(parts)
    path = name if parts[0] == "geo" else f"stations.{name}"
    try:
        resolve_name(path)
    except (ImportError, AttributeError):
        return False
    return True


def test_every_name_in_the_glossary_is_in_the_code() -> None:
    files = [path for room in ("geo", "stations") for path in (ROOT / room).rglob("*.py")]
    words = {word for path in files for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    names = glossary_names()
    assert [name for name in names if not is_in_the_code(name, words)] == []
    assert "requests.states.State" in names
    assert not is_in_the_code("requests.states.Nothing", words)
    assert not is_in_the_code("RequestThatIsNot", words)


def test_every_setting_is_documented_and_none_that_is_gone() -> None:
    assert first_column(section("Settings (environment)")) == settings_read()


def test_the_environment_file_of_an_installation_names_every_setting() -> None:
    """A new setting gets a line in ``deploy/portal.env``, commented out at its default."""
    text = (ROOT / "deploy" / "portal.env").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, flags=re.MULTILINE))
    assert named - {"FORWARDED_ALLOW_IPS"} == settings_read()  # which uvicorn reads


def test_every_command_is_documented_and_none_that_is_gone() -> None:
    jobs = re.findall(r"^- `([a-z-]+)", section("Daily jobs"), flags=re.MULTILINE)
    rows = [line.split("|", 2)[2] for line in section("Commands").splitlines() if line.startswith("| ")][1:]
    named = [name for row in rows for name in re.findall(r"`([a-z][a-z-]*)", row)]
    assert {*named, *jobs} == set(COMMANDS)


def test_every_page_is_documented_and_none_that_is_gone() -> None:
    assert first_column(section("Pages")) == {entry.name for entry in ENTRIES}
    files = {path.stem for path in (ROOT / "portal" / "pages").glob("*.py")} - {"__init__", "app"}
    assert files == {entry.name for entry in ENTRIES}


def test_a_setting_that_is_read_would_be_noticed() -> None:
    code = 'def read(environment):\n    return environment.get("NEW_SETTING")\nX = Switch("OTHER", "wrong")\n'
    assert settings_in(ast.parse(code)) == {"NEW_SETTING", "OTHER"}


def test_every_proof_named_in_the_security_document_is_a_test() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8")))
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    written = {name for source in sources for name in re.findall(r"^def (test_\w+)", source, flags=re.MULTILINE)}
    assert len(named) > 30 and named <= written, named - written
