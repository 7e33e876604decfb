"""Compare what every command answers in two checkouts, on one sample network made on one day.

``python -m tests.tools.compare_command_json BEFORE AFTER`` prints, for each command, the exit code and the
values of its JSON that were lost or changed, then those that were added. With ``--tables`` the table and the CSV
are compared too, with ``--lang en`` the answers in English. Exit code 1: something was lost or changed.
Needs ``faketime``.
"""

from __future__ import annotations

import argparse
import difflib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.tools.command_cases import CASES, FILES

MOMENT = "2026-11-24 01:00:00"  # UTC; the clock stands still there
RUNNER = Path(__file__).with_name("run_commands.py")


def main() -> int:
    """Compare two checkouts; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--tables", action="store_true", help="compare tables and CSV too")
    parser.add_argument("--lang", default="zh_CN")
    parser.add_argument("--only", default="", metavar="COMMAND", help="commands whose line begins so")
    parser.add_argument("--added", action="store_true", help="list what was added or reworded too")
    options = parser.parse_args()
    forms = ("json", "table", "csv") if options.tables else ("json",)
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        made = room / "made.sqlite3"
        environment = {"LANG": f"{options.lang}.UTF-8"}
        setup = {"arguments": ["setup"], "typed": "", "environment": environment | {"DATABASE_URL": url(made)}}
        _run(options.before, [setup])
        outcomes = [
            run_all(checkout, made, room, forms, environment, options.only)
            for checkout in (options.before, options.after)
        ]
    lost = added = 0
    for (name, form), before in outcomes[0].items():
        after = outcomes[1][name, form]
        worse, more = compare(before, after, form)
        lost, added = lost + len(worse), added + len(more)
        if worse or (more and options.added):
            print(f"\n{name}  [{form}]")
        for line in worse:
            print(f"  {line}")
        for line in more if options.added else ():
            print(f"  {line}")
    print(f"\n{len(outcomes[0])} answers compared: {lost} lost or changed, {added} added or reworded")
    return 1 if lost else 0


def url(path: Path) -> str:
    """The address of a database of SQLite."""
    return f"sqlite:///{path}"


def run_all(
    checkout: Path, made: Path, room: Path, forms: tuple[str, ...], environment: dict[str, str], only: str
) -> dict[tuple[str, str], dict[str, Any]]:
    """Every case in one checkout, on copies of the database ``made``, brought up to its schema: by name and form."""
    up_to_date = room / "upgraded.sqlite3"
    shutil.copyfile(made, up_to_date)
    setup = {"arguments": ["setup"], "typed": "", "environment": environment | {"DATABASE_URL": url(up_to_date)}}
    _run(checkout, [setup])
    files = {name: str(room / f"{name}.csv") for name in FILES} | {"out": str(room / "written")}
    for name, text in FILES.items():
        Path(files[name]).write_text(text, encoding="utf-8")
    runs: dict[tuple[str, str], dict[str, Any]] = {}
    first: list[dict[str, Any]] = []
    for case in CASES:
        if not case.name.startswith(only):
            continue
        for form in forms:
            database = up_to_date
            if case.writes:
                database = room / f"case{len(runs)}.sqlite3"
                shutil.copyfile(up_to_date, database)
                if case.first:
                    begin = {"arguments": [*case.first.arguments], "typed": case.first.typed}
                    first.append(begin | {"environment": environment | {"DATABASE_URL": url(database)}})
            arguments = [word.format(**files) for word in case.arguments]
            runs[case.name or "(nothing)", form] = {
                "arguments": [*arguments, *(() if "--format" in arguments or not arguments else ("--format", form))],
                "typed": case.typed,
                "environment": environment | {"DATABASE_URL": url(database)},
            }
    return dict(zip(runs, _run(checkout, [*first, *runs.values()])[len(first) :], strict=True))


def _run(checkout: Path, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["faketime", "--exclude-monotonic", "-f", MOMENT, sys.executable, str(RUNNER)],
        cwd=checkout,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "TZ": "UTC", "PYTHONPATH": str(checkout), "LANG": "C.UTF-8"},
    )
    if done.returncode:
        raise SystemExit(f"{checkout}: {done.stderr}")
    return json.loads(done.stdout)


def compare(before: dict[str, Any], after: dict[str, Any], form: str) -> tuple[list[str], list[str]]:
    """What was lost or changed from one outcome to the other, and what was added: lines for people."""
    worse = [] if before["code"] == after["code"] else [f"exit code {before['code']} → {after['code']}: {after['err']}"]
    if before["code"] == 2:
        reworded = before["err"] != after["err"] and before["code"] == after["code"]
        return worse, [f"message {before['err'].strip()} → {after['err'].strip()}"] if reworded else []
    if form != "json":
        lines = difflib.unified_diff(before["out"].splitlines(), after["out"].splitlines(), lineterm="", n=0)
        return worse + [line for line in lines if not line.startswith(("---", "+++", "@@"))], []
    more: list[str] = []
    if before["out"] or after["out"]:
        try:
            pair = [json.loads(one["out"] or "null") for one in (before, after)]
        except ValueError:
            return [*worse, f"no JSON: {after['out'][:200]} {after['err'][:200]}"], []
        for line, is_addition in differences(*pair):
            (more if is_addition else worse).append(line)
    return worse, more


def differences(before: Any, after: Any, at: str = "") -> Iterator[tuple[str, bool]]:
    """Each difference of two JSON values as a line, and whether it only adds a key."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before:
            if key not in after:
                yield f"lost {at}.{key}", False
            else:
                yield from differences(before[key], after[key], f"{at}.{key}")
        for key in after:
            if key not in before:
                yield f"added {at}.{key}", True
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            yield f"changed {at}: {len(before)} → {len(after)} items", False
        seen = set()
        for index, (one, other) in enumerate(zip(before, after, strict=False)):
            for line, is_addition in differences(one, other, f"{at}[{index}]"):
                plain = line.replace(f"{at}[{index}]", f"{at}[]", 1)
                if not is_addition or plain not in seen:
                    yield (plain if is_addition else line), is_addition
                seen.add(plain)
    elif before != after or type(before) is not type(after):
        yield f"changed {at}: {before!r} → {after!r}", False


if __name__ == "__main__":
    sys.exit(main())
