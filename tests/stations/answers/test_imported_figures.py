"""The imported figures: the page's columns, and the command that lists them with their values."""

from __future__ import annotations

from pathlib import Path

from stations.answers.columns import headings
from stations.answers.imported_figures import FIGURE_COLUMNS, FIGURE_PAGE_COLUMNS
from stations.answers.presentation import saved_table
from stations.language import Language
from stations.planning.imported_figure import CountyFigureValue, ImportedFigure
from tests.conftest import Databases
from tests.stations.commands.test_command_line import answer, run

ENGLISH = Language("en")


def test_a_file_has_unit_year_and_source_apart() -> None:
    values = [CountyFigureValue(county_adcode="320583", value=12.5)]
    figure = ImportedFigure(code="F-1", name="企业", unit="家", year=2025, source="统计局", values=values)
    assert headings(FIGURE_PAGE_COLUMNS, ENGLISH) == ["Reference code", "Figure", "Counties"]
    assert saved_table(FIGURE_COLUMNS, [figure], ENGLISH).rows == [["F-1", "企业", "家", 2025, 1, "统计局"]]


def test_the_command_lists_what_was_imported(databases: Databases, reference_url: str, tmp_path: Path) -> None:
    url, file = databases.new(like=reference_url), tmp_path / "figures.csv"
    assert answer(url, "figures") == []
    file.write_text("区县,数值\n昆山市,12.5\n玄武区,7\n", encoding="utf-8")
    about = ("--code", "F-1", "--name", "企业", "--unit", "家", "--year", "2025", "--source", "统计局")
    run(url, "import", "figures", str(file), *about)
    (told,) = answer(url, "figures")
    assert (told["code"], told["counties"], told["values"]) == ("F-1", 2, {"320102": 7.0, "320583": 12.5})
