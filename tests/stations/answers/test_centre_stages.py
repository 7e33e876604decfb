"""The stages of a centre: its page, its file and the register's JSON have the same."""

from __future__ import annotations

from stations.answers.centre_stages import STAGE_COLUMNS, STAGES
from stations.answers.presentation import saved_table
from stations.language import Language
from stations.partial_date import PartialDate
from stations.registry.centre import Centre, CentreStage, Stage
from tests.stations.commands.test_command_line import answer


def test_dates_are_saved_as_exactly_as_they_are_known() -> None:
    centre = Centre(code="C-1", source="a list")
    approved = CentreStage(stage=Stage.APPROVED, dated=PartialDate(2016, 1), source="a notice", centre=centre)
    accepted = CentreStage(stage=Stage.ACCEPTED, as_of=PartialDate(2023), centre=centre)
    table = saved_table(STAGE_COLUMNS, [approved, accepted], Language("en"))
    assert table.headings == ["Stage", "Reached", "As of", "Source"]
    assert [row[1:3] for row in table.rows] == [["2016-01", None], [None, "2023"]]
    assert [row[3] for row in table.rows] == ["a notice", "a list"]
    assert STAGES.as_data(accepted) == {"stage": "accepted", "dated": None, "as_of": "2023", "source": "a list"}


def test_the_register_tells_the_history(reference_url: str) -> None:
    centres = answer(reference_url, "centres")
    told = [one for one in centres if one["history"]]
    assert told
    assert all(one["stage"] in {entry["stage"] for entry in one["history"]} for one in told if one["stage"])
