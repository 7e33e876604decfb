"""Spatial accessibility by floating catchment areas, computed with PySAL's ``access``."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def two_step_floating_catchment(
    distances: ArrayLike, demand: ArrayLike, supply: ArrayLike, catchment: float
) -> NDArray[np.float64]:
    """Return the two-step floating catchment area (2SFCA) score of each demand place.

    The score is the supply within reach per unit of demand, shared with everyone who reaches the same supply:

    R_j = S_j / Σ_{i: d_ij ≤ d0} P_i;  A_i = Σ_{j: d_ij ≤ d0} R_j

    ``distances``: one row per demand place, one column per supply place, in the unit of ``catchment``.
    ``demand``: P, one number per row. ``supply``: S, one number per column. Returns A, one number per row. Supply
    that nobody reaches is ignored; where all demand is reached, Σ P_i A_i equals the total supply.

    W. Luo, F. Wang, "Measures of spatial accessibility to health care in a GIS environment", Environment and
    Planning B 30 (2003) 865–884.
    """
    metres = np.asarray(distances, dtype=float)
    origins, targets = np.nonzero(metres <= catchment)
    return floating_catchment_of_pairs(origins, targets, metres[origins, targets], demand, supply, catchment)


def floating_catchment_of_pairs(
    origins: ArrayLike, targets: ArrayLike, distances: ArrayLike, demand: ArrayLike, supply: ArrayLike, catchment: float
) -> NDArray[np.float64]:
    """Return what ``two_step_floating_catchment`` does, of the pairs alone that lie within the catchment.

    ``origins``, ``targets``: the places of each pair in ``demand`` and ``supply``. ``distances``: of each pair.
    """
    rows, columns = np.size(demand), np.size(supply)
    if not np.size(origins):
        return np.zeros(rows)
    import pandas as pd  # both are slow to import and only needed here
    from access import Access

    people = pd.DataFrame({"place": range(rows), "demand": np.asarray(demand, dtype=float)})
    places = pd.DataFrame({"place": range(columns), "supply": np.asarray(supply, dtype=float)})
    costs = pd.DataFrame({"origin": origins, "target": targets, "metres": distances})
    access = Access(
        demand_df=people,
        demand_index="place",
        demand_value="demand",
        supply_df=places,
        supply_index="place",
        supply_value="supply",
        cost_df=costs,
        cost_origin="origin",
        cost_dest="target",
        cost_name="metres",
    )
    found = access.two_stage_fca(name="score", cost="metres", max_cost=catchment)["score_supply"]
    scores = found.reindex(range(rows)).fillna(0.0).to_numpy(dtype=float)
    return np.where(np.isfinite(scores), scores, 0.0)
