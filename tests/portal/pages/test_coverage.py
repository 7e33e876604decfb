"""看覆盖 and the page of a county: the figures are those of the domain, on any date."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from stations.coverage.county_coverage import Coverage, coverage_on
from stations.database import open_engine, reading
from tests.conftest import TODAY
from tests.portal.browsing import map_frame, settle, visit
from tests.portal.conftest import Server

PUKOU = "320111"


def coverage_of(server: Server, as_of: date, *, samples: bool = True) -> Coverage:
    engine = open_engine(server.environment["DATABASE_URL"])
    with reading(engine) as session:
        told = coverage_on(session, as_of, samples=samples)
    engine.dispose()
    return told


def shown_figures(page: Page) -> list[int]:
    expect(page.locator(".card .figure")).to_have_count(4)
    return [int(text.split("/")[0]) for text in page.locator(".card .figure").all_inner_texts()]


@pytest.mark.parametrize("as_of", [date(2019, 1, 1), date(2022, 6, 30), date(2025, 12, 31), TODAY])
def test_the_figures_on_a_date(portal_server: Server, page: Page, as_of: date) -> None:
    told = coverage_of(portal_server, as_of)
    visit(page, f"{portal_server.url}/coverage?as_of={as_of}")
    assert shown_figures(page) == [
        told.covered,
        told.fully_served,
        told.covered - told.fully_served,
        len(told.uncovered),
    ]
    expect(page.locator("meter")).to_have_count(13)
    if told.covered_by_samples_only:
        expect(page.locator(".card").first).to_contain_text(str(told.covered_by_samples_only))


def test_without_samples_only_documented_stations_cover(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/coverage")
    page.get_by_role("link", name="只看有据可查的记录").click()
    settle(page)
    expect(page.get_by_text("只显示有据可查的记录").or_(page.locator(".notice.sample")).first).to_be_visible()
    assert shown_figures(page)[0] == coverage_of(portal_server, TODAY, samples=False).covered == 3


def test_a_date_is_chosen_and_stands_in_the_address(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/coverage?as_of=nonsense")
    expect(page.locator(".notice.warn").first).to_contain_text("nonsense")
    assert shown_figures(page)[0] == coverage_of(portal_server, TODAY).covered


def saved(page: Page, table: int, form: str) -> Path:
    """Save the table of that place on the page, as CSV or Excel."""
    with page.expect_download() as download:
        page.locator('[class*="st-key-save_"]').nth(table).get_by_role("button", name=form).click()
    return Path(download.value.path())


def test_the_files_say_the_same(portal_server: Server, page: Page) -> None:
    told = coverage_of(portal_server, TODAY)
    expected = [(row.county.adcode, row.stations, row.sample_stations) for row in told.counties]
    visit(page, f"{portal_server.url}/coverage?as_of={TODAY}")
    with saved(page, 2, "CSV").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(io.StringIO(file.read())))
    assert [(row[0], int(row[4]), int(row[5])) for row in rows[1:]] == expected, "rows alone, for a program to read"
    book = openpyxl.load_workbook(io.BytesIO(saved(page, 2, "Excel").read_bytes()))
    sheet = book.worksheets[0]
    assert [tuple(cell.value for cell in row if cell.column in (1, 5, 6)) for row in sheet.iter_rows(2)] == expected
    notes = "".join(row[0].value for row in book.worksheets[1].iter_rows())
    assert "2026年11月24日" in notes
    assert "示例" in notes


def test_the_map_is_saved_as_a_picture(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/coverage")
    with page.expect_download() as download:
        page.get_by_role("button", name="导出地图（PNG）").click()
    assert download.value.suggested_filename.endswith(".png")
    assert Image.open(download.value.path()).format == "PNG"


def test_the_slider_repaints_the_map_without_drawing_it_anew(portal_server: Server, page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "/geo/" in request.url else None)
    visit(page, f"{portal_server.url}/coverage?as_of=2026-11-24")
    county = map_frame(page).locator(f'path.county[data-adcode="{PUKOU}"]')
    county.evaluate("path => { path.drawnOnce = true; }")
    before = county.get_attribute("fill")
    assert len(fetched) == 2
    page.get_by_role("slider").press("Home")
    page.wait_for_url("**/coverage?as_of=2021-01-01")
    settle(page)
    assert shown_figures(page)[0] == coverage_of(portal_server, date(2021, 1, 1)).covered
    expect(county).not_to_have_attribute("fill", before)
    assert county.evaluate("path => path.drawnOnce")
    assert len(fetched) == 2


def test_a_click_on_the_map_opens_the_county(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/coverage")
    map_frame(page).locator("path.county").nth(30).click(force=True)
    page.wait_for_url("**/county?adcode=32*")
    settle(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("（")


def test_a_county_tells_who_covers_it(portal_server: Server, page: Page) -> None:
    row = next(row for row in coverage_of(portal_server, TODAY).counties if row.county.adcode == PUKOU)
    visit(page, f"{portal_server.url}/county?adcode={PUKOU}")
    expect(page.get_by_role("heading", level=1)).to_have_text("浦口区（南京市）")
    expect(page.get_by_role("link", name="江浦街道质量小站")).to_be_visible()
    expect(page.locator(".facts s")).to_have_count(4 - len(row.elements))


def test_a_county_that_does_not_exist(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/county?adcode=<i>110101")
    expect(page.locator(".notice.warn")).to_contain_text("<i>110101")
    expect(page.locator(".page-footer")).to_be_visible()


def test_in_english_on_a_phone(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor("en-GB", phone=True)
    visit(page, f"{portal_server.url}/coverage")
    expect(page.get_by_role("heading", name="Counties not covered")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    visit(page, f"{portal_server.url}/county?adcode={PUKOU}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pukou District (Nanjing)")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
