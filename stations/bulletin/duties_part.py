"""The part of the bulletin that names offices: the cities' ranking, who is overdue, and what is asked of whom next.

Its sentences are Chinese as printed, see ``stations.bulletin.document``.
"""

from __future__ import annotations

from collections.abc import Iterable

from stations.bulletin.figures import Bulletin
from stations.bulletin.official_layout import OfficialDocument
from stations.evaluation.indicators import Indicator
from stations.evaluation.results import EvaluatedUnit, mean_of
from stations.language import Language

_CHINESE = Language("zh_CN")
NOTHING = "—"
ANSWER_WITHIN = 10
"""Working days that the paper gives for an answer to it."""


def write_ranking(paper: OfficialDocument, bulletin: Bulletin) -> None:
    """Write the ranks of the cities by the evaluation of the month, and below them those without."""
    paper.heading("四、服务效能排名")
    ranking = bulletin.ranking
    busy = [unit for unit in ranking.units if unit.rank is not None or unit.weighed]
    if not busy:
        paper.paragraph("本月各设区市没有可以评估的服务，不作排名。")
        return
    few = ranking.scheme.few
    told = (
        f"按服务效能评估同一口径，参加排名的设区市{ranking.ranked}个，见表3。"
        f"请求和交付均不足{few}件、没有请求或尚无到期服务的不参加排名，不计得分。"
    )
    if not ranking.ranked:
        told = f"各设区市的请求和交付均不足{few}件，本月不作排名；各项数字见表3。"
    paper.paragraph(told)
    paper.table(
        "表3  各设区市服务效能排名",
        ("名次", "较上月", "设区市", "得分", "收到请求", "按期答复", "按期交付", "满意度"),
        [_ranked_row(bulletin, unit) for unit in busy],
        (2.2, 2.4, 3, 2.2, 2.6, 2.8, 2.8, 2.4),
    )


def _ranked_row(bulletin: Bulletin, unit: EvaluatedUnit) -> list[object]:
    def share(indicator: Indicator) -> str:
        value = unit.values[indicator]
        return NOTHING if value is None else _CHINESE.format_percent(value, 1)

    grade, requests = unit.values[Indicator.SATISFACTION], unit.values[Indicator.REQUESTS]
    return [
        unit.rank if unit.rank is not None else "不排名",
        _moved(unit.rank, bulletin.ranks_before.get(unit.code)),
        unit.name,
        NOTHING if unit.score is None else f"{unit.score:.1f}",
        int(requests or 0),
        share(Indicator.ANSWERED_IN_TIME),
        share(Indicator.DELIVERED_IN_TIME),
        NOTHING if grade is None else f"{grade:.2f}",
    ]


def _moved(rank: int | None, before: int | None) -> str:
    if rank is None or before is None:
        return NOTHING
    return "持平" if rank == before else f"{'升' if rank < before else '降'}{abs(rank - before)}位"


def write_overdue(paper: OfficialDocument, bulletin: Bulletin) -> None:
    """Write the stations whose services are overdue, by name, with the county and city that answer for them."""
    paper.heading("五、逾期未交付的单位")
    day = _CHINESE.format_date(bulletin.as_of)
    if not bulletin.overdue:
        paper.paragraph(f"截至{day}，没有逾期未交付服务的单位。")
        return
    services = sum(one.services for one in bulletin.overdue)
    paper.paragraph(f"截至{day}，{len(bulletin.overdue)}个站点有已逾期仍未交付的服务，共{services}项，名单见表4。")
    paper.table(
        f"表4  逾期未交付服务的站点（截至{day}）",
        ("设区市", "县（市、区）", "站点", "逾期项数", "其中示例", "最早应交付日"),
        [
            [
                one.station.city.name,
                one.station.county.name if one.station.county else NOTHING,
                one.station.name,
                one.services,
                one.samples,
                one.due_on.isoformat(),
            ]
            for one in bulletin.overdue
        ],
        (2.4, 3, 6.2, 2.2, 2.2, 3.2),
    )


def write_asked_next(paper: OfficialDocument, bulletin: Bulletin, own: str) -> None:
    """Write what is asked of whom next, from the figures; then the office's own paragraphs."""
    paper.heading("六、下一步工作要求")
    asked = [*_asked(bulletin)]
    for place, text in enumerate(asked, start=1):
        paper.paragraph(f"{place}．{text}")
    for text in filter(None, (line.strip() for line in own.splitlines())):
        paper.paragraph(text)
    if not asked and not own.strip():
        paper.paragraph("请各地巩固覆盖和服务成效。")


def _asked(bulletin: Bulletin) -> list[str]:
    asked = []
    if bulletin.overdue:
        cities = _in_order(one.station.city.name for one in bulletin.overdue)
        asked.append(
            f"逾期服务。请{'、'.join(cities)}督促表4所列站点尽快交付，"
            f"并自收到本通报起{ANSWER_WITHIN}个工作日内书面反馈原因和交付时间。"
        )
    if uncovered := bulletin.uncovered_by_city():
        told = "、".join(f"{city}（{len(counties)}个）" for city, counties in uncovered)
        asked.append(f"覆盖缺口。请{told}提出未覆盖县（市、区）的设站安排和时间。")
    mean = mean_of(bulletin.ranking.units, Indicator.DELIVERED_IN_TIME)
    late = [unit.name for unit in bulletin.ranking.units if unit.rank is not None and _is_below(unit, mean)]
    if late:
        asked.append(f"按期交付。{'、'.join(late)}的按期交付比例低于全省平均，请查找原因，逐项整改。")
    return asked


def _is_below(unit: EvaluatedUnit, mean: float | None) -> bool:
    own = unit.values[Indicator.DELIVERED_IN_TIME]
    return own is not None and mean is not None and own < mean - 1e-9


def _in_order(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
