"""Every command with any arguments, files and settings.

It ends with 0, 1 or 2; an error is one line in the user's language; a refused command has written nothing.
"""

from __future__ import annotations

import io
import sys
from contextlib import AbstractContextManager, chdir, nullcontext, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from tempfile import mkdtemp
from typing import Any
from unittest.mock import MagicMock, patch

import click
from hypothesis import strategies as st

from stations.commands.command_line import AllCommands, main
from stations.commands.listing import COMMANDS
from tests.conftest import CLOCK
from tests.fuzz.lists import STATION_HEADINGS, files
from tests.fuzz.target import Target, database, rows_of
from tests.fuzz.texts import ANY_TEXT

SLOW = {"siting": ("--k", "1")}
LASTING = {"deliver-notices": ("--once",)}
"""What a command must be told so that it ends."""
FILLED_ONCE = {"renew-samples": "stations.samples.renewal.add_sample_work"}
"""What a command does for half a minute, and in the same way whatever it was told: it is done once in a process."""
NOTED = frozenset({"job_run"})
"""What a refused command may write: that the job which it should have done has failed."""
_WORDS = """320583 320000 昆山市 苏州市 S-3201-001 qi_centres 2025-12-31 2026-10 2026 120.98 31.38 30 json csv table
xlsx wgs84 gcj02 en zh_CN stations centres accounts institutions pilots figures places words verify head list bash zsh
station county city province sample-province list.csv missing.csv out.bin no/such/folder/out.bin . /dev/null -1 0 1 60
email a@b.cn metrology.calibration 校准 昆山市前进西路1号 code name sqlite:///elsewhere.sqlite3 - --"""
WORDS = tuple(_WORDS.split())
_SETTINGS = """SAMPLE PROVINCE CLOCK LANG LC_ALL BACKUP_FOLDER BACKUP_KEYS SMTP_URL WEBHOOK_SECRET PUBLIC_URL
SECOND_FACTOR_KEY BACKUP_KEEP_DAYS"""
SETTINGS = tuple(_SETTINGS.split())


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="portal-fuzz-commands-"))


@cache
def _parameters(command: str) -> tuple[click.Parameter, ...]:
    found = AllCommands(name="all").get_command(None, command)  # type: ignore[arg-type]
    assert found is not None
    return tuple(found.params)


@st.composite
def calls(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a call: a command with most of its arguments and some options, each right or wrong, and a file beside it."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    word = st.one_of(st.sampled_from(WORDS), st.sampled_from(WORDS), ANY_TEXT.map(lambda text: text.replace("\0", "")))
    arguments: list[str] = []
    for parameter in _parameters(name):
        known = [str(one) for one in getattr(parameter.type, "words", ())]
        value = st.one_of(st.sampled_from(known), word) if known else word
        if isinstance(parameter, click.Option):
            if draw(st.integers(0, 4)) == 0:
                arguments.append(draw(st.sampled_from(parameter.opts)))
                if not parameter.is_flag:
                    arguments.append(draw(value))
        elif draw(st.integers(0, 9)):
            arguments.extend(draw(value) for _ in range(draw(st.integers(1, 2)) if parameter.nargs == -1 else 1))
    if draw(st.integers(0, 9)) == 0:
        arguments.append(draw(word))
    environment = draw(st.dictionaries(st.sampled_from(SETTINGS), word.filter(_may_be_set), max_size=1))
    return {
        "arguments": [name, *arguments, *LASTING.get(name, ()), *SLOW.get(name, ())],
        "typed": draw(ANY_TEXT),
        "file": draw(files(STATION_HEADINGS)),
        "environment": environment,
    }


def _may_be_set(value: str) -> bool:
    return "\0" not in value and value.isprintable()


_filled: dict[str, MagicMock] = {}


def _filled_once(command: str) -> AbstractContextManager[object]:
    """Let a command fill the database the first time only that it comes so far."""
    if command not in FILLED_ONCE:
        return nullcontext()
    if command in _filled and _filled[command].called:
        return patch(FILLED_ONCE[command])
    fill = resolve_name(FILLED_ONCE[command])
    _filled[command] = MagicMock(side_effect=fill)
    return patch(FILLED_ONCE[command], _filled[command])


def _check(call: dict[str, Any]) -> None:
    folder, engine = _folder(), database()
    (folder / "list.csv").write_bytes(call["file"])
    for left in folder.glob("elsewhere.sqlite3*"):
        left.unlink()
    before = rows_of(engine)
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    environment = {"LANG": "en_US.UTF-8", "CLOCK": CLOCK, **call["environment"], "DATABASE_URL": str(engine.url)}
    typed = patch.object(sys, "stdin", io.StringIO(call["typed"]))
    with chdir(folder), redirect_stdout(out), redirect_stderr(err), typed, _filled_once(call["arguments"][0]):
        try:
            code = main(call["arguments"], environment)
        except SystemExit as ended:
            code = int(ended.code or 0)
    told = err.getvalue()
    assert code in {0, 1, 2}, code
    assert "Traceback" not in told
    if code == 2:
        assert told.endswith("\n") and all(line.strip() for line in told.splitlines()), told
        after = rows_of(engine)
        changed = {name for name in after if after[name] != before[name]}
        assert changed <= NOTED, f"a refused command has written: {sorted(changed)}"


COMMAND_LINES = [Target("commands", calls(), _check, short=60)]
