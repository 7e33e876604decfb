from __future__ import annotations

import io
import json
import warnings

import geopandas
import pytest
from fontTools.ttLib import TTFont
from matplotlib.figure import Figure
from PIL import Image
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.counties import county_layer
from geo.province import read_province
from geo.surroundings import surroundings_geojson
from portal.theme import COVERAGE_AREAS
from stations.coverage.county_coverage import Coverage, CoverageStatus, coverage_on
from stations.coverage.looks import LOOKS, WATER
from stations.coverage.picture import coverage_png
from stations.coverage.picture_frame import DPI, FONT, HEIGHT_IN, WIDTH_IN
from stations.coverage.picture_ground import draw_surroundings, fit_frame, name_surroundings
from stations.language import Language, label
from tests.conftest import TODAY
from tests.tools.update_messages import messages_in


@pytest.fixture(scope="module")
def coverage(sample_engine: Engine) -> Coverage:
    with Session(sample_engine) as session:
        return coverage_on(session, TODAY, samples=True)


def drawn(coverage: Coverage, language: str, **options: str) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a character that its font lacks
        return Image.open(io.BytesIO(coverage_png(coverage, Language(language), **options))).convert("RGB")


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_it_is_drawn_in_the_colours_of_the_pages_and_every_character_is_there(
    coverage: Coverage, language: str
) -> None:
    picture = drawn(coverage, language)
    assert picture.size == (round(WIDTH_IN * DPI), round(HEIGHT_IN * DPI))
    colours = {colour: count for count, colour in picture.getcolors(maxcolors=1_000_000)}

    def painted(name: CoverageStatus) -> int:
        return colours.get(tuple(bytes.fromhex(LOOKS[name].colour.removeprefix("#"))), 0)

    assert painted(CoverageStatus.FULLY_SERVED) > painted(CoverageStatus.THIN) > 10_000
    assert painted(CoverageStatus.UNCOVERED) > 5_000
    for water in ("sea", "lake"):
        assert colours.get(tuple(bytes.fromhex(WATER[water].removeprefix("#"))), 0) > 10_000


def test_another_province_without_a_coast_is_drawn_too() -> None:
    axes = Figure().add_axes((0, 0, 1, 1))
    province = read_province("360000")
    west, south, east, north = county_layer(province).total_bounds
    corners = geopandas.GeoSeries.from_xy([west, east], [south, north], crs="EPSG:4326").to_crs(province.map_crs)
    told: list[str] = []
    fit_frame(axes, tuple(corners.total_bounds), ratio=0.9)
    limits = axes.get_xlim(), axes.get_ylim()
    draw_surroundings(axes, province, "#000000")
    name_surroundings(
        axes,
        province,
        Language("zh_CN"),
        "#000000",
        lambda _x, _y, name, _colour: told.append(name),
        lambda _x, _y: True,
    )
    assert (axes.get_xlim(), axes.get_ylim()) == limits
    assert "鄱阳湖" in told and "湖南省" in told


def test_pages_and_pictures_share_one_palette() -> None:
    assert {status: (area.colour, area.hatch) for status, area in COVERAGE_AREAS.items()} == {
        status.value: (look.colour, look.hatch) for status, look in LOOKS.items()
    }


def test_the_review_number_changes_the_picture(coverage: Coverage) -> None:
    without, with_one = drawn(coverage, "zh_CN"), drawn(coverage, "zh_CN", review_number="苏S(2026)001号")
    assert without.tobytes() != with_one.tobytes()
    above = (0, 0, without.width, 1400)
    assert without.crop(above).tobytes() == with_one.crop(above).tobytes()


def test_the_face_that_ships_has_every_character_of_names_and_messages() -> None:
    held = set(TTFont(FONT).getBestCmap())
    texts = [county.name + county.city for county in county_layer().counties]
    texts += [label(Language("zh_CN"), status) for status in CoverageStatus]
    texts += [one["properties"].get("name", "") for one in json.loads(surroundings_geojson())["features"]]
    pictures = {"coverage/picture.py", "coverage/picture_frame.py", "planning/siting_picture.py"}
    drawn_here = [
        text for text, file in messages_in("stations").items() if file.removeprefix("stations/") in pictures
    ]
    assert len(drawn_here) >= 5
    texts += [Language("zh_CN").translate(text) for text in drawn_here]
    assert not {character for character in "".join(texts) if ord(character) not in held}
