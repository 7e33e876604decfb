"""Accessibility by floating catchments, as PySAL's ``access`` computes it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def two_step_floating_catchment(
    distances: ArrayLike, demand: ArrayLike, supply: ArrayLike, catchment: float
) -> NDArray[np.float64]:
    """Two-step floating catchment area: the supply within reach of each demand place, shared with all
    others who reach it.

    R_j = S_j / Σ_{i: d_ij ≤ d0} P_i;  A_i = Σ_{j: d_ij ≤ d0} R_j

    ``distances``: one row per demand place, one column per supply place, in the unit of ``catchment``.
    W. Luo, F. Wang, "Measures of spatial accessibility to health care in a GIS environment",
    Environment and Planning B 30 (2003) 865–884. Supply that nobody reaches counts nowhere; where all
    demand is reached, Σ P_i A_i is the supply.
    """
    import pandas as pd  # both slow to import, and wanted here alone
    from access import Access

    metres = np.asarray(distances, dtype=float)
    rows, columns = metres.shape
    if not columns:
        return np.zeros(rows)
    people = pd.DataFrame({"place": range(rows), "demand": np.asarray(demand, dtype=float)})
    places = pd.DataFrame({"place": range(columns), "supply": np.asarray(supply, dtype=float)})
    origins, targets = np.nonzero(metres <= catchment)
    if not len(origins):
        return np.zeros(rows)
    costs = pd.DataFrame({"origin": origins, "target": targets, "metres": metres[origins, targets]})
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
