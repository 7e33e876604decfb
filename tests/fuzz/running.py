"""Running a target by hypothesis, with a number of cases, and counting them."""

from __future__ import annotations

import time
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.target import Target


@dataclass(frozen=True)
class Ran:
    """``finding``: the smallest case that failed, and how; "" if none did."""

    target: str
    engine: str
    cases: int
    seconds: float
    finding: str = ""


def run_target(target: Target, cases: int, with_seed: int | None = None) -> Ran:
    """Check so many cases; by default the same ones each time."""
    began, counted = time.monotonic(), 0

    def check(case: object) -> None:
        nonlocal counted
        counted += 1
        target.check(case)

    test = given(target.inputs)(check)
    if with_seed is not None:
        test = seed(with_seed)(test)
    test = settings(
        max_examples=cases,
        deadline=None,
        database=None,
        derandomize=with_seed is None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
        print_blob=False,
    )(test)
    finding = ""
    try:
        test()
    except BaseException as error:  # a finding, or several in a group
        if isinstance(error, KeyboardInterrupt):
            raise
        finding = _told(error)
    return Ran(target.name, "hypothesis", counted, round(time.monotonic() - began, 1), finding)


def _told(error: BaseException) -> str:
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else (error,)
    lines = []
    for one in parts:
        notes = " ".join(getattr(one, "__notes__", ()))
        frames = []
        trace = one.__traceback__
        while trace is not None:
            code = trace.tb_frame.f_code
            frames.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
            trace = trace.tb_next
        lines.append(f"{type(one).__name__}: {str(one)[:300]} at {' '.join(frames[-4:])} | {notes[:700]}")
    return "\n".join(lines)
