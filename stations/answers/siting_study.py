"""An answer to a siting question with what was studied beside it: the curve, and what would change the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stations.answers.presentation import Presentation
from stations.answers.siting import SITING, site_columns
from stations.answers.siting_curve import curve_data, knee_text
from stations.answers.siting_variants import loss_text, stability_lines, variants_data
from stations.language import Language
from stations.planning.siting_candidates import Candidate
from stations.planning.siting_curve import SitingCurve
from stations.planning.siting_sensitivity import VariantKind, VariantResult
from stations.planning.station_siting import PosedQuestion, SitingAnswer, added_sites


@dataclass(frozen=True)
class StudiedAnswer:
    """An answer, and the curve and the variants where they were asked for and there are new sites."""

    posed: PosedQuestion
    answer: SitingAnswer
    curve: SitingCurve | None = None
    variants: tuple[VariantResult, ...] | None = None


def _data(studied: StudiedAnswer, language: Language) -> dict[str, Any]:
    return {
        **SITING.data(studied.answer, language),
        **({"curve": curve_data(studied.curve)} if studied.curve else {}),
        **({"variants": variants_data(studied.variants)} if studied.variants is not None else {}),
    }


def _notes(studied: StudiedAnswer, language: Language) -> list[str]:
    notes = list(SITING.notes(studied.answer, language))
    if studied.curve is not None:
        notes.append(knee_text(studied.curve, language))
    for one in studied.variants or ():
        if one.variant.kind is VariantKind.SECOND_BEST and one.figure is not None:
            notes.append(loss_text(studied.posed, studied.answer, one, language))
    return notes + stability_lines(studied.answer, studied.variants or (), language)


STUDIED: Presentation[StudiedAnswer, Candidate] = Presentation(
    data=_data,
    rows=lambda studied: added_sites(studied.answer),
    columns=lambda studied: site_columns(studied.answer),
    notes=_notes,
)
