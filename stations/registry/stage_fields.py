"""The fields of a list that tell of one stage of a centre or pilot: its date, its document and a remark."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from stations.language import N_
from stations.registry.centre import Stage

STAGE_LABELS: Mapping[Stage, tuple[str, str, str]] = MappingProxyType(
    {
        Stage.PLANNED: (N_("Planned on"), N_("Document of the plan"), N_("Remark on the plan")),
        Stage.APPROVED: (N_("Approved on"), N_("Document of the approval"), N_("Remark on the approval")),
        Stage.UNDER_CONSTRUCTION: (
            N_("Under construction since"),
            N_("Document of the construction"),
            N_("Remark on the construction"),
        ),
        Stage.ACCEPTED: (N_("Accepted on"), N_("Document of the acceptance"), N_("Remark on the acceptance")),
        Stage.WITHDRAWN: (N_("Withdrawn on"), N_("Document of the withdrawal"), N_("Reason of the withdrawal")),
    }
)
"""The msgids of the labels of a stage's date, document and remark."""


def date_column(stage: Stage) -> str:
    """Return the name of the column with a stage's date."""
    return f"{stage}_dated"


def document_column(stage: Stage) -> str:
    """Return the name of the column with a stage's document."""
    return f"{stage}_document"


def remark_column(stage: Stage) -> str:
    """Return the name of the column with a remark on a stage, such as the reason of a withdrawal."""
    return f"{stage}_remark"


PART_OF_FIELD: Mapping[str, tuple[Stage, str]] = MappingProxyType(
    {
        name: (stage, part)
        for stage in Stage
        for name, part in (
            (date_column(stage), "dated"),
            (document_column(stage), "source"),
            (remark_column(stage), "reason"),
        )
    }
)
"""Each of these fields with its stage and the attribute of ``HistoryEntry`` that it sets."""
