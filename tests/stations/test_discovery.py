"""What the modules of a folder define is found without a list of them."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from stations.discovery import find_in_modules


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    folder = tmp_path / "found_here"
    folder.mkdir()
    for name, content in {"__init__": "", "second": "WORD = 'b'", "first": "WORD = 'a'", "none": "OTHER = 1"}.items():
        (folder / f"{name}.py").write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for module in [name for name in sys.modules if name.partition(".")[0] == "found_here"]:
        monkeypatch.delitem(sys.modules, module)
    return import_module("found_here")


def test_values_are_sorted_by_module_and_modules_without_one_are_passed_over(package: ModuleType) -> None:
    assert find_in_modules(package, "WORD", str) == ("a", "b")
    assert find_in_modules(package, "NOTHING", str) == ()


def test_a_value_of_another_kind_is_an_error_that_names_it(package: ModuleType) -> None:
    with pytest.raises(TypeError, match="found_here.none.OTHER is not a str"):
        find_in_modules(package, "OTHER", str)
