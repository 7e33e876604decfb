"""The overview of an area, as JSON and as a table of its cities, counties or stations."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from stations.answers.columns import Column, Columns, rounded
from stations.answers.evaluation import four_places
from stations.answers.presentation import Presentation
from stations.evaluation.indicators import Indicator
from stations.evaluation.results import EvaluatedUnit
from stations.language import N_, Bilingual, Language
from stations.overview.overview import Overview

SHOWN = (
    Indicator.REQUESTS,
    Indicator.ANSWERED_IN_TIME,
    Indicator.DELIVERED_IN_TIME,
    Indicator.SATISFACTION,
    Indicator.URGED_LATE,
)
"""The indicators that the overview tells of each unit."""


@dataclass(frozen=True)
class UnitRow:
    """A unit of the overview, with its requests overdue now."""

    unit: EvaluatedUnit
    overdue: int


def rows_of(overview: Overview) -> list[UnitRow]:
    """Return the units in the order of their codes."""
    units = sorted(overview.units, key=lambda unit: unit.code)
    return [UnitRow(unit, overview.overdue.get(unit.code, 0)) for unit in units]


def _value(indicator: Indicator) -> Column[UnitRow]:
    return Column(
        indicator.value,
        lambda row: row.unit.values[indicator],
        indicator.label,
        show=four_places,
        data=rounded(4),
    )


UNIT_ROWS: Columns[UnitRow] = Columns(
    Column("code", lambda row: row.unit.code, N_("Reference code")),
    Column("name", lambda row: Bilingual(row.unit.name, row.unit.name_en), N_("Name")),
    *(_value(indicator) for indicator in SHOWN),
    Column("overdue", lambda row: row.overdue, N_("Overdue now")),
)
UNIT_ROW_COLUMNS = UNIT_ROWS.take("name", "requests", "overdue", *(one.value for one in SHOWN[1:]))
"""The table of the units on the page."""
_SAVED = UNIT_ROWS.take("code", "name", "requests", "overdue", *(one.value for one in SHOWN[1:]))


def _data(overview: Overview, _language: Language) -> dict[str, Any]:
    return {
        "as_of": overview.as_of.isoformat(),
        "period": overview.period.text,
        "area": {"kind": overview.duty.area_kind.value, "code": overview.duty.area_code},
        "coverage": {
            "covered": overview.covered,
            "fully_served": overview.fully_served,
            "counties": overview.counties,
            "curve": [{**asdict(point), "day": point.day.isoformat()} for point in overview.curve],
        },
        "endangered": [
            {
                "county": one.county.adcode,
                "danger": one.danger.value,
                "ends_on": one.ends_on.isoformat() if one.ends_on else None,
            }
            for one in overview.endangered
        ],
        "targets": [
            {"code": one.target.code, "counted": one.counted, "required": one.target.required}
            for one in overview.targets
        ],
        "filed": overview.filed,
        "means": {one.value: rounded(4)(value) for one, value in overview.means.items()},
        "desk": asdict(overview.desk) if overview.desk else None,
        "alerts": overview.alerts,
        "proposals": overview.proposals,
        "units": [UNIT_ROWS.as_data(row) for row in rows_of(overview)],
    }


def _notes(overview: Overview, language: Language) -> list[str]:
    told = language.translate(
        N_(
            "On {day}: {covered} of {counties} counties covered, {endangered} may fall out, "
            "{filed} requests in {period}"
        ),
        day=language.format_date(overview.as_of),
        covered=overview.covered,
        counties=overview.counties,
        endangered=len(overview.endangered),
        filed=overview.filed,
        period=overview.period.text,
    )
    return [told]


OVERVIEW: Presentation[Overview, UnitRow] = Presentation(
    data=_data, rows=rows_of, columns=lambda _overview: _SAVED, notes=_notes
)
"""The figures of an area on one screen."""
