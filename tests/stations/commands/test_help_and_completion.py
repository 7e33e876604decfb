"""Help in both languages, options before or after a command, and completion by a real shell."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from stations.commands.command_line import main
from stations.commands.completion import COMPLETE_VARIABLE, completion_script
from stations.commands.listing import COMMANDS, SECTIONS
from stations.language import Language
from stations.requests.states import STATIONS_TURN
from tests.stations.commands.test_command_line import answer, run


@pytest.mark.parametrize(("language", "locale"), [(Language("zh_CN"), "zh_CN.UTF-8"), (Language("en"), "en_GB.UTF-8")])
def test_help_names_every_command_by_section_in_the_terminals_language(language: Language, locale: str) -> None:
    done = run("sqlite://", "--help", LANG=locale)
    assert done.returncode == 0
    flat = "".join(done.stdout.split())
    for section in SECTIONS:
        assert language.translate(section.title) in done.stdout
        for name, listed in section.commands.items():
            assert f"\n  {name} " in done.stdout
            assert "".join(language.translate(listed.help).split()) in flat, name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_in_chinese(name: str) -> None:
    done = run("sqlite://", name, "--help", LC_ALL="zh_CN.UTF-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"用法： python -m stations {name}")
    assert "".join(Language("zh_CN").translate(COMMANDS[name].help).split()) in "".join(done.stdout.split())


def test_options_stand_before_or_after_the_command(sample_url: str) -> None:
    before = run(sample_url, "--no-sample", "--format", "json", "coverage")
    after = run(sample_url, "coverage", "--no-sample", "--format=json")
    assert (before.returncode, before.stdout) == (0, after.stdout)
    assert before.stdout != run(sample_url, "--format", "json", "coverage").stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("covrage",), "没有命令“covrage”；是否要用 coverage？"),
        (("locate", "120"), "缺少 LAT"),
        (("locate", "120", "32", "7"), "“7”多余"),
        (("coverage", "--as"), "没有选项 --as"),
        (("coverage", "--sort", "colour"), "adcode、name"),
        (("queue",), "缺少 --by"),
    ],
)
def test_wrong_input_is_one_line_in_chinese(sample_url: str, arguments: tuple[str, ...], told: str) -> None:
    done = run(sample_url, *arguments, LANG="zh_CN.UTF-8")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert told in done.stderr


def test_a_shell_completes_commands_options_and_values(tmp_path: Path) -> None:
    script = tmp_path / "completion.sh"
    script.write_text(
        completion_script("bash") + '\ntyped() { COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=(); '
        '_stations_completion stations "${@: -1}" "${@: -2:1}"; echo "${COMPREPLY[*]}"; }\n'
        "typed stations coverage-c\ntyped stations nearest --serv\ntyped stations siting p-\n"
        "stations locate 120.98 31.38\n"
    )
    done = subprocess.run(["bash", str(script)], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=600)
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["coverage-curve", "coverage-changes"]
    assert (lines[1].split(), lines[2].split()) == (["--service"], ["p-median", "p-center"])
    assert "320583" in done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("stations coverage-c", [("coverage-curve", "覆盖和服务齐全"), ("coverage-changes", "两个日期之间")]),
        ("stations coverage --no-s", [("--no-sample", "不含示例记录")]),
        ("stations coverage --he", [("--help", "显示本帮助")]),
        ("stations export stations --format c", [("csv", "")]),
        ("stations export cen", [("centres", "")]),
        ("stations covrage --as", []),
        ("stations export stations more --by", [("--by", "")]),
    ],
)
def test_what_is_offered_is_explained_in_the_terminals_language_and_nothing_is_an_error_yet(
    typed: str,
    offered: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" ")), COMPLETE_VARIABLE: "zsh_complete"}
    for name, value in {**asked, "LC_ALL": "zh_CN.UTF-8"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as end:
        main([])
    told = capsys.readouterr()
    lines = told.out.splitlines()  # of each: kind, text, help
    assert (end.value.code, told.err) == (0, "")
    assert lines[1::3] == [text for text, _ in offered]
    for explained, (_, meaning) in zip(lines[2::3], offered, strict=True):
        assert meaning in explained


def test_a_comma_does_not_end_the_help_that_fish_shows() -> None:
    assert 'string split --max 1 "," $completion' in completion_script("fish")
    assert 'string split "," $completion' not in completion_script("fish")


def test_the_queue_is_that_of_who_asks_masked_as_on_the_page(sample_url: str) -> None:
    province = answer(sample_url, "queue", "--by", "sample-province", "--limit", "1000")
    county = answer(sample_url, "queue", "--by", "sample-county", "--limit", "500")
    assert 0 < len(county["requests"]) < len(province["requests"]) == sum(province["counts"].values())
    assert {one["number"] for one in county["requests"]} < {one["number"] for one in province["requests"]}
    auditor = answer(sample_url, "queue", "--by", "sample-auditor", "--limit", "1000")
    clear = {one["number"]: one["steward"] for one in province["requests"]}
    assert any(one["steward"] for one in auditor["requests"])
    assert all("*" in one["steward"] for one in auditor["requests"] if clear[one["number"]])
    overdue = answer(sample_url, "queue", "--by", "sample-province", "--overdue", "--limit", "500")
    assert overdue["requests"] and all(one["overdue"] for one in overdue["requests"])
    every = answer(sample_url, "queue", "--by", "sample-steward-1", "--limit", "500")["requests"]
    mine = answer(sample_url, "queue", "--by", "sample-steward-1", "--mine", "--limit", "500")["requests"]
    assert {one["state"] for one in mine} <= STATIONS_TURN < {one["state"] for one in every}
    refused = run(sample_url, "queue", "--by", "sample-planner")
    assert (refused.returncode, refused.stdout) == (2, "")


@pytest.mark.parametrize(
    ("option", "named", "adcode"),
    [("--county", "昆山", "320583"), ("--city", "苏州市", "320500"), ("--county", "苏州", "320500")],
)
def test_the_queue_of_an_area_by_its_name(sample_url: str, option: str, named: str, adcode: str) -> None:
    by_code = "--city" if adcode.endswith("00") else "--county"
    by_name = answer(sample_url, "queue", "--by", "sample-province", option, named)
    assert by_name["requests"]
    assert by_name == answer(sample_url, "queue", "--by", "sample-province", by_code, adcode)


def test_the_queue_of_an_unknown_area_is_refused(sample_url: str) -> None:
    refused = run(sample_url, "queue", "--by", "sample-province", "--county", "昆仑")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "昆仑" in refused.stderr


def test_the_queue_turns_its_pages(sample_url: str) -> None:
    first = answer(sample_url, "queue", "--by", "sample-province", "--limit", "3")
    second = answer(sample_url, "queue", "--by", "sample-province", "--limit", "3", "--after", first["after"])
    both = answer(sample_url, "queue", "--by", "sample-province", "--limit", "6")
    assert first["requests"] + second["requests"] == both["requests"]
