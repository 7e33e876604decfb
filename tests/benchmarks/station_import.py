"""How long an import of 50,000 stations takes beside openpyxl's mere reading: ``make bench``.

A workbook with 50,000 rows of 15 columns is made; openpyxl reads it as it reads any sheet
(``read_only``, values only); then the list is read, compared with the registry and written, on a SQLite
file of its own: once as new stations, once the same again, once with another telephone in each row. Each
of the three is asked of the command line too, as a preview in JSON, and measured as a whole process, its
start included.

Told are the times (of the processor, so that a busy machine does not blur them), how many times openpyxl's
own that is (at most 1.5 is wanted), the peak of memory (300 MB at most is wanted), and whether both limits hold.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

from geo.counties import county_layer
from stations.database import open_engine, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.imports.importing import apply_import, plan_import, read_list
from stations.imports.plan import ImportOptions
from stations.loading.setup import set_up
from tests.benchmarks.measured import Measured, keep

ROWS = 50_000
MOST_TIMES, MOST_MB = 1.5, 300
HEADINGS = ("登记编号", "站点名称", "品牌", "设区市", "县(市、区)", "详细地址", "经度", "纬度", "坐标系", "联系电话")
HEADINGS += ("服务时间", "服务项目", "产业链", "状态", "启用日期")
SERVICES = ("校准", "强制检定", "产品质量检验检测", "标准查询与文本", "质量管理体系认证", "商标注册与培育")
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
OPERATOR = Actor("bench", "bench", False, (Responsibility(Role.PROVINCE, AreaKind.PROVINCE, "320000"),))


FIRST_LINE, OTHER_LINE = 5_000_0000, 6_000_0000
"""Telephones from here on, one for each row."""


def make_workbook(path: Path, lines: int = FIRST_LINE, rows: int = ROWS) -> None:
    """A list of so many stations, each in its county, with names and telephones of their own."""
    chance = random.Random(49)
    counties = county_layer().counties
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("质量小站")
    sheet.append(["全省质量小站名单"])
    sheet.append(HEADINGS)
    for number in range(rows):
        county = counties[number % len(counties)]
        while True:
            lon, lat = county.lon + chance.gauss(0, 0.1), county.lat + chance.gauss(0, 0.1)
            if (found := county_layer().locate(lon, lat)) and found.adcode == county.adcode:
                break
        name = "".join(chr(chance.randrange(0x4E00, 0x9FA5)) for _ in range(4))
        sheet.append(
            [
                f"X-{number:06d}",
                f"{county.name}{name}质量小站",
                "质量小站",
                county.city,
                county.name,
                f"{county.name}{name}路{number % 300}号",
                round(lon, 6),
                round(lat, 6),
                "WGS84",
                f"0512-{lines + number}",
                "周一至周五 9:00-17:00",
                "、".join(chance.sample(SERVICES, 3)),
                "新能源汽车" if number % 3 else None,
                "正常",
                f"{2021 + number % 5}年{1 + number % 12}月",
            ]
        )
    book.save(path)


def read_by_openpyxl(path: Path) -> float:
    """Seconds of processor time that openpyxl takes to read the sheet."""
    began = time.process_time()
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        pass
    return time.process_time() - began


def import_it(path: Path, database: Path) -> None:
    """Import the list and tell how long each step took and what memory it had at its peak."""
    engine = open_engine(f"sqlite:///{database}")
    set_up(engine, samples=False, now=NOW)
    began = time.process_time()
    sheet = read_list(path.read_bytes())
    read = time.process_time() - began
    with transaction(engine) as session:
        plan = plan_import(session, OPERATOR, sheet, ImportOptions(file=path.name), now=NOW)
        planned = time.process_time() - began
        if plan.to_apply(doubtful=True):
            apply_import(session, OPERATOR, plan, doubtful=True, now=NOW)
    whole = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = ", ".join(f"{count} {outcome}" for outcome, count in plan.counts.items() if count)
    print(f"{whole:.2f} {peak:.0f} read {read:.2f} s, compared {planned - read:.2f} s: {counts}")


def preview_it(path: Path, database: Path) -> tuple[float, float]:
    """Processor seconds and megabytes of memory at its peak that the command line needs for a preview."""
    command = [sys.executable, "-m", "stations", "import", "stations", str(path), "--dry-run", "--format", "json"]
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{database}", "SAMPLE": "0"}
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen(command, env=environment, stdout=nowhere, stderr=nowhere)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measured(what: str, seconds: float, bare: float, peak: float, told: str = "") -> list[Measured]:
    """Tell one measurement, and return its time and its memory."""
    print(f"{what:<28}{seconds:6.2f} s = {seconds / bare:.2f} times, {peak:.0f} MB{told}", flush=True)
    case = f"{what}, {ROWS:,} rows"
    return [
        Measured(case, "openpyxl's reading", seconds, bare, MOST_TIMES),
        Measured(f"{case}: memory, MB", "", peak, None, MOST_MB),
    ]


def main() -> int:
    """Measure all, each in a process of its own; 1 where a limit is missed."""
    cases: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder:
        lists = {"new": Path(folder) / "list.xlsx", "changed": Path(folder) / "changed.xlsx"}
        make_workbook(lists["new"])
        make_workbook(lists["changed"], OTHER_LINE)
        bare = min(read_by_openpyxl(lists["new"]) for _ in range(2))
        print(f"openpyxl reads {ROWS} rows of {len(HEADINGS)} columns in {bare:.2f} s", flush=True)
        database = Path(folder) / "portal.sqlite3"
        set_up(open_engine(f"sqlite:///{database}"), samples=False, now=NOW)
        for what in ("new", "again", "changed"):
            path = lists.get(what, lists["new"])
            seconds, peak = preview_it(path, database)
            cases += measured(f"preview in JSON, {what}", seconds, bare, peak)
            command = [sys.executable, "-m", "tests.benchmarks.station_import", str(path), str(database)]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(" ", 2)
            cases += measured(f"import, {what}", float(told[0]), bare, float(told[1]), f" ({told[2].strip()})")
    return int(not keep(cases))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        import_it(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        sys.exit(main())
