"""The variants of an answer, computed in the background one after the other.

Only one of them is asked at a time, so that they take one of the places of computation at most. They go on as long as
somebody asks how far they are (``advance``): who leaves the page ends them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from stations.planning.siting_jobs import SitingJob, SitingJobs
from stations.planning.siting_sensitivity import Variant, VariantResult, result_of
from stations.planning.station_siting import SitingAnswer


class VariantRun:
    """The computation of the variants of one answer, for one ``asker``."""

    def __init__(self, jobs: SitingJobs, variants: Sequence[Variant], answer: SitingAnswer, asker: str) -> None:
        self._jobs, self._answer, self._asker = jobs, answer, f"{asker}:variants"
        self.variants = tuple(variants)
        self.results: list[VariantResult] = []
        self.job: SitingJob | None = None
        self.cancelled = False

    @property
    def ended(self) -> bool:
        """Whether nothing is left to compute."""
        return self.cancelled or len(self.results) == len(self.variants)

    def advance(self, patience_s: float) -> None:
        """Go on with the variants for so many seconds at most.

        Raises:
            TooBusy: too many other computations are waiting.
        """
        until = time.monotonic() + patience_s
        while not self.ended:
            variant = self.variants[len(self.results)]
            if variant.posed is None:
                self.results.append(result_of(variant, None, self._answer))
                continue
            if self.job is None:
                self.job = self._jobs.ask(variant.key, variant.posed.task, self._asker)
            if not self.job.ended.wait(max(0.0, until - time.monotonic())):
                return
            self.results.append(result_of(variant, self.job.solution, self._answer))
            self.job = None

    def cancel(self) -> None:
        """End it; what was found stays."""
        self.cancelled = True
        if self.job is not None:
            self._jobs.cancel(self.job.key, self._asker)
