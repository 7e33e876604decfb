"""One target's page: every figure leads to its records, and the chart's table says what the domain says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from stations.database import open_engine, reading
from stations.targets.counting_rule import Bucket, Measure
from stations.targets.progress import Dimension, burn_up, take_apart
from stations.targets.target import TargetStanding, get_target, standing_on
from tests.conftest import TODAY
from tests.portal.browsing import open_choices, open_expander, settle, visit
from tests.portal.conftest import Server

DAY = date(2024, 6, 30)


def standing(server: Server, day: date, measure: Measure | None = None) -> TargetStanding:
    engine = open_engine(server.environment["DATABASE_URL"])
    with reading(engine) as session:
        target = get_target(session, "qi_centres")
        rule = target.rule_on(day)
        answer = standing_on(session, target, day, samples=True, rule=rule.measured_by(measure) if measure else rule)
    engine.dispose()
    return answer


def figures(stands: TargetStanding) -> list[str]:
    numbers = [stands.pipeline, stands.missing, stands.count(Bucket.UNDATED)]
    return [f"{stands.counted} / 49", *map(str, numbers)]


def test_the_figures_are_the_domains_by_whatever_rule(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/target?code=qi_centres&as_of={DAY}")
    expect(page.locator(".card .figure")).to_have_text(figures(standing(portal_server, DAY)))
    open_choices(page, "计数规则")
    page.get_by_role("option", name="期内批准筹建").click()
    page.wait_for_url("**by=approved_in_period*")
    expect(page.locator(".card .figure")).to_have_text(
        figures(standing(portal_server, DAY, Measure.APPROVED_IN_PERIOD))
    )


def test_a_figure_opens_to_the_records_behind_it(portal_server: Server, page: Page) -> None:
    stands = standing(portal_server, TODAY)
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        parts = take_apart(session, stands, Dimension.CITY)
    engine.dispose()
    part = max(parts, key=lambda one: one.counts[Bucket.COUNTED])
    visit(page, f"{portal_server.url}/target?code=qi_centres&as_of={TODAY}")
    row = page.locator(".table tbody tr").filter(has_text=part.key.name).first
    row.locator("a").first.click()
    page.wait_for_url(f"**bucket=counted*city={part.key.adcode}*")
    settle(page)
    shown = page.locator(".table").first.locator("tbody tr")
    expect(shown).to_have_count(part.counts[Bucket.COUNTED])
    expect(page.locator(".card .figure").first).to_have_text(str(part.counts[Bucket.COUNTED]))
    visit(page, f"{portal_server.url}/target?code=qi_centres&as_of={TODAY}&bucket=counted")
    expect(shown).to_have_count(stands.counted)


def test_the_chart_is_drawn_from_our_own_address_and_its_table_says_the_same(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/target?code=qi_centres&as_of={DAY}")
    expect(page.locator('[data-testid="stVegaLiteChart"] :is(canvas, svg)').first).to_be_visible()
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with reading(engine) as session:
        points = burn_up(session, get_target(session, "qi_centres"), DAY, samples=True)
    engine.dispose()
    same = open_expander(page, "以表格查看")
    counts = same.locator("tbody tr td:nth-child(2)")
    expect(counts).to_have_text([str(point.counted) for point in reversed(points)])
    expect(page.get_by_text("按2024年6月30日已知情况推算")).to_be_visible()
    expect(page.get_by_text("不预测新的批准筹建")).to_be_visible()


def test_what_is_not_begun_is_supposed_by_the_visitor(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/target?code=qi_centres&by=in_being")
    page.get_by_label("假定今后每年新批准多少个").fill("6")
    page.keyboard.press("Enter")
    page.wait_for_url("**approvals=6*")
    settle(page)
    expect(page.locator("tr", has_text="其中新批准的（每年 6 个）")).to_be_visible()
    expect(page.locator(".source", has_text="假定每年新批准 6 个")).to_contain_text("共 18 个")
    expect(page.get_by_text("不预测新的批准筹建")).to_have_count(0)
    visit(page, f"{portal_server.url}/target?code=qi_centres&by=in_being&approvals=many")
    expect(page.get_by_text("不预测新的批准筹建")).to_be_visible()


def test_after_the_period_it_says_why_nothing_is_forecast(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/target?code=qi_centres")
    expect(page.get_by_text("规划期已结束")).to_be_visible()
    expect(page.get_by_text("修改计数规则")).to_have_count(0)


def test_a_target_that_does_not_exist(portal_server: Server, page: Page) -> None:
    visit(page, f"{portal_server.url}/target?code=<b>nothing")
    expect(page.locator(".notice.warn")).to_contain_text("<b>nothing")
    expect(page.locator(".page-footer")).to_be_visible()


def test_in_english_on_a_phone(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor("en-GB", phone=True)
    visit(page, f"{portal_server.url}/target?code=station_coverage&as_of=2024-12-31")
    expect(page.get_by_role("heading", name="Month by month")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
