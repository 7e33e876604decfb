"""A catalogue is compiled when it has changed, and only then."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from stations.compiled_catalogue import read_catalogue

TEXT = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Yes"\nmsgstr "{}"\n'


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    file = tmp_path / "portal.po"
    file.write_text(TEXT.format("是"), encoding="utf-8")
    return file


def kept(catalogue: Path) -> list[Path]:
    return list((catalogue.parent / "__pycache__").glob("*"))


def test_what_was_compiled_is_read_again(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_catalogue(catalogue, "zh_CN").gettext("Yes") == "是"
    assert [file.suffix for file in kept(catalogue)] == [".mo"]
    monkeypatch.setattr("stations.compiled_catalogue._compile", lambda *_: pytest.fail("compiled again"))
    assert read_catalogue(catalogue, "zh_CN").gettext("Yes") == "是"


def test_a_changed_catalogue_is_compiled_anew_though_it_be_an_older_one(catalogue: Path) -> None:
    read_catalogue(catalogue, "zh_CN")
    for words, age in (("对", 10**9), ("好", -(10**9))):
        catalogue.write_text(TEXT.format(words), encoding="utf-8")
        changed = catalogue.stat().st_mtime_ns + age
        os.utime(catalogue, ns=(changed, changed))
        assert read_catalogue(catalogue, "zh_CN").gettext("Yes") == words
    assert len(kept(catalogue)) == 1


def test_where_nothing_can_be_written_it_is_read_all_the_same(
    catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (catalogue.parent / "__pycache__").write_text("a file where the folder would be", encoding="utf-8")
    assert read_catalogue(catalogue, "zh_CN").gettext("Yes") == "是"
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    (catalogue.parent / "__pycache__").unlink()
    assert read_catalogue(catalogue, "zh_CN").gettext("Yes") == "是"
    assert kept(catalogue) == []


def test_another_account_of_the_machine_can_read_what_is_kept(catalogue: Path) -> None:
    read_catalogue(catalogue, "zh_CN")
    assert stat.S_IMODE(kept(catalogue)[0].stat().st_mode) == stat.S_IMODE(catalogue.stat().st_mode)
