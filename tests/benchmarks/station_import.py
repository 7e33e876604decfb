"""How long an import of 50,000 stations takes beside openpyxl's mere reading: ``make bench``.

A workbook with 50,000 rows of 15 columns is made; openpyxl reads it as it reads any sheet
(``read_only``, values only); then the list is read, compared with the registry and written, on a SQLite
file of its own. Told are both times (of the processor, so that a busy machine does not blur
them), their ratio (at most 4 is wanted) and the peak of memory of the
process that imports (below 500 MB is wanted), once for new stations and once for the same list again.
"""

from __future__ import annotations

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
from stations.access.roles import Actor, AreaKind, Responsibility, Role
from stations.database import open_engine, transaction
from stations.setup import set_up
from stations.station_import.importing import apply_import, plan_import, read_list
from stations.station_import.plan import ImportOptions

ROWS = 50_000
MOST_TIMES, MOST_MB = 4.0, 500
HEADINGS = ("登记编号", "站点名称", "品牌", "设区市", "县(市、区)", "详细地址", "经度", "纬度", "坐标系", "联系电话")
HEADINGS += ("服务时间", "服务项目", "产业链", "状态", "启用日期")
SERVICES = ("校准", "强制检定", "产品质量检验检测", "标准查询与文本", "质量管理体系认证", "商标注册与培育")
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
OPERATOR = Actor("bench", "bench", False, (Responsibility(Role.PROVINCE, AreaKind.PROVINCE, "320000"),))


def make_workbook(path: Path, rows: int = ROWS) -> None:
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
                f"0512-{5_000_0000 + number}",
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


def main() -> int:
    """Measure both, each import in a process of its own; 1 where the wanted is missed."""
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        make_workbook(path)
        bare = min(read_by_openpyxl(path) for _ in range(2))
        print(f"openpyxl reads {ROWS} rows of {len(HEADINGS)} columns in {bare:.2f} s")
        for what in ("new", "again"):
            command = [sys.executable, "-m", "tests.benchmarks.station_import", str(path), f"{folder}/p.sqlite3"]
            told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(" ", 2)
            times, peak = float(told[0]) / bare, float(told[1])
            missed |= times > MOST_TIMES or peak > MOST_MB
            print(f"import, {what}: {told[0]} s = {times:.2f} times that, at most {peak:.0f} MB ({told[2].strip()})")
    return int(missed)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        import_it(Path(sys.argv[1]), Path(sys.argv[2]))
    else:
        sys.exit(main())
