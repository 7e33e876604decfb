"""The best choice that differs from a given one: the same task with a limit that the given choice does not pass.

Solved like any other task, so the answer is as proven as the first. The limit is the canonical cut of E. Balas, R.
Jeroslow, "Canonical cuts on the unit hypercube", SIAM Journal on Applied Mathematics 23 (1972) 61–69.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from geo.siting.solution import Among, Solution
from geo.siting.task import SitingTask


def differing(task: SitingTask, solution: Solution, sites: int = 1) -> SitingTask:
    """Return the task whose solution leaves out at least ``sites`` of the sites that ``solution`` adds.

    Σ_{j added} x_j ≤ added − sites.

    Raises:
        ValueError: the solution adds fewer sites than that.
    """
    added = _added(task, solution, sites)
    return replace(task, among=(*task.among, Among(added, most=len(added) - sites)))


def differing_in_group(
    task: SitingTask, solution: Solution, groups: Sequence[Hashable | None], places: int = 1
) -> SitingTask:
    """Return the task whose solution adds at least ``places`` sites in groups where ``solution`` adds none.

    ``groups``: that of each candidate, a county for example; None is a group of its own. The solution is infeasible
    if there is no other group to choose from.

    Raises:
        ValueError: the solution adds no site, or there is not one group for each candidate.
    """
    if len(groups) != task.distances.shape[1]:
        raise ValueError("groups must name one group for each candidate")
    added = _added(task, solution, 1)
    used = {groups[site] for site in added} - {None}
    standing = {*task.keep, *added}
    elsewhere = tuple(
        column for column, group in enumerate(groups) if column not in standing and (group is None or group not in used)
    )
    return replace(task, among=(*task.among, Among(elsewhere, least=places)))


def without(task: SitingTask, column: int) -> SitingTask:
    """Return the task without a candidate: it is forbidden, and not demanded.

    Raises:
        ValueError: the candidate is an existing site, there is none, or too few are left for ``p``.
    """
    candidates = task.distances.shape[1]
    if not 0 <= column < candidates or column in task.keep:
        raise ValueError(f"candidate {column} is not one that could be added")
    forbid = tuple(sorted({*task.forbid, column} - set(task.keep)))
    if task.p is not None and task.p > candidates - len(task.keep) - len(forbid):
        raise ValueError(f"too few candidates are left to add {task.p}")
    return replace(task, forbid=forbid, must=tuple(site for site in task.must if site != column))


def _added(task: SitingTask, solution: Solution, least: int) -> tuple[int, ...]:
    added = tuple(site for site in solution.sites if site not in set(task.keep))
    if not 1 <= least <= len(added):
        raise ValueError(f"the solution adds {len(added)} sites, so another can't differ in {least}")
    return added
