"""A new job needs one new file: a copy of the product with nothing else added runs it with the others."""

from __future__ import annotations

from pathlib import Path

from stations.jobs.table import JOBS
from tests.product_copy import ProductCopy

NEW_JOB = '''
"""The job that writes down that it has run."""

from datetime import timedelta
from pathlib import Path

from stations.jobs.job import Job, Switch, Turn


def write(turn: Turn) -> None:
    Path(turn.environment["LEFT_BEHIND"]).write_text(turn.on.isoformat())


JOB = Job("paper round", timedelta(hours=1), Switch("PAPER_ROUND", "PAPER_ROUND is {value}"), write)
'''

SERVE_FOR_A_MOMENT = """
import asyncio, os, pathlib
from portal.background_work import jobs_here, lifespan

async def serve():
    async with lifespan(None):
        for _ in range(600):
            if pathlib.Path(os.environ["LEFT_BEHIND"]).exists():
                break
            await asyncio.sleep(0.1)

asyncio.run(serve())
print(", ".join(job.name for job in jobs_here()))
"""


def test_a_job_in_one_new_file_is_run_by_the_portal_and_switched_by_its_setting(tmp_path: Path) -> None:
    product = ProductCopy(tmp_path / "product")
    product.add("stations/jobs/paper_round.py", NEW_JOB)
    environment = {
        "LEFT_BEHIND": str(tmp_path / "left_behind"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "BACK_UP": "0",
        "CHECK_COVERAGE": "0",
        "ERASE": "0",
        "ESCALATE": "0",
        "DELIVER_NOTICES": "0",
        "CHECK_AUDIT": "0",
        "WATCH": "0",
    }
    names = product.run("-c", SERVE_FOR_A_MOMENT, **environment)
    assert names == "paper round\n"
    assert (tmp_path / "left_behind").exists()
    names = product.run("-c", "from portal.background_work import *; print(len(jobs_here()))", PAPER_ROUND="0")
    assert names == f"{len(JOBS)}\n"
