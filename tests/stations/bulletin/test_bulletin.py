from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest
from docx import Document
from docx.document import Document as DocumentType
from docx.oxml.ns import qn
from docx.shared import Length
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from stations.audit.log import AuditEntry
from stations.bulletin.document import bulletin_docx
from stations.bulletin.figures import Bulletin, gather_bulletin, make_bulletin
from stations.bulletin.letter import Letter, keep_letter, letter_of
from stations.bulletin.official_layout import Face
from stations.bulletin.request_figures import RequestFigures
from stations.coverage.county_coverage import coverage_on
from stations.database import transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.errors import Conflict, InvalidForm, InvalidInput, NotAllowed
from stations.evaluation.counts import Counted
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.evaluation.period import read_period
from stations.evaluation.results import evaluate
from stations.language import CHINA_TIME
from stations.readers.dates import read_month
from stations.requests.moves import MoveName
from stations.requests.rating import Rating
from stations.requests.service_request import ServiceRequest
from stations.requests.states import State
from stations.targets.counting_rule import Subject
from tests.conftest import NOW, TODAY

PROVINCE = "320000"

OCTOBER = date(2026, 10, 1)
OWN = Letter(
    "苏市监发〔2026〕12号", "各设区市市场监督管理局", "江苏省某局", "请于11月30日前报送整改情况。\n联系人另行通知。"
)
IN_TIME = {
    Indicator.ANSWERED_IN_TIME: ("answers_due", "answered_in_time"),
    Indicator.DELIVERED_IN_TIME: ("deliveries_due", "delivered_in_time"),
}
"""The indicators of the evaluation, each with the bulletin's figures for its part and its whole."""


@pytest.fixture(scope="module")
def october(sample_engine: Engine) -> Bulletin:
    with Session(sample_engine) as session:
        return gather_bulletin(session, OCTOBER, samples=True, today=TODAY)


@pytest.fixture(scope="module")
def paper(october: Bulletin) -> DocumentType:
    return Document(io.BytesIO(bulletin_docx(october, now=NOW, letter=OWN)))


def in_october(moment: datetime | None) -> bool:
    return moment is not None and moment.astimezone(CHINA_TIME).strftime("%Y-%m") == "2026-10"


def test_the_figures_are_those_of_the_rules(sample_engine: Engine, october: Bulletin) -> None:
    with Session(sample_engine) as session:
        told = coverage_on(session, date(2026, 10, 31), samples=True)
        assert [(row.county.adcode, row.status, row.stations) for row in october.coverage.counties] == [
            (row.county.adcode, row.status, row.stations) for row in told.counties
        ]
        assert october.before.covered == coverage_on(session, date(2026, 9, 30), samples=True).covered
        filed = delivered = due = in_time = overdue = 0
        for request in session.scalars(select(ServiceRequest)):
            filed += in_october(request.created_at)
            if any(event.move is MoveName.DELIVER and in_october(event.at) for event in request.events):
                delivered += 1
            for item in request.items if request.state is not State.CANCELLED else ():
                if item.due_on is not None and f"{item.due_on:%Y-%m}" == "2026-10":
                    due += 1
                    in_time += item.delivered_late is False
                if item.due_on is not None and item.due_on <= date(2026, 10, 31):
                    done = item.delivered_at and item.delivered_at.astimezone(CHINA_TIME).date()
                    overdue += done is None or done > date(2026, 10, 31)
        grades = [rating.overall for rating in session.scalars(select(Rating)) if in_october(rating.created_at)]
    told = october.requests[PROVINCE]
    assert (told.filed, told.delivered) == (filed, delivered)
    assert (told.deliveries_due, told.delivered_in_time, told.overdue) == (due, in_time, overdue)
    assert (told.ratings, told.grades) == (len(grades), sum(grades))
    assert filed > 0 < delivered
    cities = [figures for area, figures in october.requests.items() if area != PROVINCE]
    assert len(cities) == 13
    assert sum(figures.filed for figures in cities) == filed
    assert sum(figures.delivered for figures in cities) == delivered
    assert 0 < in_time < due
    assert overdue > 0
    assert october.holds_samples
    assert not october.running


@pytest.mark.parametrize("month", ["2026-10", "2026-11"])
@pytest.mark.parametrize("samples", [True, False])
def test_what_is_in_time_is_counted_as_the_evaluation_counts_it(
    sample_engine: Engine, month: str, samples: bool
) -> None:
    with Session(sample_engine) as session:
        told = gather_bulletin(session, read_month("month", month), samples=samples, today=TODAY)
        evaluated = evaluate(session, read_period(month), UnitLevel.CITY, Counted(samples), today=TODAY)
    dues, parts = dict.fromkeys(IN_TIME, 0), dict.fromkeys(IN_TIME, 0)
    for unit in evaluated.units:
        for indicator, (due, part) in IN_TIME.items():
            share, basis = unit.values[indicator], unit.basis[indicator]
            figures = told.requests[unit.code]
            assert getattr(figures, due) == basis
            assert getattr(figures, part) == round((share or 0) * basis)
            dues[indicator] += basis
            parts[indicator] += round((share or 0) * basis)
    for indicator, (due, part) in IN_TIME.items():
        province = told.requests[PROVINCE]
        assert (getattr(province, due), getattr(province, part)) == (dues[indicator], parts[indicator])
        assert (dues[indicator] > 0) is samples


def test_the_paper_tells_what_fell_due_and_the_backlog(october: Bulletin, paper: DocumentType) -> None:
    told = october.requests[PROVINCE]
    texts = [paragraph.text for paragraph in paper.paragraphs]
    text = next(text for text in texts if text.startswith("本月全省各小站收到企业服务请求"))
    share = f"{100 * told.delivered_in_time / told.deliveries_due:.1f}%"
    for part in (
        f"收到企业服务请求{told.filed}件（均为示例），办结{told.delivered}件（均为示例）",
        f"本月应作首次答复的请求{told.answers_due}件",
        f"本月应交付的服务{told.deliveries_due}项（均为示例）",
        f"按期交付{told.delivered_in_time}项（均为示例），占{share}。",
        f"截至2026年10月31日，已逾期仍未交付的服务{told.overdue}项（均为示例）。",
    ):
        assert part in text


def test_where_some_figures_are_samples_it_says_how_many(october: Bulletin) -> None:
    mixed = replace(october, sample_requests={PROVINCE: RequestFigures(filed=3, overdue=1)})
    texts = [paragraph.text for paragraph in Document(io.BytesIO(bulletin_docx(mixed, now=NOW))).paragraphs]
    text = next(text for text in texts if text.startswith("本月全省各小站收到企业服务请求"))
    told = october.requests[PROVINCE]
    assert f"收到企业服务请求{told.filed}件（其中示例3件），办结{told.delivered}件。" in text
    assert f"已逾期仍未交付的服务{told.overdue}项（其中示例1项）。" in text


def test_a_target_of_counties_says_on_which_day_it_is_counted(october: Bulletin, paper: DocumentType) -> None:
    (code,) = [one.target.code for one in october.standings if one.rule.subject is Subject.COUNTY]
    at_end = october.at_period_end[code]
    now = next(one for one in october.standings if one.target.code == code)
    rows = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in paper.tables[1].rows}
    assert rows[f"{now.target.name_zh}（期末2025年12月31日）"][1] == str(at_end.counted)
    assert rows[f"{now.target.name_zh}（截至2026年10月31日）"][1] == str(now.counted)
    assert at_end.counted != now.counted
    assert any("县（市、区）覆盖按当日状况统计" in paragraph.text for paragraph in paper.paragraphs)


def test_while_the_period_runs_a_target_of_counties_is_one_row(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        gathered = gather_bulletin(session, date(2025, 6, 1), samples=True, today=TODAY)
    assert gathered.at_period_end == {}
    targets = Document(io.BytesIO(bulletin_docx(gathered, now=NOW))).tables[1]
    assert len(targets.rows) == 1 + len(gathered.standings)


def test_a_month_that_runs_is_told_as_of_today_and_one_to_come_not_at_all(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        running = gather_bulletin(session, date(2026, 11, 1), samples=True, today=TODAY)
        assert (running.running, running.as_of) == (True, TODAY)
        with pytest.raises(InvalidInput, match="not begun"):
            gather_bulletin(session, date(2026, 12, 1), samples=True, today=TODAY)


@pytest.mark.parametrize("text", ["2026-13", "2026-0", "october", "2026-10-01", ""])
def test_a_month_that_can_not_be_read_is_told(text: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        read_month("month", text)
    assert problem.value.field == "month"


def test_only_the_provinces_administrators_make_it(sample_engine: Engine) -> None:
    def actor(role: Role, kind: AreaKind, code: str, *, sample: bool = False) -> Actor:
        return Actor("a", "甲", sample, (Responsibility(role, kind, code),))

    province = actor(Role.PROVINCE, AreaKind.PROVINCE, PROVINCE)
    invented = actor(Role.PROVINCE, AreaKind.PROVINCE, PROVINCE, sample=True)
    with Session(sample_engine) as session:
        for allowed, samples in ((province, True), (province, False), (invented, True)):
            assert make_bulletin(session, allowed, OCTOBER, samples=samples, today=TODAY)
        city = actor(Role.CITY, AreaKind.CITY, "320500")
        for refused, samples in ((None, True), (city, True), (invented, False)):
            with pytest.raises(NotAllowed):
                make_bulletin(session, refused, OCTOBER, samples=samples, today=TODAY)


def test_without_samples_nothing_says_sample(reference_engine: Engine) -> None:
    with Session(reference_engine) as session:
        gathered = gather_bulletin(session, OCTOBER, samples=False, today=TODAY)
    assert not gathered.holds_samples
    texts = [paragraph.text for paragraph in Document(io.BytesIO(bulletin_docx(gathered, now=NOW))).paragraphs]
    assert not any("示例" in text for text in texts)


def test_it_says_what_the_figures_say(october: Bulletin, paper: DocumentType) -> None:
    texts = [paragraph.text for paragraph in paper.paragraphs]
    assert texts[:5] == [
        "苏市监发〔2026〕12号",
        "",
        "江苏省质量小站建设与服务情况通报",
        "（2026年10月）",
        "各设区市市场监督管理局：",
    ]
    assert "示例" in texts[5]
    covered = october.coverage
    assert any(f"有运行中小站的{covered.covered}个" in text and "87.4%" in text for text in texts)
    assert any(
        all(f"{city}：{'、'.join(counties)}" in text for city, counties in october.uncovered_by_city())
        for text in texts
    )
    cities, targets, ranking, overdue = paper.tables
    assert len(cities.rows) == 1 + 13 + 1
    total = [cell.text for cell in cities.rows[-1].cells]
    requests = october.requests[PROVINCE]
    assert total == [
        "全省",
        "95",
        str(covered.covered),
        str(covered.fully_served),
        "87.4%",
        "持平",
        f"{covered.covered - october.year_before.covered:+d}",
        str(requests.filed),
        str(requests.delivered),
    ]
    assert len(targets.rows) == 1 + len(october.standings) + len(october.at_period_end)
    assert [[cell.text for cell in row.cells][:3] for row in ranking.rows[1:]][: october.ranking.ranked] == [
        [str(one.rank), told, one.name]
        for one in october.ranking.units[: october.ranking.ranked]
        for before in [october.ranks_before.get(one.code)]
        for told in [
            "—"
            if before is None
            else "持平"
            if before == one.rank
            else f"{'升' if before > one.rank else '降'}{abs(before - one.rank)}位"
        ]
    ]
    assert all(row.cells[3].text == "—" for row in ranking.rows[1:] if row.cells[0].text == "不排名")
    assert sum(int(row.cells[3].text) for row in overdue.rows[1:]) == requests.overdue
    assert [row.cells[2].text for row in overdue.rows[1:]] == [one.station.name for one in october.overdue]
    assert [text for text in texts if text][-2:] == ["江苏省某局", "2026年11月24日"]
    assert len(paper.inline_shapes) == 1


def test_the_layout_is_that_of_gb_t_9704(paper: DocumentType) -> None:
    section = paper.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(size.mm) for size in sizes] == [210, 297, 37, 28]
    block = (
        section.page_width - section.left_margin - section.right_margin,
        section.page_height - section.top_margin - section.bottom_margin,
    )
    assert [round(Length(size).mm) for size in block] == [156, 225]
    faces = {
        name: (style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size.pt)
        for name in ("公文标题", "公文正文", "公文一级标题")
        for style in [paper.styles[name]]
    }
    assert faces == {
        "公文标题": (Face.TITLE.font, 22),
        "公文正文": (Face.TEXT.font, 16),
        "公文一级标题": (Face.HEADING.font, 16),
    }
    line = paper.styles["公文正文"].paragraph_format.line_spacing
    assert round(block[1] / line) == 22
    assert paper.settings.odd_and_even_pages_header_footer
    for footer in (section.footer, section.even_page_footer):
        assert "PAGE" in footer._element.xml
    leads = {
        run.text: run._r.rPr.rFonts.get(qn("w:eastAsia"))
        for one in paper.paragraphs
        for run in one.runs
        if run.text.startswith("（一）")
    }
    assert leads == {"（一）总体情况。": Face.SUBHEADING.font}


def test_every_face_names_what_to_take_in_its_place(october: Bulletin) -> None:
    with zipfile.ZipFile(io.BytesIO(bulletin_docx(october, now=NOW))) as package:
        fonts = package.read("word/fontTable.xml").decode()
    for face in Face:
        assert f'w:name="{face.font}"' in fonts
        assert face.instead in fonts


def test_the_month_is_compared_with_the_month_before_and_with_last_year(october: Bulletin, paper: DocumentType) -> None:
    texts = [paragraph.text for paragraph in paper.paragraphs]
    more = october.coverage.covered - october.year_before.covered
    assert more > 0
    assert any(f"与上月末持平，比上年同期增加{more}个" in text for text in texts)
    told = next(text for text in texts if text.startswith("本月全省各小站收到企业服务请求"))
    for name, before in (("上月", october.requests_before), ("上年同月", october.requests_year_before)):
        filed = october.requests[PROVINCE].filed - before.filed
        assert before.filed and filed
        assert f"与{name}相比，收到{'增加' if filed > 0 else '减少'}{abs(filed)}件" in told
    quiet = replace(october, requests_year_before=RequestFigures())
    texts = [paragraph.text for paragraph in Document(io.BytesIO(bulletin_docx(quiet, now=NOW))).paragraphs]
    assert any("上年同月没有记录，不作比较" in text for text in texts)


def test_the_paper_says_what_is_asked_next_and_the_office_adds_its_own_words(
    october: Bulletin, paper: DocumentType
) -> None:
    texts = [paragraph.text for paragraph in paper.paragraphs]
    begun, ended = texts.index("六、下一步工作要求"), texts.index("七、数据说明")
    asked = texts[begun + 1 : ended]
    assert asked[0].startswith("1．逾期服务。") and all(one.station.city.name in asked[0] for one in october.overdue)
    assert asked[1].startswith("2．覆盖缺口。")
    assert all(f"{city}（{len(counties)}个）" in asked[1] for city, counties in october.uncovered_by_city())
    assert asked[-2:] == OWN.asked_next.splitlines()


def test_no_page_has_the_date_alone(october: Bulletin) -> None:
    for issuer in ("", "江苏省某局"):
        content = bulletin_docx(october, now=NOW, letter=replace(OWN, issuer=issuer))
        last = Document(io.BytesIO(content)).paragraphs[-3 if issuer else -2]
        assert last.text.endswith("。")
        assert last.paragraph_format.keep_with_next and last.paragraph_format.keep_together


def test_a_number_that_is_not_given_is_left_open(october: Bulletin) -> None:
    paper = Document(io.BytesIO(bulletin_docx(october, now=NOW)))
    assert paper.paragraphs[0].text == "〔2026〕　　号"


def test_what_an_office_writes_is_kept_for_the_month_with_who_wrote_it(reference_engine: Engine) -> None:
    province = Actor("a", "甲", False, (Responsibility(Role.PROVINCE, AreaKind.PROVINCE, PROVINCE),))
    city = Actor("b", "乙", False, (Responsibility(Role.CITY, AreaKind.CITY, "320500"),))
    with transaction(reference_engine) as session:
        unwritten = letter_of(session, OCTOBER, samples=False)
        assert unwritten == Letter()
        keep_letter(session, province, OCTOBER, replace(OWN, version=0), samples=False, now=NOW)
    with transaction(reference_engine) as session:
        kept = letter_of(session, OCTOBER, samples=False)
        assert (kept.asked_next, kept.written_by, kept.written_at) == (OWN.asked_next, "甲", NOW)
        assert letter_of(session, OCTOBER, samples=True) == Letter()
        assert letter_of(session, date(2026, 11, 1), samples=False) == Letter()
        keep_letter(session, province, OCTOBER, replace(kept, number=""), samples=False, now=NOW)
        for refused, letter, error in (
            (province, kept, Conflict),  # kept once more since
            (city, kept, NotAllowed),
            (None, kept, NotAllowed),
            (province, replace(kept, issuer="局" * 41), InvalidForm),
        ):
            with pytest.raises(error):
                keep_letter(session, refused, OCTOBER, letter, samples=False, now=NOW)
    with Session(reference_engine) as session:
        assert letter_of(session, OCTOBER, samples=False).number == ""
        actions = [entry.action for entry in session.scalars(select(AuditEntry))]
        assert actions.count("write_bulletin") == 2
