"""The commands whose answers are compared before and after a change: every command, in its ways of being asked.

A case that writes runs on a database of its own. ``{figures}``, ``{places}``, ``{stations}``, ``{wrong}`` and
``{out}`` stand for files made beside the databases.
"""

from __future__ import annotations

from dataclasses import dataclass

FILES = {
    "figures": "区县,数值\n昆山市,120\n320106,1005\n",
    "places": "名称,经度,纬度,成本\n示例园区,120.98,31.39,30\n",
    "stations": "名称,区县,地址,经度,纬度,电话,开业日期\n昆山一站,昆山市,前进路1号,120.98,31.39,0512-57300000,2025-03\n"
    "无名站,没有县,某路,120.9,31.3,,2025-13-01\n",
    "wrong": "区县,数值\n昆山市,x\n没有市,1\n",
}
"""The lists that are imported: name → text."""


@dataclass(frozen=True)
class Case:
    """One run of a command. ``typed``: what is typed on standard input; ``writes``: it needs its own database;
    ``first``: a command run before it, on the same database."""

    arguments: tuple[str, ...]
    typed: str = ""
    writes: bool = False
    first: Case | None = None

    @property
    def name(self) -> str:
        """The command as it is typed."""
        typed = f" < {self.typed.strip()}" if self.typed else ""
        return " ".join(self.arguments) + typed


def _reading(*lines: str) -> list[Case]:
    return [Case(tuple(line.split())) for line in lines]


def _writing(*lines: str, typed: str = "", first: Case | None = None) -> list[Case]:
    return [Case(tuple(line.split()), typed, writes=True, first=first) for line in lines]


DAY, YEAR_BEFORE = "2026-11-24", "2025-12-31"
FIGURE = "--code firms-2025 --name 规上企业 --unit 家 --year 2025 --source 测试公报"
LATER_TARGET = (
    "add-target 新建中心 --required 20 --from 2026-01-01 --until 2030-12-31 "
    "--source 测试 --clause （一） --quote 新建20个"
)
ADD_LI = "add-user li --name 李某 --role province --area 320000"
PASSWORD = "long enough to be safe\n"
LI = Case(tuple(ADD_LI.split()), PASSWORD)

CASES: list[Case] = [
    *_reading(
        "coverage",
        f"coverage --as-of {YEAR_BEFORE}",
        f"coverage --as-of {DAY} --no-sample",
        f"--no-sample coverage --as-of {DAY}",
        "coverage --as-of 2024-01-01",
        "coverage --as-of 2025-13-01",
        f"county 320583 --as-of {DAY}",
        "county 320999",
        f"coverage-curve --from 2025-01-01 --to {DAY}",
        "coverage-curve --from 2026-11-01 --to 2026-11-24 --step day",
        "coverage-curve --step year",
        "coverage-changes 2025-12-31 2026-11-24",
        "coverage-changes 2026-11-24 2025-12-31",
        "coverage-changes 2026-11-24",
        f"coverage-risk --as-of {DAY}",
        "coverage-risk --as-of 2025-06-01 --no-sample",
        f"coverage-reach --as-of {DAY}",
        "alerts --by sample-province --all",
        "alert-contact",
        "alert-rules",
        "alert-rules none --days 3",
        f"targets --as-of {DAY}",
        "targets --as-of 2023-12-31 --no-sample",
        f"target qi_centres --as-of {DAY}",
        "target qi_centres --as-of 2023-12-31",
        f"target station_coverage --as-of {DAY}",
        f"target agri_pilots --as-of {DAY} --no-sample",
        "target none_such",
        f"chains --as-of {DAY}",
        f"chains --as-of {DAY} --no-sample",
        f"chain electric_vehicles --as-of {DAY}",
        f"centre-reach --within 50 --as-of {DAY}",
        "figures",
        "accounts --by sample-province",
        "scenarios --by sample-province",
        "locate 118.7790 32.0600",
        "locate 118.78425 32.0579 --crs gcj02",
        "locate 121.47 31.23",
        "locate -73.98 40.75",
        "locate 200 32",
        "locate 120",
        "locate east 32",
        "locate 120 32 --crs wgs72",
        "address 江苏省昆山市花桥镇",
        "address 鼓楼区",
        "address nowhere at all",
        f"nearest 120.98 31.38 --as-of {DAY}",
        f"nearest 120.984345 31.377964 --crs gcj02 --k 7 --as-of {DAY}",
        f"nearest 120.98 31.38 --service metrology.calibration --k 3 --as-of {DAY}",
        "nearest 120 32 --k 0",
        "nearest 120 32 --service metrology.x",
        f"stations --as-of {DAY}",
        "stations --as-of 2025-01-01 --no-sample",
        f"centres --as-of {DAY}",
        "centres --as-of 2024-01-01 --no-sample",
        "services",
        "services 校准",
        "services 计量 校准",
        "services no such thing xyz",
        f"siting p-median --p 2 --as-of {DAY}",
        f"siting mclp --p 3 --within 40 --weights population --keep-existing --as-of {DAY}",
        f"siting lscp --within 60 --point 120.98,31.38 --as-of {DAY}",
        f"siting p-center --p 4 --no-counties --places --as-of {DAY}",
        "siting nonsense --p 2",
        f"reach --as-of {DAY}",
        f"reach --weights equal --service metrology.calibration --catchment 20 --as-of {DAY}",
        f"reach --centre-kind none --as-of {DAY}",
        "proposals --by sample-province",
        "doubles station --by sample-province",
        "doubles centre --by sample-county --limit 3",
        "export stations",
        "export stations --by sample-province",
        "export stations --by sample-county",
        "queue --by sample-province",
        "queue --by sample-county --overdue --limit 5",
        "queue --by sample-province --city 320500 --state submitted --state accepted",
        "queue --by sample-auditor --figure answered_in_time --period 2026-10",
        "queue --by sample-planner",
        "queue",
        "evaluation --period 2026-10",
        "evaluation --period 2026-Q3 --level county",
        "evaluation --period 2026 --level city --no-sample",
        "evaluation --period 2026 --level city --unit 320500",
        "evaluation --period 2026 --level city --unit 320500 --unit 320100",
        "visits --by sample-province --period 2026-Q3",
        "evaluation --period October",
        "evaluation --period 2026 --level town",
        "evaluation",
        "audit head",
        "audit verify",
        "audit verify --head 12",
        "audit list --limit 5",
        "audit list --action add_user --since 2020-01-01",
        "audit list --since 2026-12-02 --until 2026-12-01",
        "audit mend",
        "covrage",
        "",
        "coverage --format xml",
        "coverage --lang fr",
        "import gold {figures}",
        "import figures nowhere.csv",
    ),
    *_writing(
        "setup",
        f"check-coverage --on {DAY}",
        "check-coverage --on 2026-06-30 --no-sample",
        "alert-contact 320500 email office@example.org",
        "alert-contact 320500 email",
        "alert-contact 320500 pigeon office@example.org",
        "alert-rules ending-60 --days 45 --off",
        "alert-rules uncovered-30 --on",
        f"coverage-map --as-of {DAY} --out {{out}}",
        "bulletin 2026-10 --out {out} --issuer 测试局",
        "bulletin 2026-13 --out {out}",
        "change-rule qi_centres in_being --reason 口径调整 --by sample-city",
        "change-rule qi_centres in_being --reason 口径调整",
        f"import figures {{figures}} {FIGURE}",
        f"import figures {{figures}} {FIGURE} --dry-run",
        f"import figures {{wrong}} {FIGURE}",
        "import figures {figures} --crs gcj02",
        "import places {places} --source 测试名录 --crs gcj02",
        "import places {places} --source 测试名录 --by sample-planner",
        "import stations {stations} --dry-run",
        "import stations {stations} --doubtful --source 测试名录",
        "import stations {stations} --by sample-city --report {out}",
        "deliver-notices --once",
        f"send-reminders --on {DAY}",
        "escalate --now 2026-11-23T09:00",
        "escalate --now soon",
        "issue-code nobody",
        "reset-second-factor nobody",
    ),
    *_writing(
        "change-rule qi_centres in_being --reason 口径调整 --by li",
        "change-rule qi_centres nonsense --reason 口径调整 --by li",
        f"{LATER_TARGET} --subject centre --by li",
        f"{LATER_TARGET} --subject centre --level galactic --by li",
        f"import figures {{figures}} {FIGURE} --by li",
        "audit head",
        "audit verify",
        "audit list",
        "audit list --action add_user --since 2020-01-01 --until 2030-01-01 --limit 1",
        "audit list --subject li",
        ADD_LI,
        first=LI,
    ),
    *_writing(ADD_LI, ADD_LI.replace("province", "king"), typed=PASSWORD),
    *_writing(ADD_LI, typed="short\n"),
]
