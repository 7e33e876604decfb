"""The words that offices write for roles: 县级管理员, 区县管理员, 质量管家, 小站管理员 …"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from stations.duty.roles import Role
from stations.entered_text import comparable
from stations.errors import InvalidInput
from stations.language import LANGUAGES, N_, Bilingual, Language, label
from stations.tables.table import LIST_MARK

ROLE_WORDS: Mapping[Role, tuple[str, ...]] = {
    Role.PROVINCE: ("省级管理员", "省管理员", "省局管理员", "省级", "省局", "省级用户", "省厅管理员", "全省管理员"),
    Role.CITY: ("市级管理员", "设区市管理员", "市管理员", "市局管理员", "市级", "设区市级", "市级用户", "地市管理员"),
    Role.COUNTY: (
        "县级管理员",
        "区县管理员",
        "县区管理员",
        "县管理员",
        "区管理员",
        "区级管理员",
        "区县级管理员",
        "县(市、区)管理员",
        "县市区管理员",
        "县(区)管理员",
        "县局管理员",
        "县级",
        "区县级",
        "区级",
        "县级用户",
    ),
    Role.STATION: (
        "质量管家",
        "管家",
        "小站管家",
        "小站管理员",
        "站点管理员",
        "小站负责人",
        "站点负责人",
        "站长",
        "小站工作人员",
        "驻站人员",
        "站点管家",
    ),
    Role.AUDITOR: ("审计员", "审计", "审计人员", "审计用户"),
    Role.PLANNER: ("规划员", "规划", "规划人员", "规划用户"),
}
"""The words of each role; the first is that of the exported list."""

_BETWEEN = re.compile(r"[;；、,，/\n]+")
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")


@cache
def _role_of_word() -> Mapping[str, Role]:
    labels = {comparable(label(Language(code), role)): role for role in Role for code in LANGUAGES}
    words = {comparable(word): role for role, words in ROLE_WORDS.items() for word in words}
    return labels | words | {role.value: role for role in Role}


def read_roles(field: str, text: str) -> tuple[Role, ...]:
    """Return the roles that a cell names, without duplicates.

    Raises:
        InvalidInput: words are no roles; the message names them and the roles there are.
    """
    found: dict[Role, None] = {}
    unknown: dict[str, None] = {}
    whole = _role_of_word().get(comparable(text))  # 县(市、区)管理员
    for word in [text] if whole else filter(str.strip, _BETWEEN.split(text)):
        role = _role_of_word().get(comparable(word)) or _role_of_word().get(comparable(_IN_BRACKETS.sub("", word)))
        if role is None:
            unknown[word.strip()] = None
        else:
            found[role] = None
    if unknown:
        known = Bilingual("、".join(words[0] for words in ROLE_WORDS.values()), ", ".join(role.label for role in Role))
        message = N_("“{text}” is not the name of a role; write one of: {roles}")
        raise InvalidInput(field, message, text=LIST_MARK.join(unknown), roles=known)
    return tuple(found)
