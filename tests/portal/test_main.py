import os
import subprocess
import sys

from tests.portal.conftest import ROOT


def test_a_wrong_setting_is_one_line_and_exit_code_2() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "portal"],
        cwd=ROOT,
        env={**os.environ, "BASEMAP": "baidu"},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.strip().count("\n") == 0
    assert "BASEMAP is “baidu”" in ended.stderr


def test_a_wrong_clock_ends_the_start() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "portal"],
        cwd=ROOT,
        env={**os.environ, "CLOCK": "noon"},
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "CLOCK is “noon”" in ended.stderr
