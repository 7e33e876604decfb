"""Siting is optimal: as spopt finds on the same cases, as hand-made cases show, and by its own nature."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pulp
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spopt.locate import LSCP, MCLP, PCenter, PMedian
from spopt.tests.conftest import network_instance  # noqa: F401 - spopt's published case: a lattice of streets

from geo.counties import county_layer
from geo.distance import great_circle_m
from geo.siting import Outcome, Progress
from geo.siting.covering import lscp, mclp
from geo.siting.p_center import p_center
from geo.siting.p_median import p_median

# spopt still speaks to PuLP as before PuLP 4.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pulp")

COUNTIES = county_layer().counties
LONS = np.array([county.lon for county in COUNTIES])
LATS = np.array([county.lat for county in COUNTIES])
DISTANCES = great_circle_m(LONS[:, None], LATS[:, None], LONS[None], LATS[None])
AREAS = np.array([county.area_km2 for county in COUNTIES])


def oracle(model: object) -> float:
    return model.solve(pulp.PULP_CBC_CMD(msg=False)).problem.objective.value()


def random_case(seed: int, demands: int = 14, candidates: int = 9) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    places, sites = chance.uniform(0, 100, (demands, 2)), chance.uniform(0, 100, (candidates, 2))
    return np.hypot(*(places[:, None] - sites[None]).T).T, chance.integers(0, 50, demands) + 1.0


def best_by_trying(distances: np.ndarray, p: int, keep: set[int], forbid: set[int], cost: object) -> float:
    free = [column for column in range(distances.shape[1]) if column not in keep | forbid]
    return min(cost(distances[:, [*keep, *added]].min(axis=1)) for added in combinations(free, p))


@pytest.mark.parametrize("within_km", [30, 40, 50, 75, 120])
def test_lscp_as_spopt_on_the_counties(within_km: int) -> None:
    solution = lscp(DISTANCES, within_km * 1000)
    assert solution.outcome is Outcome.OPTIMAL
    assert (DISTANCES[:, solution.sites].min(axis=1) <= within_km * 1000).all()
    assert solution.objective == len(solution.sites) == oracle(LSCP.from_cost_matrix(DISTANCES, within_km * 1000))


@pytest.mark.parametrize(("p", "within_km"), [(1, 30), (5, 40), (12, 30), (30, 20)])
def test_mclp_as_spopt_on_the_counties(p: int, within_km: int) -> None:
    solution = mclp(DISTANCES, AREAS, within_km * 1000, p)
    assert len(solution.sites) == p
    model = MCLP.from_cost_matrix(DISTANCES, AREAS, within_km * 1000, p)
    assert solution.objective == pytest.approx(oracle(model), rel=1e-6)


@pytest.mark.parametrize("p", [1, 4, 10, 40, 94])
def test_p_median_as_spopt_on_the_counties(p: int) -> None:
    solution = p_median(DISTANCES, AREAS, p)
    assert solution.outcome is Outcome.OPTIMAL
    assert solution.objective == pytest.approx(oracle(PMedian.from_cost_matrix(DISTANCES, AREAS, p)), rel=1e-6)


@pytest.mark.parametrize("p", [2, 12])
def test_p_center_as_spopt_on_part_of_the_counties(p: int) -> None:
    part = DISTANCES[::3, ::3]
    solution = p_center(part, p)
    assert solution.outcome is Outcome.OPTIMAL
    assert solution.objective == pytest.approx(oracle(PCenter.from_cost_matrix(part, p)), rel=1e-6)


@pytest.mark.parametrize("seed", range(25))
def test_as_trying_every_choice_shows(seed: int) -> None:
    distances, weights = random_case(seed)
    chance = np.random.default_rng(seed)
    keep, forbid = set(chance.choice(4, seed % 3, replace=False)), {5, 7} if seed % 2 else set()
    keep, p = {int(column) for column in keep}, 1 + seed % 3
    choices = {"keep": sorted(keep), "forbid": sorted(forbid)}
    covered = mclp(distances, weights, 35, p, **choices)
    assert covered.objective == pytest.approx(
        -best_by_trying(distances, p, keep, forbid, lambda nearest: -weights[nearest <= 35].sum())
    )
    assert p_median(distances, weights, p, **choices).objective == pytest.approx(
        best_by_trying(distances, p, keep, forbid, lambda nearest: weights @ nearest)
    )
    assert p_center(distances, p, **choices).objective == pytest.approx(
        best_by_trying(distances, p, keep, forbid, lambda nearest: nearest.max())
    )


def test_a_line_of_places_by_hand() -> None:
    line = np.abs(np.arange(7)[:, None] - np.arange(7)[None]).astype(float)
    assert lscp(line, 1).objective == 3
    assert lscp(line, 3).sites == (3,)
    assert p_center(line, 2).objective == 2
    assert p_median(line, np.ones(7), 1).sites == (3,)
    assert p_median(line, [9, 1, 1, 1, 1, 1, 1], 1).sites == (0,)
    assert mclp(line, [5, 0, 0, 0, 0, 0, 4], 0, 2).sites == (0, 6)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), p=st.integers(1, 6))
def test_more_sites_never_serve_worse_and_what_is_kept_stays(seed: int, p: int) -> None:
    distances, weights = random_case(seed)
    kept = seed % 9
    for fewer, more in (
        (-mclp(distances, weights, 30, p).objective, -mclp(distances, weights, 30, p + 1).objective),
        (p_median(distances, weights, p).objective, p_median(distances, weights, p + 1).objective),
        (p_center(distances, p).objective, p_center(distances, p + 1).objective),
    ):
        assert more <= fewer + 1e-9
    for solution in (
        mclp(distances, weights, 30, p, keep=[kept]),
        p_median(distances, weights, p, keep=[kept]),
        p_center(distances, p, keep=[kept]),
    ):
        assert kept in solution.sites
        assert len(solution.sites) == p + 1
    assert kept in lscp(distances, 200, keep=[kept]).sites
    assert kept in p_median(distances, weights, p, must=[kept]).sites
    assert kept not in p_median(distances, weights, p, forbid=[kept]).sites


def test_what_cannot_be_reached_is_named() -> None:
    far = np.array([[1.0, 9.0], [9.0, 9.0], [2.0, 3.0]])
    solution = lscp(far, 5)
    assert (solution.outcome, solution.uncovered, solution.objective) == (Outcome.INFEASIBLE, (1,), None)
    assert lscp(far[[0, 2]], 2, forbid=[0]).uncovered == (0, 1)


def test_when_time_runs_out_it_says_how_far_it_got() -> None:
    chance = np.random.default_rng(1)
    places = chance.uniform(0, 100, (900, 2))
    distances = np.hypot(*(places[:, None] - places[None]).T).T
    solution = p_median(distances, np.ones(900), 40, time_limit=0.5)
    assert solution.outcome is Outcome.TIME_LIMIT
    assert len(solution.sites) == 40
    assert solution.objective == pytest.approx(distances[:, list(solution.sites)].min(axis=1).sum())
    assert solution.bound is None or solution.bound <= solution.objective


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"p": 0}, "p is 0"),
        ({"p": 3}, "p is 3"),
        ({"p": 1, "keep": [2]}, "not there"),
        ({"p": 1, "must": [0], "forbid": [0]}, "both"),
        ({"p": 1, "weights": [1.0]}, "weights"),
        ({"p": 1, "weights": [-1.0, 1.0]}, "weights"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: dict, told: str) -> None:
    options = {"weights": [1.0, 1.0], **arguments}
    with pytest.raises(ValueError, match=told):
        p_median(np.ones((2, 2)), **options)


def test_distances_are_checked() -> None:
    for distances in (np.ones(3), np.empty((0, 2)), [[1.0, np.nan]], [[-1.0]]):
        with pytest.raises(ValueError):
            lscp(distances, 1)


@pytest.mark.parametrize("facilities", [5, 12])
def test_as_spopt_on_the_instances_of_its_own_tests(network_instance: object, facilities: int) -> None:  # noqa: F811
    distances = network_instance(100, facilities)[2]
    weights = np.random.default_rng(0).integers(1, 12, 100).astype(float)
    assert lscp(distances, 8).objective == oracle(LSCP.from_cost_matrix(distances, 8))
    covered = mclp(distances, weights, 7, 4)
    assert covered.objective == pytest.approx(oracle(MCLP.from_cost_matrix(distances, weights, 7, p_facilities=4)))
    averaged = p_median(distances, weights, 4)
    assert averaged.objective == pytest.approx(oracle(PMedian.from_cost_matrix(distances, weights, p_facilities=4)))
    assert p_center(distances, 4).objective == pytest.approx(oracle(PCenter.from_cost_matrix(distances, 4)))
    kept = mclp(distances, weights, 7, 3, keep=[0])
    preset = np.eye(1, facilities)[0]
    model = MCLP.from_cost_matrix(distances, weights, 7, p_facilities=4, predefined_facilities_arr=preset)
    assert kept.objective == pytest.approx(oracle(model))


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), at_most=st.sampled_from([None, 1, 2, 3]))
@example(seed=4418, at_most=None)  # the solver tells the value of one solution and returns another
def test_within_a_budget_as_trying_every_choice_shows(seed: int, at_most: int | None) -> None:
    distances, weights = random_case(seed, demands=10, candidates=7)
    chance = np.random.default_rng(seed)
    costs, budget = chance.integers(1, 9, 7).astype(float), float(chance.integers(9, 22))
    keep = [3] if seed % 2 else []
    free = [column for column in range(7) if column not in keep]
    choices = [
        [*keep, *added]
        for number in range(0 if keep else 1, (at_most or 7) + 1)
        for added in combinations(free, min(number, len(free)))
        if costs[list(added)].sum() <= budget
    ]
    limits = {"keep": keep, "costs": costs, "budget": budget}
    nearest = [distances[:, sites].min(axis=1) for sites in choices]
    found = p_median(distances, weights, at_most, **limits)
    assert found.objective == pytest.approx(min(weights @ one for one in nearest))
    assert costs[[site for site in found.sites if site not in keep]].sum() <= budget
    covered = mclp(distances, weights, 35, at_most, **limits)
    assert covered.objective == pytest.approx(max(weights[one <= 35].sum() for one in nearest))
    assert p_center(distances, at_most, **limits).objective == pytest.approx(min(one.max() for one in nearest))
    if at_most is None:
        reaching = [len(sites) for sites, one in zip(choices, nearest, strict=True) if one.max() <= 60]
        fewest = lscp(distances, 60, **limits)
        assert fewest.objective == (min(reaching) if reaching else None)
        assert fewest.outcome is (Outcome.OPTIMAL if reaching else Outcome.INFEASIBLE)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_no_choice_by_chance_covers_more_and_the_fewest_cover_all(seed: int) -> None:
    distances, weights = random_case(seed, demands=20, candidates=12)
    best = mclp(distances, weights, 25, 3).objective
    chance = np.random.default_rng(seed + 1)
    for _ in range(20):
        sites = chance.choice(12, 3, replace=False)
        assert weights[distances[:, sites].min(axis=1) <= 25].sum() <= best
    fewest = lscp(distances, 70)
    if fewest.outcome is Outcome.OPTIMAL:
        assert (distances[:, fewest.sites].min(axis=1) <= 70).all()


def test_a_budget_that_pays_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="pays for no site"):
        p_median([[1.0, 2.0]], [1.0], None, costs=[5, 5], budget=4)
    with pytest.raises(ValueError, match="cost more than the budget"):
        p_median([[1.0, 2.0]], [1.0], None, costs=[5, 1], budget=4, must=[0])
    with pytest.raises(ValueError, match="go together"):
        p_median([[1.0, 2.0]], [1.0], 1, budget=4)


def test_progress_is_told_and_what_it_tells_is_true() -> None:
    chance = np.random.default_rng(3)
    places = chance.uniform(0, 100, (150, 2))
    distances = np.hypot(*(places[:, None] - places[None]).T).T
    heard: list[Progress] = []
    found = p_median(distances, np.ones(150), 15, report=heard.append)
    assert heard
    for told in heard:
        assert told.best is None or told.best >= found.objective - 1e-6
        assert told.bound is None or told.bound <= found.objective + 1e-6
