"""Siting: the four classic location models, solved to proven optimality with HiGHS.

A problem is a matrix of distances, one row per demand place and one column per candidate place, in any unit
(metres or seconds in this product); infinite where one can't be reached from the other. ``Choices`` lists the options
of all models. The best choice so far is in hand, and told, from the first moment (``geo.siting.search``).

References:

- LSCP: C. Toregas, R. Swain, C. ReVelle, L. Bergman, "The location of emergency service facilities", Operations
  Research 19 (1971) 1363–1373.
- MCLP: R. Church, C. ReVelle, "The maximal covering location problem", Papers of the Regional Science Association
  32 (1974) 101–118.
- p-median: S. L. Hakimi, Operations Research 12 (1964) 450–459; the radius formulation of S. García, M. Labbé, A.
  Marín, "Solving large p-median problems with a radius formulation", INFORMS Journal on Computing 23 (2011)
  546–556, after a Lagrangean bound (``geo.siting.lagrangean``) has ruled out most candidates.
- p-center: E. Minieka, "The m-center problem", SIAM Review 12 (1970) 138–139, by covering problems over the
  distinct distances, reduced first (``geo.siting.cover_test``), as those of LSCP are.

With capacities: ``geo.siting.capacitated`` and ``geo.siting.capacitated_median``. The best choice that differs from
another: ``geo.siting.second_best``. What each further site gains: ``geo.siting.curve``.

The models are ``geo.siting.covering.lscp`` and ``mclp``, ``geo.siting.p_median.p_median`` and
``geo.siting.p_center.p_center``; a ``SitingTask`` chooses one and loads the solver when it is solved.
"""

from geo.siting.curve import Curve, CurveTask
from geo.siting.solution import TIME_LIMIT_S, Among, Choices, CurvePoint, Outcome, Progress, Share, Solution
from geo.siting.task import SitingModel, SitingTask

__all__ = [
    "TIME_LIMIT_S",
    "Among",
    "Choices",
    "Curve",
    "CurvePoint",
    "CurveTask",
    "Outcome",
    "Progress",
    "Share",
    "SitingModel",
    "SitingTask",
    "Solution",
]
