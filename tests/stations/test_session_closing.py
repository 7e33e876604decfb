"""A session closes safely whenever the garbage collector happens to run.

Before Python 3.12 the collector can run during any allocation. When it cleared an object while the closing session set
an attribute of that object's state, the interpreter crashed; a portal crashed with it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parents[2]

# The attribute set last must be one more than the states' shared keys have room for, and the objects must be garbage
# that only the collector finds; then the collector runs at each allocation of closing in turn.
CLOSING = """
import gc, sys
import stations.loading.schema
from sqlalchemy import inspect
from stations.database import open_engine, reading
from stations.registry.record_terms import Terms

engine = open_engine(sys.argv[1])
with reading(engine) as session:
    terms = Terms.load(session)
    inspect(next(iter(terms.cities.values()))).insert_order = 1
gc.freeze()
for allocation in range(1, 120, 3):
    gc.collect()
    gc.disable()
    with reading(engine) as session:
        cycle = [Terms.load(session)]
        cycle.append(cycle)
        assert len(session.identity_map.all_states()) > 150
        del cycle
        gc.set_threshold(gc.get_count()[0] + allocation)
        gc.enable()
print("closed")
"""


# The database driver is not involved.
@pytest.mark.one_database
def test_objects_that_only_the_collector_frees(reference_engine: Engine) -> None:
    url = reference_engine.url.render_as_string(hide_password=False)
    closing = subprocess.run(
        [sys.executable, "-c", CLOSING, url], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert closing.stdout == "closed\n", closing.stderr
    assert closing.returncode == 0
