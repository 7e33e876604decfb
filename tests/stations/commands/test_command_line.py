"""The command line as people and programs use it, on a real database; one test runs the process itself."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from stations.commands.command_line import main
from stations.database import open_engine
from tests.conftest import CLOCK, Databases
from tests.stations.account_factories import account, enrol

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


def run(url: str, *arguments: str, typed: str = "", **environment: str) -> Done:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(typed))
        try:
            code = main(arguments, {"LANG": "en_US.UTF-8", "DATABASE_URL": url, "CLOCK": CLOCK, **environment})
        except SystemExit as ended:
            code = ended.code
    return Done(code, out.getvalue(), err.getvalue())


def run_process(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stations", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8", "DATABASE_URL": url, "CLOCK": CLOCK},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_runs_as_a_process(reference_url: str) -> None:
    done = run_process(reference_url, "coverage", "--format", "json")
    assert (done.returncode, done.stderr, json.loads(done.stdout)["total"]) == (0, "", 95)
    done = run_process(reference_url, "locate", "200", "32")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def answer(url: str, *arguments: str, **environment: str) -> object:
    done = run(url, *arguments, "--format", "json", **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_address_is_read_to_county_and_town(reference_url: str) -> None:
    assert answer(reference_url, "address", "昆山市玉山镇", "前进中路1号") == [
        {
            **{"adcode": "320583", "name": "昆山市", "city": "苏州市"},
            **{"town_code": "320583100", "town": "玉山镇", "town_lon": 120.95431, "town_lat": 31.37762},
        }
    ]
    assert [place["city"] for place in answer(reference_url, "address", "鼓楼区")] == ["南京市", "徐州市"]
    done = run(reference_url, "address", "北京市通州区", "--format", "json")
    assert (json.loads(done.stdout), done.returncode, "No county" in done.stderr) == ([], 0, True)


def test_coverage(reference_url: str) -> None:
    told = answer(reference_url, "coverage")
    assert (told["total"], told["covered"], told["fully_served"]) == (95, 3, 0)
    assert "at least one station" in told["rule"]
    pukou = next(county for county in told["counties"] if county["adcode"] == "320111")
    assert {key: pukou[key] for key in ("name", "city", "status", "stations")} == {
        "name": "浦口区",
        "city": "南京市",
        "status": "thin",
        "stations": 2,
    }
    earlier = answer(reference_url, "coverage", "--as-of", "2021-07-07")
    assert (earlier["as_of"], earlier["covered"]) == ("2021-07-07", 2)


def test_samples_are_announced_and_can_be_left_out(sample_url: str) -> None:
    done = run(sample_url, "coverage", "--format", "json")
    told = json.loads(done.stdout)
    assert told["covered"] > 3
    assert told["covered_by_samples_only"] == told["covered"] - 3
    assert "sample (invented) records" in done.stderr
    for leave_out in ({"SAMPLE": "0"}, {}):
        arguments = ["coverage"] if leave_out else ["coverage", "--no-sample"]
        assert answer(sample_url, *arguments, **leave_out)["covered"] == 3


def test_targets(reference_url: str) -> None:
    told = {target["code"]: target for target in answer(reference_url, "targets", "--as-of", "2025-12-31")}
    assert list(told) == ["qi_centres", "agri_pilots", "social_pilots", "station_coverage"]
    assert [(target["required"], target["at_least"]) for target in told.values()] == [
        (49, False),
        (10, True),
        (30, True),
        (95, False),
    ]
    centres = told["qi_centres"]
    assert (centres["period_start"], centres["period_end"]) == ("2021-01-01", "2025-12-31")
    assert (centres["counted"], centres["pipeline"], centres["undated"], centres["before"]) == (1, 21, 15, 11)
    assert "Accepted" in centres["rule"]


def test_targets_are_compared_by_every_rule(sample_url: str) -> None:
    told = {target["code"]: target for target in answer(sample_url, "targets")}
    measures = told["qi_centres"]["by_measure"]
    assert set(measures) == {"accepted_in_period", "approved_in_period", "in_being"}
    assert measures["accepted_in_period"]["counted"] == told["qi_centres"]["counted"]
    assert told["station_coverage"]["by_measure"] == {}


def test_one_target_whole(sample_url: str) -> None:
    told = answer(sample_url, "target", "qi_centres", "--as-of", "2023-12-31")
    assert len(told["records"]["counted"]) == told["counted"] == told["burn_up"][-1]["counted"]
    assert sum(part.get("counted", 0) for part in told["by_city"]) == told["counted"]
    assert sum(part.get("pipeline", 0) for part in told["by_level"]) == told["pipeline"]
    assert told["forecast"]["outcome"] == "told" and told["forecast"]["points"][-1]["day"] == "2025-12-31"
    assert [rule["in_force_from"] for rule in told["rules"]] == [None]
    done = run(sample_url, "target", "none_such")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_the_province_keeps_targets_by_command(databases: Databases, reference_url: str) -> None:
    url = databases.new(like=reference_url)
    for name, role, area in (("li", "province", "320000"), ("wang", "city", "320500")):
        typed = "long enough to be safe\n"
        assert run(url, "add-user", name, "--name", "李某", "--role", role, "--area", area, typed=typed).returncode == 0
    change = ("change-rule", "qi_centres", "in_being", "--reason", "口径调整", "--by")
    refused = run(url, *change, "wang")
    assert (refused.returncode, refused.stderr) == (
        2,
        "python -m stations: This is outside your duty. For it, each in the own area: Province administrator\n",
    )
    assert run(url, *change, "nobody").returncode == 2
    assert run(url, "change-rule", "qi_centres", "nonsense", "--reason", "x", "--by", "li").returncode == 2
    assert answer(url, *change, "li")["version"] == 2
    assert "whatever time" in next(one for one in answer(url, "targets") if one["code"] == "qi_centres")["rule"]
    add = ("add-target", "新建中心", "--required", "20", "--from", "2026-01-01", "--until", "2030-12-31")
    words = ("--source", "测试", "--clause", "（一）", "--quote", "新建20个", "--subject", "centre", "--by", "li")
    assert answer(url, *add, *words)["code"] == "centre_2026_2030"
    assert [one["code"] for one in answer(url, "targets")][0] == "centre_2026_2030"
    assert run(url, *add, *words, "--level", "galactic").returncode == 2


def test_chains(sample_url: str) -> None:
    told = answer(sample_url, "chains")
    assert [(one["tier"], one["on_file"], one["listed"]) for one in told["lists"]] == [
        ("key", 2, 50),
        ("strong", 0, 30),
        ("outstanding", 10, 10),
    ]
    assert (told["without_list"], len(told["chains"])) == (20, 32)
    served = [one for one in told["chains"] if one["centres"]]
    assert served and all(one["source"] and len(one["gaps"]) <= 13 for one in told["chains"])
    done = run(sample_url, "chains")
    assert "2 of 50 on file" in done.stderr and "sample (invented)" in done.stderr
    without = answer(sample_url, "chains", "--no-sample")
    assert all(one["samples"] == 0 and one["stations"] == [] for one in without["chains"])


@pytest.mark.parametrize(
    "place, adcode",
    [
        (("118.7790", "32.0600"), "320102"),
        (("118.78425", "32.0579", "--crs", "gcj02"), "320102"),
        (("120.98", "31.38"), "320583"),
        (("121.47", "31.23"), None),
        (("-73.98", "40.75"), None),
    ],
)
def test_locate(reference_url: str, place: tuple[str, ...], adcode: str | None) -> None:
    told = answer(reference_url, "locate", *place)
    assert told["adcode"] == adcode
    assert set(told) == {"adcode", "name", "city"}
    assert (told["name"] is None) == (told["city"] is None) == (adcode is None)


def test_nearest(reference_url: str, sample_url: str) -> None:
    nearest, *_others = answer(reference_url, "nearest", "118.6", "32.0")
    assert (nearest["code"], nearest["adcode"], nearest["placed_by"]) == ("S-3201-003", "320111", "county")
    found = answer(sample_url, "nearest", "120.98", "31.38", "--k", "7")
    distances = [station["distance_m"] for station in found]
    assert len(found) == 7
    assert distances == sorted(distances)
    narrowed = answer(sample_url, "nearest", "120.98", "31.38", "--service", "metrology.calibration", "--k", "3")
    offered = {station["code"]: station["services"] for station in answer(sample_url, "stations")}
    assert all("metrology.calibration" in offered[station["code"]] for station in narrowed)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("place", "notes"),
    [
        (("120.95", "31.38"), set()),
        (("31.38", "120.95"), {"Latitude stood before longitude; they were put in order"}),
        (("121.47", "31.23"), {"The place lies outside Jiangsu; the stations are those of Jiangsu only"}),
    ],
)
def test_nearest_tells_what_is_odd_about_the_place(reference_url: str, place: tuple[str, ...], notes: set[str]) -> None:
    done = run(reference_url, "nearest", *place)
    told = {line for line in done.stderr.splitlines() if line.startswith(("Latitude", "The place"))}
    assert done.returncode == 0 and told == notes


def test_the_three_systems_name_the_same_place(sample_url: str) -> None:
    plain = answer(sample_url, "nearest", "120.98", "31.38", "--k", "1")[0]
    shifted = answer(sample_url, "nearest", "120.984345", "31.377964", "--crs", "gcj02", "--k", "1")[0]
    assert shifted["code"] == plain["code"]
    assert shifted["distance_m"] == pytest.approx(plain["distance_m"], abs=150)


def test_registers_with_their_sources(reference_url: str) -> None:
    assert [station["code"] for station in answer(reference_url, "stations")] == [
        *(f"S-3201-00{n}" for n in (1, 2, 3, 4)),
        *("S-3203-001", "S-3206-001", "S-3206-002"),
    ]
    centres = answer(reference_url, "centres")
    assert len(centres) == 63
    assert all(record["source"] for record in (*centres, *answer(reference_url, "stations")))
    assert len(answer(reference_url, "services")) == 56


def test_csv_and_tables(reference_url: str) -> None:
    done = run(reference_url, "coverage", "--format", "csv", "--lang", "zh_CN")
    rows = list(csv.reader(io.StringIO(done.stdout)))
    assert rows[0][:3] == ["行政区划代码", "名称", "设区市"]
    assert len(rows) == 96
    assert "Kunshan City" in run(reference_url, "coverage").stdout


@pytest.mark.parametrize(
    "arguments, told",
    [
        (("coverage", "--as-of", "2025-13-01"), "2025-12-31"),
        (("locate", "east", "32"), "degrees"),
        (("locate", "200", "32"), "longitude 200 is out of range"),
        (("locate", "nan", "32"), "longitude nan is out of range"),
        (("locate", "120", "32", "--crs", "wgs72"), "wgs84, gcj02, bd09"),
        (("nearest", "120", "32", "--k", "0"), "whole number"),
        (("nearest", "120", "32", "--service", "metrology.x"), "not in the service catalogue"),
        (("coverage", "--format", "xml"), "table, json, csv"),
        (("coverage", "--lang", "fr"), "zh_CN, en"),
        (("add-user", "li", "--name", "李", "--role", "king", "--area", "320000"), "province, city"),
        (("locate", "120"), "LAT"),
        (("covrage",), "covrage"),
        ((), "COMMAND"),
    ],
)
def test_wrong_input_is_one_clear_line_and_exit_code_2(
    reference_url: str, arguments: tuple[str, ...], told: str
) -> None:
    done = run(reference_url, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert told in done.stderr


def test_errors_speak_the_users_language(reference_url: str) -> None:
    assert "经度" in run(reference_url, "locate", "200", "32", LANG="zh_CN.UTF-8").stderr
    assert "不是日期" in run(reference_url, "coverage", "--as-of", "x", "--lang", "zh_CN").stderr


def test_a_database_that_is_not_set_up_is_told_so(tmp_path: Path) -> None:
    done = run(f"sqlite:///{tmp_path}/none.sqlite3", "coverage")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "python -m stations setup" in done.stderr


def test_a_database_out_of_reach_is_told_in_one_line(tmp_path: Path) -> None:
    done = run("postgresql://127.0.0.1:1/none", "coverage")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


def test_setup_twice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.sqlite3"
    for loaded in (True, False):
        done = {"reference_loaded": loaded, "samples_loaded": False, "secrets_sealed": False}
        assert answer(url, "setup", SAMPLE="0") == done
    assert answer(url, "coverage")["covered"] == 3


def test_an_account_is_made_by_command_and_its_password_never_shown(databases: Databases, reference_url: str) -> None:
    url = databases.new(like=reference_url)
    arguments = ("add-user", "li", "--name", "李", "--role", "province", "--area", "320000")
    done = run(url, *arguments, typed="correct horse battery\n")
    assert done.returncode == 0, done.stderr
    assert "correct horse" not in done.stdout + done.stderr
    again = run(url, *arguments, typed="correct horse battery\n")
    assert (again.returncode, "taken" in again.stderr) == (2, True)
    short = run(url, "add-user", "wang", *arguments[2:], typed="short\n")
    assert (short.returncode, "12 characters" in short.stderr) == (2, True)


def test_the_audit_log_is_proved_noted_down_and_searched(databases: Databases, reference_url: str) -> None:
    url = databases.new(like=reference_url)
    added = ("add-user", "li", "--name", "李", "--role", "province", "--area", "320000")
    assert run(url, *added, typed="correct horse battery\n").returncode == 0
    kept = answer(url, "audit", "head")["head"]
    assert answer(url, "audit", "verify", "--head", kept) == {
        "whole": True,
        "checked": 1,
        "head": kept,
        "fault": None,
        "entry": None,
        "message": "The log is whole: 1 entries, each chained to the one before",
    }
    bounded = answer(url, "audit", "verify", "--after", kept)
    assert (bounded["checked"], bounded["message"]) == (
        1,
        "The log is whole from entry 1 on: 1 entries. What came before was not looked at",
    )
    told = answer(url, "audit", "list", "--by", "command line", "--since", "2020-01-01")
    assert [(entry["action"], entry["subject"]) for entry in told] == [("add_user", "li")]
    assert answer(url, "audit", "list", "--action", "sign_in") == []
    engine = open_engine(url)
    with engine.begin() as connection:
        for trigger in ("no_update",) if engine.dialect.name == "sqlite" else ("no_change",):
            on = "" if engine.dialect.name == "sqlite" else " ON audit_entry"
            connection.exec_driver_sql(f"DROP TRIGGER audit_entry_{trigger}{on}")
        connection.exec_driver_sql("UPDATE audit_entry SET subject = 'wang'")
    engine.dispose()
    broken = run(url, "audit", "verify", "--lang", "zh_CN")
    assert (broken.returncode, "第 1 条被改动" in broken.stdout) == (1, True)


@pytest.mark.parametrize(
    "arguments, told",
    [
        (("audit", "mend"), "verify, head, list"),
        (("audit", "verify", "--head", "12"), "head"),
        (("audit", "verify", "--after", "12"), "head"),
        (("audit", "list", "--since", "2026-12-02", "--until", "2026-12-01"), "ends before"),
        (("issue-code", "nobody"), "There is no account"),
        (("reset-second-factor", "nobody"), "There is no account"),
    ],
)
def test_wrong_words_to_audit_are_one_clear_line(reference_url: str, arguments: tuple[str, ...], told: str) -> None:
    done = run(reference_url, *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr


def test_the_operator_issues_a_code_to_who_is_shut_out(databases: Databases, reference_url: str) -> None:
    url = databases.new(like=reference_url)
    added = ("add-user", "li", "--name", "李", "--role", "province", "--area", "320000")
    run(url, *added, typed="correct horse battery\n")
    issued = answer(url, "issue-code", "li")
    assert issued["username"] == "li" and len(issued["code"]) == 21
    assert issued["code"] not in run(url, "audit", "list").stdout


def test_the_operator_resets_a_second_factor(databases: Databases, reference_url: str) -> None:
    url = databases.new(like=reference_url)
    engine = open_engine(url)
    account(engine)
    assert "no second factor" in run(url, "reset-second-factor", "wang").stderr
    enrol(engine)
    engine.dispose()
    assert answer(url, "reset-second-factor", "wang")["username"] == "wang"
    assert "reset_second_factor" in run(url, "audit", "list", "--format", "json").stdout
    assert run(url, "reset-second-factor", "wang").returncode == 2


def test_escalating_twice_tells_each_level_once(databases: Databases, sample_url: str) -> None:
    url = databases.new(like=sample_url)
    first = run(url, "escalate", "--now", "2026-11-23T09:00", "--format", "json")
    told = json.loads(first.stdout)
    assert first.returncode == 0 and told and {one["level"] for one in told} == {"county", "city", "province"}
    assert len({(one["number"], one["due_on"], one["level"]) for one in told}) == len(told)
    assert json.loads(run(url, "escalate", "--now", "2026-11-23T09:00", "--format", "json").stdout) == []
    wrong = run(url, "escalate", "--now", "soon")
    assert wrong.returncode == 2 and "2025-12-31T09:00" in wrong.stderr


def test_the_evaluation_as_data(sample_url: str) -> None:
    done = run(sample_url, "evaluation", "--period", "2026-10", "--level", "city", "--format", "json")
    told = json.loads(done.stdout)
    assert (told["period"], told["level"], len(told["units"])) == ("2026-10", "city", 13)
    assert sum(one["weight"] for one in told["weights"].values()) == 100
    assert sorted(one["rank"] for one in told["units"] if one["rank"]) == list(range(1, told["ranked"] + 1))
    assert "sample" in done.stderr
    for arguments, told in (
        (("--period", "October"), "2026-Q4"),
        (("--period", "2026", "--level", "town"), "county"),
        ((), "--period"),
    ):
        wrong = run(sample_url, "evaluation", *arguments)
        assert wrong.returncode == 2 and told in wrong.stderr


@pytest.mark.one_database
@pytest.mark.parametrize("odd", ["a\nb", "a\r\nb", "\x1b[31mred", "a\u2028b"])
def test_what_was_typed_makes_no_second_line_and_colours_no_terminal(reference_url: str, odd: str) -> None:
    for arguments in (("coverage", "--format", odd), (odd,), ("coverage", "--as-of", odd), ("import", "stations", odd)):
        done = run(reference_url, *arguments)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), arguments
        assert done.stderr.strip("\n").isprintable()


@pytest.mark.one_database
@pytest.mark.parametrize("arguments", [("nearest", "120", "32", "--k"), ("audit", "list", "--limit")])
def test_a_number_of_thousands_of_digits_is_one_clear_line(reference_url: str, arguments: tuple[str, ...]) -> None:
    done = run(reference_url, *arguments, "9" * 5000)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and "whole number" in done.stderr


@pytest.mark.one_database
@pytest.mark.parametrize(("kind", "table"), [("stations", "station"), ("centres", "centre")])
@pytest.mark.parametrize("report", ["no/such/folder/report.xlsx", "a\0b"])
def test_a_report_that_can_not_be_written_stops_the_import_before_it(
    databases: Databases, reference_url: str, tmp_path: Path, kind: str, table: str, report: str
) -> None:
    url = databases.new(like=reference_url)
    (tmp_path / "list.csv").write_text("名称,县（市、区）\n昆山测试,昆山市\n", encoding="utf-8")

    def count() -> int:
        engine = open_engine(url)
        with engine.connect() as connection:
            counted = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
        engine.dispose()
        return counted

    before = count()
    done = run(url, "import", kind, str(tmp_path / "list.csv"), "--doubtful", "--report", report)
    assert (done.returncode, done.stderr.count("\n"), count()) == (2, 1, before)


@pytest.mark.one_database
@pytest.mark.parametrize("file", ["很长" * 200, "a\0b"], ids=["too long", "a NUL"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("backup",),
        ("backup-key",),
        ("restore",),
        ("restore", "no-such-backup", "--key"),
        ("downgrade", "0033", "--backup"),
        ("import", "stations"),
        ("import", "figures"),
        ("import", "stations", "list.csv", "--mapping"),
        ("coverage-map", "--out"),
    ],
    ids=" ".join,
)
def test_a_name_that_no_file_can_have_is_one_clear_line(
    reference_url: str, arguments: tuple[str, ...], file: str
) -> None:
    done = run(reference_url, *arguments, file)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "File name too long" in done.stderr if len(file) > 255 else "not the name of a file" in done.stderr


@pytest.mark.one_database
def test_a_folder_of_backups_that_no_system_can_have_is_one_clear_line(
    reference_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_FOLDER", "很长" * 200)
    done = run(reference_url, "daily-backup")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and "File name too long" in done.stderr


@pytest.mark.one_database
def test_what_is_done_is_not_refused_for_the_order_of_its_table(sample_copy_engine: Engine) -> None:
    url = sample_copy_engine.url.render_as_string(hide_password=False)
    refused = run(url, "stations", "--sort", "moon")
    assert (refused.returncode, refused.stdout) == (2, "")
    done = run(url, "renew-samples", "--sort", "moon")
    assert done.returncode == 0
    assert done.stdout
    assert "It is done; only the table is not in the order asked for: “moon” is not known" in done.stderr
    plain = run(url, "renew-samples")
    assert (plain.returncode, plain.stdout) == (0, done.stdout)
