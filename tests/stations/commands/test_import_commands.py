"""The commands ``import figures`` and ``import places``: as on the page, every wrong row is reported by number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from stations.database import open_engine
from stations.planning.candidate_place import list_candidate_places
from stations.planning.imported_figure import figure_values, list_figures
from tests.conftest import Databases
from tests.stations.commands.test_command_line import run

FIGURE = ("--code", "firms-2025", "--name", "规上企业", "--unit", "家", "--year", "2025", "--source", "测试公报")


@pytest.fixture
def own_url(databases: Databases, reference_url: str) -> str:
    return databases.new(like=reference_url)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text('区县,数值\n昆山市,120\n320106,"1,005"\n', encoding="gb18030")
    return path


def known(url: str) -> tuple[list[str], int]:
    engine = open_engine(url)
    with Session(engine) as session:
        found = (
            [one.code for one in list_figures(session, samples=False)],
            len(list_candidate_places(session, samples=False)),
        )
    engine.dispose()
    return found


def test_a_figure_is_imported_once_it_is_right(own_url: str, listed: Path) -> None:
    done = run(own_url, "import", "figures", str(listed), *FIGURE, "--dry-run", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["imported"] == 0
    assert known(own_url) == ([], 0)
    done = run(own_url, "import", "figures", str(listed), *FIGURE, "--format", "json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["code"], told["unit"], told["year"], told["imported"], told["rows"]) == (
        "FIRMS-2025",
        "家",
        2025,
        2,
        [],
    )
    engine = open_engine(own_url)
    with Session(engine) as session:
        assert figure_values(session, "FIRMS-2025", samples=False) == {"320583": 120, "320106": 1005}
    engine.dispose()


def test_every_wrong_row_is_told_and_nothing_kept(own_url: str, listed: Path) -> None:
    listed.write_text("区县,数值\n昆山市,x\n没有市,1\n太仓市,2\n", encoding="utf-8")
    done = run(own_url, "import", "figures", str(listed), *FIGURE[:-2], "--format", "json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["imported"] == 0
    assert [(row["row"], row["outcome"], row["field"]) for row in told["rows"]] == [
        (None, "wrong", "source"),
        (2, "wrong", ""),
        (3, "wrong", ""),
    ]
    assert "没有市" in told["rows"][2]["message"]
    assert known(own_url) == ([], 0)


def test_places_are_imported_by_their_coordinate_system(own_url: str, listed: Path) -> None:
    listed.write_text("名称,经度,纬度,成本\n示例园区,120.98,31.39,30\n", encoding="utf-8-sig")
    options = ("--source", "测试名录", "--crs", "gcj02", "--format", "json")
    done = run(own_url, "import", "places", str(listed), *options)
    assert done.returncode == 0, done.stderr
    assert (json.loads(done.stdout)["imported"], known(own_url)) == (1, ([], 1))
    listed.write_text("名称,经度,纬度\n上海,121.47,31.23\n园区,x,31\n", encoding="utf-8")
    done = run(own_url, "import", "places", str(listed), *options)
    assert (done.returncode, [row["row"] for row in json.loads(done.stdout)["rows"]]) == (1, [2, 3])
    assert known(own_url) == ([], 1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("gold", "x.csv"), "stations, centres"),
        (("figures", "nowhere.csv", *FIGURE), "nowhere.csv"),
        (("figures", "x.csv", "--crs", "gcj02"), "--crs"),
        (("places", "x.csv", "--unit", "家"), "--unit"),
        (("places", "x.csv", "--crs", "mars"), "mars"),
        (("places", "x.csv", "--by", "nobody"), "x.csv"),
    ],
)
def test_what_makes_no_sense_is_one_line_and_exit_code_2(own_url: str, arguments: tuple[str, ...], told: str) -> None:
    done = run(own_url, "import", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("kind", "option", "value"),
    [
        ("stations", "--unit", "家"),
        ("stations", "--replace", ""),
        ("places", "--year", "2025"),
        ("centres", "--status-date", "2025-01-01"),
        ("centres", "--code", "firms"),
        ("figures", "--crs", "gcj02"),
    ],
)
def test_an_option_that_says_nothing_about_the_list_is_refused_and_not_left_unread(
    own_url: str, listed: Path, kind: str, option: str, value: str
) -> None:
    done = run(own_url, "import", kind, str(listed), option, *filter(None, [value]), LANG="zh_CN.UTF-8")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{option} 不适用于 {kind}，请去掉" in done.stderr
