"""The clock of an installation is set by ``CLOCK``, and is read in one place only."""

from __future__ import annotations

import ast
import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from stations import clock
from stations.clock import installation_clock, read_clock
from stations.errors import InvalidInput
from stations.language import Language
from tests.conftest import NOW
from tests.test_rooms import ROOT, SOURCES, name_of

THE_CLOCK = ROOT / "stations/clock.py"
# Modules that may read the clock instead of getting the time as an argument: entry points, and a migration.
MAY_ASK = (
    "portal/",
    "stations/commands/command_line.py",
    "stations/migrations/versions/0005_target_rules_and_chain_list.py",
)

READS_TIME = {
    "datetime": {"now", "today", "utcnow"},
    "date": {"today"},
    "time": {"time", "time_ns", "clock_gettime", "clock_gettime_ns"},
    "Timestamp": {"now", "today", "utcnow"},
    "func": {"now", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "sysdate"},
    "utils": {"localtime"},
    "uuid": {"uuid1", "uuid6", "uuid7"},
}
# Calls that read the machine's time if they get no argument.
NEEDS_ARGUMENT = {
    "time": {"localtime": 1, "gmtime": 1, "ctime": 1, "asctime": 1, "strftime": 2},
    "utils": {"formatdate": 1},
}
IN_SQL = re.compile(r"\b(CURRENT_(TIMESTAMP|DATE|TIME)|LOCALTIMESTAMP|now\(\)|datetime\('now|sysdate)", re.IGNORECASE)
IN_BROWSER = re.compile(r"\bDate\.now\b|\bnew Date\(\s*\)")


def _docstrings(tree: ast.AST) -> set[int]:
    """Return the ids of the constants that are docstrings."""
    return {
        id(statement.value)
        for statement in ast.walk(tree)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    }


def reads_of_time(source: str) -> list[str]:
    """Return the expressions of a Python module's source that read the machine's time, as ``line: expression``."""
    tree = ast.parse(source)
    true_names: dict[str, tuple[str, str | None]] = {}  # local name → (module or class, name in it)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                true_names[alias.asname or alias.name.split(".")[0]] = (alias.name.rsplit(".", 1)[-1], None)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                true_names[alias.asname or alias.name] = (node.module.rsplit(".", 1)[-1], alias.name)
    found = []

    def named(node: ast.expr) -> tuple[str, str] | None:
        """Return the owner and the name of an attribute or an imported name."""
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name):
                module, inner = true_names.get(node.value.id, (node.value.id, None))
                return inner or module, node.attr
            if isinstance(node.value, ast.Attribute):
                return node.value.attr, node.attr
        elif isinstance(node, ast.Name) and node.id in true_names:
            module, inner = true_names[node.id]
            return (module, inner) if inner else None
        return None

    docstrings = _docstrings(tree)
    for node in ast.walk(tree):
        reads = False
        if isinstance(node, ast.Attribute | ast.Name):
            module, name = named(node) or ("", "")
            reads = name in READS_TIME.get(module, ())
        elif isinstance(node, ast.Call):
            module, name = named(node.func) or ("", "")
            reads = len(node.args) + len(node.keywords) < NEEDS_ARGUMENT.get(module, {}).get(name, 0)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            reads = IN_SQL.search(node.value) is not None
        if reads:
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def date_fields_without_bounds(source: str) -> list[int]:
    """Return the lines of Streamlit's date fields whose bounds or first value come from the machine's date."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "date_input":
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            day = node.args[1] if len(node.args) > 1 else given.get("value")
            # A plain name may be None; an expression is a day.
            known_day = isinstance(day, ast.Attribute | ast.Call)
            if not (known_day or {"min_value", "max_value"} <= given.keys()):
                found.append(node.lineno)
    return found


def asks_the_clock(source: str) -> bool:
    """Whether a Python module imports a clock reader, not only the type of a clock."""
    return any(
        isinstance(node, ast.ImportFrom)
        and (
            (node.module == "stations" and any(alias.name == "clock" for alias in node.names))
            or (node.module == "stations.clock" and any(alias.name != "Clock" for alias in node.names))
        )
        or isinstance(node, ast.Import)
        and any(alias.name == "stations.clock" for alias in node.names)
        for node in ast.walk(ast.parse(source))
    )


def test_only_the_clock_reads_the_machines_time() -> None:
    found = {name_of(path): reads_of_time(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert {name: reads for name, reads in found.items() if reads}.keys() == {name_of(THE_CLOCK)}, found


def test_no_test_mixes_its_day_with_the_machines() -> None:
    by_hand = ("benchmarks", "failover", "tools")
    tests = [path for path in (ROOT / "tests").rglob("*.py") if path.relative_to(ROOT).parts[1] not in by_hand]
    found = {name_of(path): reads_of_time(path.read_text(encoding="utf-8")) for path in tests}
    reading = {name for name, reads in found.items() if reads}
    # The first file tests the machine's time; in the second a receiver's library compares with it.
    assert reading == {"tests/test_clock.py", "tests/stations/notices/test_outbox_delivery.py"}, found


def test_only_the_entrances_ask_the_clock() -> None:
    asking = [name_of(path) for path in SOURCES if asks_the_clock(path.read_text(encoding="utf-8"))]
    assert [name for name in asking if not name.startswith(MAY_ASK)] == []
    assert "portal/visit.py" in asking


def test_no_date_field_counts_from_the_machines_day() -> None:
    found = {name_of(path): date_fields_without_bounds(path.read_text(encoding="utf-8")) for path in SOURCES}
    assert {name: lines for name, lines in found.items() if lines} == {}
    for field in (
        "st.date_input('Day')",
        "left.date_input('Day', 'today', min_value=first)",
        "st.date_input('Day', value=None, max_value=today)",
        "st.date_input('Day', value=day, max_value=today)",
    ):
        assert date_fields_without_bounds(field) == [1]
    for field in (
        "st.date_input('Day', present.today)",
        "st.date_input('Day', key='k', min_value=first, max_value=last)",
    ):
        assert date_fields_without_bounds(field) == []


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime, UTC\ndatetime.now(UTC)",
        "from datetime import datetime as moment\nmoment.utcnow()",
        "import datetime as dt\ndt.datetime.now()",
        "import datetime\nclass A:\n    day: object = field(default_factory=datetime.date.today)",
        "from datetime import date\ndef f(day=date.today()): ...",
        "import time\ntime.time()",
        "from time import time_ns as stamp\nstamp()",
        "import time\ntime.strftime('%Y')",
        "import time\ntime.localtime()",
        "import pandas as pd\npd.Timestamp.now()",
        "from sqlalchemy import func\nfunc.now()",
        "import sqlalchemy as sa\nsa.Column('at', server_default=sa.func.current_timestamp())",
        "import sqlalchemy as sa\nsa.text('SELECT current_date')",
        "from email.utils import formatdate\nformatdate()",
        "import email.utils\nemail.utils.formatdate()",
        "from uuid import uuid1\nuuid1()",
    ],
)
def test_a_reading_of_the_time_would_be_noticed(source: str) -> None:
    assert reads_of_time(source)


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.monotonic()",
        "present = visit()\npresent.today, present.now, question.now",
        "from email.utils import formatdate\nformatdate(now.timestamp())",
        "import time\ntime.strftime('%Y', moment)",
        "from stations import clock\nclock.now()",
        "def f():\n    'Like now() or CURRENT_DATE in SQL.'",
        "from datetime import datetime\ndatetime.fromisoformat('2026-11-24')",
    ],
)
def test_being_handed_the_time_is_no_reading(source: str) -> None:
    assert not reads_of_time(source)


def test_asking_the_clock_would_be_noticed() -> None:
    for source in ("from stations import clock", "from stations.clock import Clock, now", "import stations.clock"):
        assert asks_the_clock(source)
    assert not asks_the_clock("from stations.clock import Clock")


def test_no_script_of_ours_reads_the_browsers_time() -> None:
    ours = [path for path in (ROOT / "portal").rglob("*") if path.suffix in {".js", ".html"}]
    assert ours
    assert [path.name for path in ours if IN_BROWSER.search(path.read_text(encoding="utf-8"))] == []
    assert IN_BROWSER.search("new Date( )") and IN_BROWSER.search("Date.now()")


def test_without_the_setting_it_is_the_machines_time() -> None:
    before = datetime.now(UTC)
    shown = read_clock({}).now()
    assert before <= shown <= datetime.now(UTC)
    assert read_clock({"CLOCK": " "}).set_to is None


def test_a_clock_that_is_set_starts_there_and_runs_on() -> None:
    set_by_hand = read_clock({"CLOCK": "2028-02-29T23:59:59.990+08:00"})
    first = set_by_hand.now()
    assert timedelta(0) <= first - datetime.fromisoformat("2028-02-29T23:59:59.990+08:00") < timedelta(seconds=5)
    assert first.tzinfo is UTC
    time.sleep(0.02)
    assert set_by_hand.now() - first >= timedelta(seconds=0.02)


@pytest.mark.parametrize("value", ["tomorrow", "2026-11-24", "2026-11-24T10:00", "10:00+08:00", "2026-02-29T10:00Z"])
def test_a_wrong_setting_is_told_in_both_languages(value: str) -> None:
    with pytest.raises(InvalidInput, match=f"CLOCK is “{re.escape(value)}”; set it to") as refused:
        read_clock({"CLOCK": value})
    assert refused.value.field == "CLOCK"
    told = Language("zh_CN").translate(refused.value.message, **refused.value.params)
    assert told.startswith(f"CLOCK 现为“{value}”") and "2026-11-24T10:00+08:00" in told


def test_the_tests_live_on_their_own_day() -> None:
    assert installation_clock().set_to == NOW
    assert timedelta(0) <= clock.now() - NOW < timedelta(hours=12)
