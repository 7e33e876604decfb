"""What a benchmark measures: ours beside a named peer in the same run, and the file that keeps it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

FIGURES = Path(__file__).with_name("bench.json")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Measured:
    """One case. ``ours``, ``peer``: seconds, or another measure of which less is better. ``ratio``: ours by the peer's.

    ``reach``: the greatest ratio that is wanted; where there is no ``peer``, the greatest of ``ours``.
    """

    case: str
    peer_name: str
    ours: float
    peer: float | None
    reach: float

    @property
    def ratio(self) -> float:
        """Ours by the peer's; ours itself without a peer."""
        return self.ours if self.peer is None else self.ours / self.peer

    @property
    def met(self) -> bool:
        """Whether the reach is met."""
        return self.ratio <= self.reach

    def __str__(self) -> str:
        beside = "" if self.peer is None else f" beside {self.peer:.4g} s ({self.peer_name}): {self.ratio:.3g} times"
        verdict = "met" if self.met else "MISSED"
        return f"{self.case}: {self.ours:.4g} s{beside}; at most {self.reach:.3g} is wanted, {verdict}"


def least(times: int, work: Callable[[], Answer]) -> tuple[float, Answer]:
    """Return the least processor time, in seconds, that one of so many runs took, and the answer of the last."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        answer = work()
        taken.append(time.process_time() - began)
    return min(taken), answer


def keep(measured: Iterable[Measured], file: Path = FIGURES) -> bool:
    """Tell the cases, write them into the file in the place of earlier ones, and return whether all reaches are met."""
    new = list(measured)
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    again = {one.case for one in new}
    for one in new:
        print(one, flush=True)
    rows = [{**asdict(one), "ratio": one.ratio, "met": one.met} for one in new]
    kept = [one for one in known if one["case"] not in again] + rows
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return all(one.met for one in new)
