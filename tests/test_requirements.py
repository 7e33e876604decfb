"""The installed packages match the lock files: every package pinned, with its hashes, including all dependencies."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT, ROOT / "tests", ROOT / "tests" / "supply_chain")


def wanted(folder: Path) -> dict[str, str]:
    """Return the packages in a ``requirements.in`` with their versions."""
    lines = (folder / "requirements.in").read_text(encoding="utf-8").splitlines()
    asked = [Requirement(line.partition("#")[0].strip()) for line in lines if re.match(r"\w", line)]
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in asked}


def locked(folder: Path) -> dict[str, tuple[str, int]]:
    """Return the packages of a ``requirements.txt`` for this Python version, with version and number of hashes."""
    text = (folder / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if re.match(r"\w", line):
            pin = Requirement(line.partition("--hash")[0])
            if pin.marker is None or pin.marker.evaluate():
                version_ = str(pin.specifier).removeprefix("==")
                found[canonicalize_name(pin.name)] = version_, line.count("--hash=sha256:")
    return found


def closure(names: set[str]) -> set[str]:
    """Return these packages and all their dependencies on this machine."""
    seen: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        try:
            needs = requires(name) or []
        except PackageNotFoundError:
            continue
        seen.add(name)
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                waiting.append(canonicalize_name(need.name))
    return seen


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_each_wanted_package_says_why_and_stands_in_the_lock(folder: Path) -> None:
    lines = (folder / "requirements.in").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if re.match(r"\w", line) and "#" not in line]
    pins = locked(folder)
    assert {name: pins[name][0] for name in wanted(folder)} == wanted(folder)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_package_of_a_lock_has_hashes_and_no_address(folder: Path) -> None:
    assert all(hashes for _, hashes in locked(folder).values())
    assert "://" not in (folder / "requirements.txt").read_text(encoding="utf-8")


def test_nothing_that_is_installed_floats() -> None:
    pins = {**locked(ROOT / "tests"), **locked(ROOT)}
    needed = closure(set(wanted(ROOT)) | set(wanted(ROOT / "tests")))
    assert needed - set(pins) == set()
    assert {name: version(name) for name in needed} == {name: pins[name][0] for name in needed}
