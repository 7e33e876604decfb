"""``python -m tests.tools.reliability_tables`` writes the tables of ``docs/reliability.md`` from the tools' figures."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.failover.faults import FAULTS
from tests.failover.figures import FIGURES as FAILOVER
from tests.fuzz.__main__ import FIGURES as FUZZ
from tests.torture.__main__ import FIGURES as TORTURE

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def _rows(heads: list[str], rows: list[list[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def failover_table(told: dict[str, Any]) -> str:
    """Return the table of machines that die, and below it what the proof found."""
    in_words = {fault.name: fault.told for fault in FAULTS}
    measured = [f"{what}_goes_on_after" for what in ("filing", "reading", "open_page")]
    rows = [[in_words[one["fault"]], *(one.get(name, "—") for name in measured)] for one in told["rounds"]]
    proof = told["proof"]
    found = proof["acknowledged"] - len(proof["lost"]) - len(proof["other"])
    twice = f"{len(proof['doubled'])} twice, the audit log {'BROKEN' if proof['audit'] else 'whole'}"
    return (
        f"{_rows(['what happened', 'filing', 'reading', 'open page'], rows)}\n\n"
        f"Acknowledged: {proof['acknowledged']}; of these there under their number: {found}; {twice}. "
        f"What the jobs of both servers did twice: {len(proof['twice'])}. A commit on one node took "
        f"{told['commit_milliseconds']['one_node']} ms, on two {told['commit_milliseconds']['two_nodes']} ms."
    )


def torture_table(told: dict[str, Any]) -> str:
    """Return the table of faults."""
    rows = []
    for one in told["outcomes"]:
        proof = one["proof"]
        told_meanwhile = ", ".join(f"{name} {count}" for name, count in sorted(one["told"].items())) or "—"
        recovery = sorted(one["recovery"])
        back = f"{recovery[len(recovery) // 2]:.1f} / {recovery[-1]:.1f}"
        counted = [proof[name] for name in ("acknowledged", "found", "doubled", "half_written")]
        log = "whole" if proof["log_whole"] else "BROKEN"
        rows.append(
            [one["fault"], _DATABASES[one["database"]], one["times"], *counted, log, back, told_meanwhile, one["seed"]]
        )
    heads = ["fault", "database", "times", "acknowledged", "found", "doubled", "half written", "audit log"]
    return _rows([*heads, "goes on after, s (median / longest)", "told meanwhile", "seed"], rows)


def fuzz_table(told: dict[str, Any]) -> str:
    """Return the table of targets."""
    rows = [
        [one["target"], one["engine"], f"{one['cases']:,}", one["finding"] or "none", one["seed"]]
        for one in told["ran"]
    ]
    return _rows(["target", "by", "cases", "findings left", "seed"], rows)


TABLES: dict[str, tuple[Path, Callable[[dict[str, Any]], str]]] = {
    "failover": (FAILOVER, failover_table),
    "torture": (TORTURE, torture_table),
    "fuzz": (FUZZ, fuzz_table),
}


def written(document: str) -> str:
    """Return the document with its tables as the figures have them."""
    for name, (figures, table) in TABLES.items():
        if not figures.exists():  # no long run yet
            continue
        told = json.loads(figures.read_text(encoding="utf-8"))
        part = f"<!-- {name}: -->\n\n{table(told)}\n\n<!-- end -->"
        before, _, rest = document.partition(f"<!-- {name}:")
        document = before + part + rest.partition("<!-- end -->")[2]
    return document


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
