"""``python -m tests.benchmarks.pages``: pages with 100,000 stations, beside the same with the sample network.

Both have the province's own counties; the stations are those of ``tests.benchmarks.national_network``, dealt to them.
Two servers run at once, and a client that speaks Streamlit's protocol opens a page of the one and of the other in turn.
A page is measured by the least processor time that its server takes for a run, after one that is not counted.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sqlalchemy import select

from stations.database import open_engine, reading
from stations.loading.setup import set_up
from stations.places.counties import County
from tests.benchmarks.measured import Measured, keep
from tests.benchmarks.national_network import add_stations
from tests.benchmarks.page_server import Pages, served
from tests.conftest import NOW
from tests.portal.page_client import browser_of, open_page

STATIONS, RUNS, TWICE, SEED = 100_000, 3, 2.0, 320000
LOADED_S, PATIENCE_S = 20, 120
PAGES = {
    "home": "", "find": "lon=118.79&lat=32.05", "services": "", "coverage": "", "coverage_history": "",
    "county": "adcode={county}", "station": "code={station}", "centres": "", "chains": "", "targets": "",
    "reach": "", "siting": "", "track": "", "request": "",
}  # fmt: skip
"""Their addresses: what everybody sees."""


def seconds_of(pages: Pages, page: str, query: str) -> float:
    """Return the processor time of a run of a page."""
    name = "" if page == "home" else page
    with open_page(f"http://127.0.0.1:{pages.port}", browser_of("zh_CN"), name, query, patience=PATIENCE_S) as opened:
        began = pages.processor_seconds()
        opened.run()
        return pages.processor_seconds() - began


def measure(folder: Path) -> Iterator[Measured]:
    """Measure page by page."""
    environments = []
    for name in ("sample", "large"):
        engine = open_engine(f"sqlite:///{folder / name}.sqlite3")
        set_up(engine, samples=True, now=NOW)
        if name == "large":
            add_stations(engine, STATIONS, np.random.default_rng(SEED))
        with reading(engine) as session:
            county = session.scalars(select(County.adcode).order_by(County.adcode)).first()
        engine.dispose()
        environments.append({"DATABASE_URL": f"sqlite:///{folder / name}.sqlite3", "SAMPLE": "1"})
    with served(environments[0]) as small, served(environments[1]) as large:
        time.sleep(LOADED_S)
        for page, address in PAGES.items():
            query = address.format(county=county, station="S-3201-001")
            taken: dict[int, list[float]] = {small.port: [], large.port: []}
            for _ in range(RUNS + 1):
                for pages in (small, large):
                    taken[pages.port].append(seconds_of(pages, page, query))
            least = {port: max(0.01, min(runs[1:])) for port, runs in taken.items()}
            case = f"the page {page}, {STATIONS:,} stations"
            yield Measured(case, "the sample network", least[large.port], least[small.port], TWICE)


def main() -> bool:
    """Measure, and return whether all reaches are met."""
    with tempfile.TemporaryDirectory() as folder:
        return keep(measure(Path(folder)))


if __name__ == "__main__":
    sys.exit(not main())
