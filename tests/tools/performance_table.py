"""``python -m tests.tools.performance_table`` writes the table of ``docs/performance.md`` from what was measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.benchmarks.measured import FIGURES

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
_BEGIN, _END = "<!-- bench: -->", "<!-- end -->"


def table(cases: list[dict[str, Any]]) -> str:
    """Return the table of cases. Times are in seconds."""
    lines = ["| case | ours | peer | ratio | at most wanted | |", "|---|---|---|---|---|---|"]
    for one in cases:
        alone = one["peer"] is None
        peer = "—" if alone else f"{one['peer']:.3g} ({one['peer_name']})"
        ratio = "—" if alone else f"{one['ratio']:.3g}"
        met = "met" if one["met"] else "**missed**"
        lines.append(f"| {one['case']} | {one['ours']:.3g} | {peer} | {ratio} | {one['reach']:.3g} | {met} |")
    return "\n".join(lines)


def written(document: str) -> str:
    """Return the document with its table as the figures have it."""
    before, _, rest = document.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    cases = json.loads(FIGURES.read_text(encoding="utf-8"))
    return f"{before}{_BEGIN}\n\n{table(cases)}\n\n{_END}{after}"


def main() -> None:
    """Write it."""
    DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
