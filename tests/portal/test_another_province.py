"""The portal of another province, here Jiangxi, in a real browser: its own name and places, and what it has not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from tests.portal.conftest import ROOT, Server, served


@pytest.fixture(scope="module")
def jiangxi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("jiangxi")
    environment = {"PROVINCE": "360000", "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}", "SAMPLE": "1"}
    subprocess.run(
        [sys.executable, "-m", "stations", "setup"], cwd=ROOT, env={**os.environ, **environment}, check=True
    )
    with served(["-m", "portal"], folder, **environment) as server:
        yield server


def test_the_document_and_plain_pages_carry_its_title(jiangxi: Server) -> None:
    for language, title in (("zh-CN", "江西质量小站"), ("en", "Jiangxi Quality Stations")):
        for page in ("/", "/sign-in"):
            content = requests.get(jiangxi.url + page, headers={"Accept-Language": language}, timeout=60).text
            assert title in content
            assert "江苏" not in content and "Jiangsu" not in content


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("", "/ 100"),
        ("coverage", "南昌市"),
        ("find?adcode=360121&services=metrology.calibration", "南昌县（南昌市）"),
        ("reach", "赣州市"),
        ("targets", "尚未录入江西省的政策目标"),
        ("centres", "尚未录入江西省的中心建设目标"),
        ("chains", "尚未录入江西省的产业链名单文件"),
        ("centre?code=SAMPLE-C-001", "东乡区（抚州市）"),
        ("about", "本站展示江西省的质量小站"),
        ("services", "计量"),
    ],
)
def test_pages_show_the_province_and_say_what_it_has_not(
    jiangxi: Server, visitor: Callable[..., Page], page: str, told: str
) -> None:
    shown = visitor()
    shown.goto(f"{jiangxi.url}/{page}")
    expect(shown.get_by_text(told).first).to_be_visible(timeout=60_000)
    expect(shown.locator("footer.page-footer")).to_be_visible(timeout=60_000)
    told = shown.inner_text("body")
    assert not [word for word in ("江苏", "苏州", "昆山", "出错") if word in told]


def test_it_speaks_english(jiangxi: Server, visitor: Callable[..., Page]) -> None:
    shown = visitor("en-GB")
    shown.goto(f"{jiangxi.url}/targets")
    expect(shown.get_by_text("No policy with targets is on file for Jiangxi")).to_be_visible(timeout=60_000)


def test_a_server_for_another_province_does_not_start_on_its_database(jiangxi: Server) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "portal"],
        cwd=ROOT,
        env={**jiangxi.environment, "PROVINCE": "320000"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 1
    assert "PROVINCE=360000" in run.stderr
