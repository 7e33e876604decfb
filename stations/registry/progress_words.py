"""The words by which lists tell how far something has come: a station, a centre, a pilot. The one table of them.

A word means the same everywhere (``Progress``); what it is called in the registry is the status of a station and the
stage of a centre or a pilot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType

from stations.registry.centre import Stage
from stations.registry.station import Status


class Progress(Enum):
    """How far something has come."""

    PLANNED = auto()
    APPROVED = auto()
    UNDER_CONSTRUCTION = auto()
    ACCEPTED = auto()
    SERVING = auto()
    PAUSED = auto()
    ENDED = auto()


STATUS_OF: Mapping[Progress, Status] = MappingProxyType(
    {
        Progress.PLANNED: Status.PLANNED,
        Progress.APPROVED: Status.PLANNED,
        Progress.UNDER_CONSTRUCTION: Status.PLANNED,
        Progress.ACCEPTED: Status.ACTIVE,
        Progress.SERVING: Status.ACTIVE,
        Progress.PAUSED: Status.SUSPENDED,
        Progress.ENDED: Status.CLOSED,
    }
)
"""The status of a station that has come so far."""

STAGE_OF: Mapping[Progress, Stage] = MappingProxyType(
    {
        Progress.PLANNED: Stage.PLANNED,
        Progress.APPROVED: Stage.APPROVED,
        Progress.UNDER_CONSTRUCTION: Stage.UNDER_CONSTRUCTION,
        Progress.ACCEPTED: Stage.ACCEPTED,
        Progress.SERVING: Stage.ACCEPTED,
        Progress.ENDED: Stage.WITHDRAWN,
    }
)
"""The stage of a centre or pilot that has come so far. None is paused."""

_SERVES = (
    "(?:(?:投入|对外|正常|正式|全面|稳定|持续|良好|开展|并|在|试)*"
    "(?:运行|运营|营业|营运|运转|开放|服务|使用|投用|投运|启用|启动|开业|开通|挂牌|揭牌|建成|办公|用|营|运))+"
)
_BEFORE, _AFTER = "(?:现已|目前|当前|已经|现|已|正在|正|仍|处于)*", "(?:了|中|状态|阶段|正常|良好|稳定|期)*"
_REPAIR = "(?:停业|暂停|闭店)?(?:整改|整顿|检修|维修|装修|修缮|升级|改造|搬迁中|正在搬迁)+(?:暂停|停业|停用)?"
_NOT_YET = "(?:尚未|暂未|还未|未|没有|即将|预计|计划|拟|拟于|待|将|准备|筹备)"
_PAUSE = "(?:停|停用|停运|停业|歇业|休业|暂停|暂停对外|中止)"
_END = "关|关闭|关停|关门|撤|撤销|撤站|撤并|撤除|裁撤|注销|取消|停办|摘牌|终止|结束"
_APPROVAL = "(?:省|市|国家|总局|市场监管总局|省局|国家局|上级)?(?:批准|批复|核准|获批|获准|同意)"
_BEFORE_TEST = "(?:尚未|暂未|待|申请|准备|拟|即将)"
_TEST = "(?:现场|专家|组织|最终|省局|国家)?(?:验收|考核|评估)"

_SHAPES: tuple[tuple[Progress, str], ...] = (
    (Progress.ACCEPTED, "已?建(?:成|好)(?:并?通过验收)?|已建设?|完成(?:建设|试点|创建)?|complete[d]?"),
    (Progress.ACCEPTED, f"(?:已|顺利|成功)?通过(?:了)?{_TEST}|{_TEST}(?:合格|通过|完成|结束)?|accepted"),
    (Progress.PLANNED, f"(?:未|尚未|暂未|还未|没有){_APPROVAL}(?:立项|筹建|建设)?"),
    (Progress.UNDER_CONSTRUCTION, f"(?:建设中|在建|筹建)?(?:未|没有|{_BEFORE_TEST}(?:通过)?){_TEST}"),
    (Progress.UNDER_CONSTRUCTION, f"(?:在建中?|筹建中?|建设中)(?:并|但)?{_NOT_YET}{_SERVES}"),
    (Progress.PLANNED, f"(?:规划中?|建成|建好)?(?:并|但)?{_NOT_YET}{_SERVES}"),
    (Progress.APPROVED, f"{_APPROVAL}(?:筹建|建设|立项|设立|成立)?|批筹|立项|下达|已获批(?:筹建|建设)?"),
    (Progress.APPROVED, "approved(?:forconstruction)?"),
    (Progress.PLANNED, "(?:未|尚未|待|拟)建设?|规划|计划|规划建设|planned(?:station)?|(?:拟|准备)?申报|申请"),
    (Progress.PLANNED, "(?:未|尚未|待)(?:施工|开工|动工|立项)"),
    (Progress.UNDER_CONSTRUCTION, "(?:在|筹)建设?|建设|筹备|施工|开工|动工|创建|实施|试点|推进|underconstruction"),
    (Progress.PAUSED, f"(?:临时|暂时|短期)?{_PAUSE}(?:{_SERVES}|整顿)?"),
    (Progress.PAUSED, f"(?:临时|暂时|短期)(?:关|关闭|关停|停止)(?:{_SERVES})?|暂不{_SERVES}|{_REPAIR}|suspended"),
    (Progress.ENDED, f"(?:停止|终止|不再|结束|永久停止)(?:{_SERVES}|筹建|建设|试点|创建)"),
    (Progress.ENDED, f"(?:永久|长期|被)?(?:{_END})(?:筹建|建设|试点|资格)?|closed(?:forgood)?|withdrawn"),
    (Progress.SERVING, f"{_SERVES}|正常|良好|正常开展|开|是|√|✓|✔|☑|y|yes|active|open|operating"),
)
"""The first that fits a whole text, without what may stand before or after it, says how far it has come."""

_WORDS = tuple((progress, re.compile(f"{_BEFORE}(?:{shape}){_AFTER}")) for progress, shape in _SHAPES)


_FITTED_OUT = re.compile(f"{_BEFORE}(?:装修|修缮|装饰|升级|改造|维修|检修)+{_AFTER}")


def is_fitting_out(words: str) -> bool:
    """Whether words say no more than that the place is being fitted out, as it also is before something opens."""
    return _FITTED_OUT.fullmatch(words) is not None


def progress_in(words: str) -> Progress | None:
    """Return what words say, in plain small characters without blanks and marks; None if they say nothing known."""
    return next((progress for progress, shape in _WORDS if shape.fullmatch(words)), None)
