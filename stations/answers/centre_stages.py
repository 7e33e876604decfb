"""The stages of building of a centre, as exactly as their source dates them."""

from __future__ import annotations

from stations.answers.columns import Column, Columns
from stations.language import N_
from stations.registry.centre import CentreStage
from stations.source_wording import source_wording

STAGES: Columns[CentreStage] = Columns(
    Column("stage", lambda entry: entry.stage, N_("Stage")),
    Column("dated", lambda entry: entry.dated, N_("Reached")),
    Column("as_of", lambda entry: entry.as_of, N_("As of")),
    Column(
        "source",
        lambda entry: entry.source or entry.centre.source,
        N_("Source"),
        show=lambda text, language: source_wording(language, text),
    ),
)
STAGE_COLUMNS = STAGES.take("stage", "dated", "as_of", "source")
"""The table of a centre's stages, the first one first."""
