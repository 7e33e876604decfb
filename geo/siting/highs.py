"""Solve mixed-integer problems with HiGHS, given as columns, sparse rows and bounds.

HiGHS: Q. Huangfu, J. A. J. Hall, "Parallelizing the dual revised simplex method", Mathematical Programming
Computation 10 (2018) 119–142.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

_SAME = 1e-6
"""How far, relative or absolute, the value told and that of the solution returned may differ by rounding."""

Hear = Callable[[float | None, NDArray[np.float64] | None], None]
"""Takes the bound so far and the values of a solution just found, either of them None if there is none."""


@dataclass(frozen=True)
class Rows:
    """Constraints ``least ≤ matrix · x ≤ most``."""

    matrix: sparse.csr_array
    least: NDArray[np.float64]
    most: NDArray[np.float64]

    @classmethod
    def at_least(cls, matrix: sparse.csr_array, least: float | NDArray[np.float64]) -> Rows:
        """Return the constraints ``matrix · x ≥ least``."""
        rows = matrix.shape[0]
        return cls(matrix, np.broadcast_to(least, rows), np.full(rows, np.inf))


@dataclass(frozen=True)
class Found:
    """The result of a solve.

    ``values``: of the columns; None if no solution was found. ``optimal``: proven optimal; otherwise time ran out
    or, with ``infeasible``, there is no solution. ``value``: the objective. ``bound``: its lower bound, None if
    unknown.
    """

    values: NDArray[np.float64] | None
    optimal: bool
    infeasible: bool
    value: float | None
    bound: float | None


class _Quiet(highspy.Highs):
    """HiGHS without its own output on standard output, which carries the worker's answers."""

    def enableCallbacks(self) -> None:
        """Switch the output off first: enabling callbacks prints the name of HiGHS."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]  # highspy leaves it without annotations


def minimize(
    cost: NDArray[np.float64],
    whole: int,
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
    rows: Sequence[Rows],
    seconds: float,
    hear: Hear | None = None,
    enough: float | None = None,
    start: Sequence[int] | None = None,
) -> Found:
    """Minimize ``cost · x``; the first ``whole`` columns are integers, the others continuous.

    Uses one thread, to leave the machine's other cores to other users. ``hear`` is called from time to time. A
    solution of value ``enough`` or less ends the search; it is then not reported as optimal. ``start``: the integer
    columns that are 1 in a first solution.

    HiGHS 1.16 sometimes finds a better solution than the first one, tells its value, and returns the first one. Then
    the problem is solved again without a first solution.
    """
    until = monotonic() + seconds
    solver = _Quiet()  # type: ignore[no-untyped-call]  # highspy leaves it without annotations
    for option, value in {
        "objective_target": -np.inf if enough is None else float(enough),
        "threads": 1,
        "mip_rel_gap": 0.0,
        "time_limit": float(seconds),
    }.items():
        solver.setOptionValue(option, value)
    solver.passModel(_model(cost, whole, bounds, rows))
    if start is not None:
        values = np.zeros(whole)
        values[list(start)] = 1
        solver.setSolution(whole, np.arange(whole, dtype=np.int32), values)
    if hear is not None:
        _listen(solver, hear)
    solver.run()
    status = solver.getModelStatus()
    info = solver.getInfo()
    known = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    found = np.array(solver.getSolution().col_value) if known else None
    told = found is None or np.isclose(cost @ found, info.objective_function_value, rtol=_SAME, atol=_SAME)
    if not told and start is not None:
        return minimize(cost, whole, bounds, rows, max(0.0, until - monotonic()), hear, enough)
    return Found(
        found,
        bool(told) and status == highspy.HighsModelStatus.kOptimal,
        status == highspy.HighsModelStatus.kInfeasible,
        float(info.objective_function_value) if known else None,
        _finite(info.mip_dual_bound),
    )


def _model(
    cost: NDArray[np.float64],
    whole: int,
    bounds: tuple[NDArray[np.float64], NDArray[np.float64]],
    rows: Sequence[Rows],
) -> highspy.HighsLp:
    matrix = sparse.vstack([one.matrix for one in rows], format="csr")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), matrix.shape[0]
    model.col_cost_ = cost
    model.col_lower_, model.col_upper_ = bounds
    model.row_lower_ = np.concatenate([one.least for one in rows])
    model.row_upper_ = np.concatenate([one.most for one in rows])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = model.num_col_, model.num_row_
    model.a_matrix_.start_ = matrix.indptr
    model.a_matrix_.index_ = matrix.indices
    model.a_matrix_.value_ = matrix.data
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger] * whole + [kinds.kContinuous] * (len(cost) - whole)
    return model


def _listen(solver: highspy.Highs, hear: Hear) -> None:
    def logged(event: Any) -> None:
        hear(_finite(event.data_out.mip_dual_bound), None)

    def improved(event: Any) -> None:
        hear(_finite(event.data_out.mip_dual_bound), np.array(event.data_out.mip_solution))

    solver.cbMipLogging += logged
    solver.cbMipImprovingSolution += improved


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
