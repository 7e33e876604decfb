"""Words of lists that name services by their number (全部五项, 四大要素服务), or all of them without saying which.

Four are the elements of quality infrastructure; five the core services of a station, of which quality management is the
fifth; seven these with the two that stations add to them, intellectual property and brands; eight the whole catalogue.
All of them (全部服务, 以上全部) may mean any of these, so somebody has to say which.
"""

from __future__ import annotations

import re

from stations.catalogue.service import ELEMENTS
from stations.entered_text import comparable

_CORE = (*ELEMENTS, "quality_management")
_WIDER = (*_CORE, "intellectual_property", "branding")
_MEANT = {**dict.fromkeys("四4", ELEMENTS), **dict.fromkeys("五5", _CORE), **dict.fromkeys("七7", _WIDER)}
_MEANT |= dict.fromkeys("八8", (*_WIDER, "quality_finance"))

_BEFORE = (
    r"(?:以上|上述|前述|全部|所有|全|共|各|均|都|提供|具备|包?含|涵盖|开展|质量基础设施|nqi|核心|基础|主要|的)*"
)
_WHAT = (
    r"(?:全部|全覆盖|核心|基础|质量|设施|一站式|服务|业务|要素|功能|类别|板块|内容|项目|事项|职能"
    r"|都有|均有|齐全|俱全|均可|全|的)*"
)
_COUNTED = re.compile(
    rf"(?:.+等)?{_BEFORE}(?P<number>[四五七八4578])(?:(?:大|项|类|个|种|位一体)+{_WHAT}|要素{_WHAT})"
)
_ALL = re.compile(
    r"(?:以上|上述|前述|以下|本站|小站|站点|可?提供|开展)*"
    rf"(?:全部|所有|全套|全项|全类|各项|各类|都|均|全|一站式)(?:的|可|能|有|提供|办理|选|覆盖)*{_WHAT}"
)


def counted_groups(word: str) -> tuple[str, ...]:
    """Return the codes of the groups that a word counts (全部五项, 计量等五项服务); empty if it counts none."""
    found = _COUNTED.fullmatch(comparable(word))
    return _MEANT[found["number"]] if found else ()


def says_all(word: str) -> bool:
    """Whether a word says all services, but not which these are (全部服务, 以上全部)."""
    return _ALL.fullmatch(comparable(word)) is not None
