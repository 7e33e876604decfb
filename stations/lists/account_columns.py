"""The columns of a list of accounts. Passwords and one-time codes are never in a list."""

from __future__ import annotations

from typing import Any

from stations.accounts.account_editing import EMAIL_LIMIT
from stations.accounts.accounts import WORKPLACE_LIMIT, read_username_text
from stations.duty.masking import STAR
from stations.entered_text import comparable, read_text, says_nothing
from stations.errors import InvalidInput
from stations.imports.headings import HEADINGS
from stations.imports.vocabulary import Choice
from stations.imports.word_mapping import WordKind
from stations.keeping.record_checks import read_phone
from stations.language import N_
from stations.lists.register import ListColumn
from stations.lists.role_words import ROLE_WORDS, read_roles
from stations.readers.email_address import read_email_address
from stations.tables.cell_values import cell_text

IN_USE, OUT_OF_USE = "在用", "停用"
_STATES = {
    **dict.fromkeys(
        ("在用", "启用", "正常", "有效", "使用中", "已启用", "在岗", "是", "1", "inuse", "active", "yes"), True
    ),
    **dict.fromkeys(
        ("停用", "禁用", "注销", "已停用", "已注销", "冻结", "离职", "离岗", "否", "0", "outofuse", "inactive", "no"),
        False,
    ),
}


def _unmasked(field: str, cell: Any) -> str | None:
    """Return the text of a cell; None if it says that there is nothing.

    Raises:
        InvalidInput: it is masked, as in a list for somebody who may not see it.
    """
    written = " ".join(cell_text(field, cell).split())
    if says_nothing(written):
        return None
    if STAR in written:
        raise InvalidInput(
            field, N_("“{text}” is masked; what is on file stays. To change it, write it whole"), text=written
        )
    return written


def _name(field: str, cell: Any) -> str | None:
    written = _unmasked(field, cell)
    return written and read_text(field, written, limit=80)


def _username(field: str, cell: Any) -> str | None:
    written = cell_text(field, cell)
    return None if says_nothing(written) else read_username_text(field, written)


def _phone(field: str, cell: Any) -> str | None:
    written = _unmasked(field, cell)
    return written and read_phone(field, written)


def _email(field: str, cell: Any) -> str | None:
    written = _unmasked(field, cell)
    return written and read_email_address(field, written, limit=EMAIL_LIMIT).address


def _roles(field: str, cell: Any) -> Any:
    written = cell_text(field, cell)
    return None if says_nothing(written) else read_roles(field, written)


def _words(field: str, cell: Any) -> str | None:
    written = " ".join(cell_text(field, cell).split())
    return None if says_nothing(written) else read_text(field, written, limit=300)


def _workplace(field: str, cell: Any) -> str | None:
    written = _unmasked(field, cell)
    return written and read_text(field, written, limit=WORKPLACE_LIMIT)


def _state(field: str, cell: Any) -> bool | None:
    written = cell_text(field, cell)
    if says_nothing(written):
        return None
    found = _STATES.get(comparable(written))
    if found is None:
        raise InvalidInput(
            field,
            N_("“{text}” says neither that the account is in use nor that it is not; write {in_use} or {out_of_use}"),
            text=written,
            in_use=IN_USE,
            out_of_use=OUT_OF_USE,
        )
    return found


COLUMNS: tuple[ListColumn, ...] = (
    ListColumn(
        "username",
        N_("User name"),
        (
            "用户名",
            "账号",
            "帐号",
            "登录名",
            "登录账号",
            "登录帐号",
            "用户账号",
            "账户",
            "账户名",
            "工号",
            "user name",
            "account",
        ),
        _username,
        needed=True,
        advice=N_("Letters, digits and . - _ @; without one, the e-mail address or the mobile number serves as such"),
    ),
    ListColumn(
        "name",
        N_("Person's name"),
        ("姓名", "用户姓名", "人员姓名", "使用人", "联系人", "真实姓名", "人员", "person's name", "person"),
        _name,
        needed=True,
        required=True,
        advice=N_("Needed for a new account"),
    ),
    ListColumn(
        "role",
        N_("Role"),
        ("角色", "岗位", "用户角色", "岗位/角色", "角色/岗位", "权限", "用户类型", "账号类型", "role"),
        _roles,
        needed=True,
        strict=True,
        advice=N_("Needed for a new account; several roles of one person parted by ；or in a row each"),
    ),
    ListColumn(
        "area",
        N_("Area of duty"),
        (
            "管辖地区",
            "职责范围",
            "管辖区域",
            "管辖范围",
            "所属地区",
            "所属区域",
            "负责区域",
            "负责地区",
            "地区",
            "区域",
            "辖区",
            "行政区划",
            "area of duty",
            *HEADINGS["county"],
        ),
        _words,
        needed=True,
        advice=N_("A city, a county or a station, by name or code; for the province it may be left empty"),
    ),
    ListColumn(
        "city",
        N_("City"),
        HEADINGS["city"],
        _words,
        advice=N_("Needed only where several counties have the same name"),
        in_export=False,
    ),
    ListColumn(
        "station",
        N_("Station"),
        ("小站", "所属小站", "服务小站", "质量小站", "所属站点", "站点", "站点名称", "小站名称", "所在小站", "station"),
        _words,
        advice=N_("Of a quality steward, in place of the area"),
        in_export=False,
    ),
    ListColumn(
        "unit",
        N_("Organisation"),
        ("单位", "工作单位", "所属单位", "单位名称", "所在单位", "部门", "organisation"),
        _workplace,
        advice=N_("Where the person works; the area of duty is taken from it where none is stated"),
        clearable=True,
    ),
    ListColumn(
        "department",
        N_("Department"),
        ("处室", "科室", "内设机构", "所在处室", "所属处室", "处（科）室", "处科室", "所在科室", "department"),
        _workplace,
        clearable=True,
    ),
    ListColumn(
        "phone",
        N_("Telephone"),
        ("手机", "手机号", "手机号码", "移动电话", "联系手机", *HEADINGS["phone"]),
        _phone,
        advice=N_("Seen by those who keep accounts only"),
        clearable=True,
    ),
    ListColumn(
        "email",
        N_("E-mail address"),
        ("邮箱", "电子邮箱", "邮箱地址", "电子邮件", "email", "e-mail", "e-mail address", "邮件"),
        _email,
        advice=N_("Seen by those who keep accounts only"),
        clearable=True,
    ),
    ListColumn(
        "active",
        N_("State"),
        ("状态", "账号状态", "使用状态", "是否启用", "state"),
        _state,
        advice=N_("在用 or 停用; empty: in use"),
    ),
)
CHOICES = (
    Choice(
        WordKind.ROLE,
        "role",
        ("角色", "岗位", "权限", "role"),
        {role.value: words[0] for role, words in ROLE_WORDS.items()},
        {role.value: role.label for role in ROLE_WORDS},
        lambda roles: tuple(role.value for role in roles),
    ),
    Choice(
        WordKind.STATE,
        "active",
        ("状态", "账号状态", "state"),
        {"in_use": IN_USE, "out_of_use": OUT_OF_USE},
        {"in_use": N_("In use"), "out_of_use": N_("Out of use")},
        lambda active: ("in_use" if active else "out_of_use",),
    ),
)
"""The columns with few choices, which an office's own words can be taught to mean."""
GATHERED = frozenset({"role", "area", "city", "station"})
"""The columns of which an account may have several, each in a row of its own."""
