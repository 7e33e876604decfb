"""``import institutions`` and ``import accounts`` as commands, and the lists that ``export`` gives back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.conftest import Databases
from tests.stations.commands.test_command_line import run

INSTITUTIONS = """机构名称,认可证书编号,检测项目,依据标准,有效期至
苏州市计量测试院,L0452,游标卡尺,JJG 30-2012,2027-03-14
,,电子天平,JJG 1036-2022,三年
"""
ACCOUNTS = """用户名,姓名,角色,管辖地区
wang,王小明,县级管理员,昆山市
li,李思思,超级用户,苏州市
"""


@pytest.fixture
def own_url(databases: Databases, reference_url: str) -> str:
    return databases.new(like=reference_url)


@pytest.mark.one_database
def test_institutions_are_tried_imported_and_exported(own_url: str, tmp_path: Path) -> None:
    file, report = tmp_path / "list.csv", tmp_path / "report.xlsx"
    file.write_text(INSTITUTIONS, encoding="gb18030")
    tried = run(own_url, "import", "institutions", str(file), "--dry-run", "--report", str(report), "--format", "json")
    told = json.loads(tried.stdout)
    assert (tried.returncode, told["doubtful"], told["imported"]) == (0, 2, {"added": 0, "changed": 0})
    assert [row["row"] for row in told["rows"] if "三年" in row["message"]] == [3]
    assert "三年" in str(load_workbook(report).active.cell(3, 8).value)
    done = json.loads(run(own_url, "import", "institutions", str(file), "--doubtful", "--format", "json").stdout)
    assert (done["imported"], done["rows"][0]["code"]) == ({"added": 1, "changed": 0}, "I-001")
    (tmp_path / "export.csv").write_text(run(own_url, "export", "institutions", "--format", "csv").stdout)
    again = json.loads(run(own_url, "import", "institutions", str(tmp_path / "export.csv"), "--format", "json").stdout)
    assert (again["unchanged"], again["joined"], again["imported"]["changed"]) == (1, 1, 0)


@pytest.mark.one_database
def test_the_result_of_importing_accounts_has_their_one_time_codes_and_the_export_has_none(
    own_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(ACCOUNTS, encoding="utf-8")
    done = json.loads(run(own_url, "import", "accounts", str(file), "--format", "json").stdout)
    first, second = done["rows"]
    assert (done["imported"]["added"], first["code"], second["outcome"]) == (1, "wang", "wrong")
    assert "超级用户" in second["message"] and "one_time_code" not in second
    assert len(first["one_time_code"]) > 10
    for form in ("csv", "json", "table"):
        exported = run(own_url, "export", "accounts", "--format", form)
        assert "wang" in exported.stdout and first["one_time_code"] not in exported.stdout
    shown = run(own_url, "import", "accounts", str(file), "--by", "wang")
    assert shown.returncode == 0 and "Nothing was written" in shown.stdout + shown.stderr


@pytest.mark.one_database
def test_options_that_say_nothing_about_such_a_list_are_refused(own_url: str, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(ACCOUNTS, encoding="utf-8")
    refused = run(own_url, "import", "accounts", str(file), "--crs", "gcj02")
    assert (refused.returncode, "--crs" in refused.stderr) == (2, True)
