"""The figures in ``docs/reliability.md`` are those that the tools wrote, and all of them hold."""

from __future__ import annotations

import json

from tests.failover.faults import FAULTS as MACHINE_FAULTS
from tests.failover.figures import FIGURES as FAILOVER
from tests.fuzz.__main__ import FIGURES as FUZZ
from tests.fuzz.targets import TARGETS
from tests.tools.reliability_tables import DOCUMENT, written
from tests.torture.__main__ import FIGURES as TORTURE
from tests.torture.faults import FAULTS
from tests.torture.portal_faults import PORTAL_FAULTS


def test_the_document_has_the_figures_of_the_tools() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert written(document) == document, "run: python -m tests.tools.reliability_tables"


def test_what_was_done_is_still_done_and_nothing_was_lost() -> None:
    outcomes = json.loads(TORTURE.read_text(encoding="utf-8"))["outcomes"]
    assert outcomes and all(one["holds"] for one in outcomes)
    assert {(one["fault"], one["database"]) for one in outcomes} <= {
        *((fault.name, kind) for fault in FAULTS for kind in fault.kinds),
        *((name, kind) for name, _act, kinds, _times in PORTAL_FAULTS for kind in kinds),
    }


def test_no_machine_that_died_took_anything_along() -> None:
    told = json.loads(FAILOVER.read_text(encoding="utf-8"))
    assert told["proof"]["acknowledged"] > 100 and not told["wrong"]
    assert {one["fault"] for one in told["rounds"]} == {fault.name for fault in MACHINE_FAULTS}


def test_nothing_that_was_found_is_left() -> None:
    ran = json.loads(FUZZ.read_text(encoding="utf-8"))["ran"] if FUZZ.exists() else []
    assert {one["target"] for one in ran} <= {target.name for target in TARGETS}
    assert not [one for one in ran if one["finding"]]
