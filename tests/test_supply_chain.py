"""Every locked package is listed with its licence; nothing is called safe that nobody asked about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.supply_chain import vulnerabilities
from tests.supply_chain.licences import TARGET
from tests.supply_chain.locked_packages import locked_packages

FITTING = ("MIT", "BSD", "Apache", "PSF", "Python Software", "Mozilla", "LGPL", "Lesser General", "CC0", "Zlib", "HPND")
"""Licences under which a package may be used beside any other; what changes an LGPL package itself must be shared."""


def listed() -> dict[str, tuple[str, str]]:
    """Return the version and the licence of each package in the document."""
    rows = [line for line in TARGET.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return {name: (version, licence) for name, version, licence in cells}


def test_every_locked_package_is_listed_with_its_licence() -> None:
    found = listed()
    told = "run: make licences"
    assert {name: version for name, (version, _licence) in found.items()} == locked_packages(), told
    unfitting = {name: licence for name, (_, licence) in found.items() if not any(fit in licence for fit in FITTING)}
    assert unfitting == {}


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        ('echo "no route to host" >&2; exit 1', 2, "NOTHING WAS CHECKED"),
        ("cat {skipped}", 2, "NOTHING WAS CHECKED"),
        ("cat {partly}", 2, "NOT CHECKED: b"),
        ("cat {clean}", 0, "known vulnerabilities: 0"),
        ("cat {known}; exit 1", 1, "a 1.0: CVE-1, mended in 1.1"),
    ],
)
def test_nothing_is_called_safe_that_nobody_asked_about(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], answer: str, code: int, told: str
) -> None:
    clean = {"name": "a", "version": "1.0", "vulns": []}
    known = {**clean, "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}
    skipped = {"name": "b", "skip_reason": "not found"}
    files = {"skipped": [skipped], "partly": [clean, skipped], "clean": [clean], "known": [known]}
    for name, dependencies in files.items():
        (tmp_path / name).write_text(json.dumps({"dependencies": dependencies}))
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\n" + answer.format(**{name: tmp_path / name for name in files}) + "\n")
    tool.chmod(0o755)
    assert vulnerabilities.main(str(tool)) == code
    shown = capfd.readouterr()
    assert told in shown.out + shown.err
    assert code == 0 or "known vulnerabilities: 0" not in shown.out or "NOT CHECKED" in shown.err
