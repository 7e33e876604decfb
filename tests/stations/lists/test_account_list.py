"""Lists of accounts: who gives which role where, what is shown once, and what a list never has."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, select

from stations.accounts.accounts import User
from stations.accounts.own_account import set_first_password
from stations.accounts.password_check import sign_in
from stations.answers.presentation import render
from stations.answers.register_lists import REGISTER_IMPORT, RegisterImport, column_labels
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.duty.roles import Actor, AreaKind, Responsibility, Role
from stations.errors import NotAllowed
from stations.imports.applied_plan import Imported
from stations.imports.plan import Outcome, Weight
from stations.imports.report import import_report
from stations.language import Language
from stations.lists.applying import apply_list, list_register
from stations.lists.list_plan import ListPlan
from stations.lists.registers import REGISTERS
from stations.lists.role_words import read_roles
from tests.conftest import NOW
from tests.stations.account_factories import account
from tests.stations.factories import add_station
from tests.stations.lists.test_list_round_trip import changed_list, exported, planned
from tests.stations.registry_factories import CITY, COUNTY, KUNSHAN, PROVINCE, SUZHOU

ACCOUNTS = REGISTERS["accounts"]
CHINESE = Language("zh_CN")
AUDITOR = Actor("wu", "吴", False, (Responsibility(Role.AUDITOR, AreaKind.PROVINCE, "320000"),))
HEADINGS = "用户名,姓名,角色,管辖地区,手机,邮箱,状态"
OFFICE = f"""{HEADINGS}
wangxm,王小明,县级管理员,昆山市,138 1234 5678,wang@example.com,在用
,,质量管家,昆山质量小站,,,
liss,李思思,市级管理员,苏州,0512-6825 1000,,
zhaoq,赵强,审计员,江苏省,—,zhao@example.com,停用
"""


@pytest.fixture
def engine(reference_engine: Engine) -> Engine:
    with transaction(reference_engine) as session:
        station = add_station(session, KUNSHAN)
        station.code, station.name = "S-3205-001", "昆山质量小站"
    return reference_engine


def listed(*rows: str, headings: str = HEADINGS) -> bytes:
    return "\n".join((headings, *rows)).encode()


def outcomes(plan: ListPlan) -> list[Outcome]:
    return [row.outcome for row in plan.rows]


def remarks(plan: ListPlan, number: int = 2) -> list[tuple[str, Weight, str]]:
    (row,) = [row for row in plan.rows if row.number == number]
    return [(one.column, one.weight, one.told(CHINESE)) for one in row.remarks]


def taken(
    engine: Engine, content: bytes, actor: Actor = PROVINCE, *, doubtful: bool = False
) -> tuple[ListPlan, Imported | None]:
    with transaction(engine) as session:
        plan = planned(session, actor, ACCOUNTS, content)
        if not plan.to_apply(doubtful=doubtful):
            return plan, None
        return plan, apply_list(session, actor, ACCOUNTS, plan, doubtful=doubtful, now=NOW)


def duties(engine: Engine, username: str) -> set[tuple[Role, str]]:
    with reading(engine) as session:
        user = session.scalars(select(User).where(User.username == username)).one()
        return {(duty.role, duty.area_code) for duty in user.duties}


def test_accounts_come_in_and_each_sets_the_first_password_with_a_code_shown_once(engine: Engine) -> None:
    plan, done = taken(engine, OFFICE.encode())
    assert outcomes(plan) == [Outcome.NEW, Outcome.JOINED, Outcome.NEW, Outcome.NEW]
    assert done is not None and done.codes == {2: "wangxm", 4: "liss", 5: "zhaoq"}
    assert duties(engine, "wangxm") == {(Role.COUNTY, KUNSHAN), (Role.STATION, "S-3205-001")}
    with reading(engine) as session:
        wang, zhao = (session.scalars(select(User).where(User.username == name)).one() for name in ("wangxm", "zhaoq"))
        assert (wang.phone, wang.email, wang.active, wang.password_hash) == (
            "138 1234 5678",
            "wang@example.com",
            True,
            None,
        )
        assert (zhao.phone, zhao.active) == (None, False)
        log = str([entry.detail for entry in session.scalars(select(AuditEntry))])
    code = done.one_time[2]
    assert set(done.one_time) == {2, 4, 5} and code not in repr(done) + log
    shown = render(REGISTER_IMPORT, RegisterImport(ACCOUNTS, plan, done), CHINESE, "table")
    assert code in str(shown)
    assert code.encode() not in import_report(plan, CHINESE, labels=column_labels(ACCOUNTS))
    new = "correct horse battery"
    assert set_first_password(engine, "wangxm", code, new, new, NOW)
    assert sign_in(engine, "wangxm", new, NOW)
    assert outcomes(taken(engine, OFFICE.encode())[0]) == [
        Outcome.UNCHANGED,
        Outcome.JOINED,
        Outcome.UNCHANGED,
        Outcome.UNCHANGED,
    ]


@pytest.mark.parametrize(("form", "language"), [("xlsx", "zh_CN"), ("csv", "en")])
def test_the_exported_list_has_no_secret_and_comes_back_unchanged(engine: Engine, form: str, language: str) -> None:
    _plan, done = taken(engine, OFFICE.encode())
    assert done is not None
    with reading(engine) as session:
        content = exported(session, PROVINCE, ACCOUNTS, form, language)
        plan = planned(session, PROVINCE, ACCOUNTS, content)
        hashes = [user.setup_code_hash for user in session.scalars(select(User))]
    assert set(outcomes(plan)) == {Outcome.UNCHANGED, Outcome.JOINED}
    assert plan.sheet.passed_over == ()
    assert not any(secret.encode() in content for secret in (*done.one_time.values(), *filter(None, hashes)))


@pytest.mark.parametrize(
    ("heading", "written", "field"),
    [
        ("姓名", "王晓明", "name"),
        ("手机", "139 0000 0000", "phone"),
        ("邮箱", "xm@example.com", "email"),
        ("状态", "停用", "active"),
    ],
)
@pytest.mark.one_database
def test_a_changed_cell_changes_only_its_field(engine: Engine, heading: str, written: str, field: str) -> None:
    taken(engine, OFFICE.encode())
    with reading(engine) as session:
        content = exported(session, PROVINCE, ACCOUNTS, "csv")

    def change(rows: list[dict[str, str]]) -> None:
        for row in rows:
            if row["用户名"] == "wangxm":
                row[heading] = written

    plan, done = taken(engine, changed_list(content, change), doubtful=True)
    outcome = Outcome.DOUBTFUL if field == "name" else Outcome.CHANGED  # it may be another person
    (changed,) = [row for row in plan.rows if row.outcome is outcome]
    assert list(changed.changes) == [field]
    if field == "name":
        (told,) = [text for column, weight, text in remarks(plan, changed.number) if weight is Weight.DOUBT]
        assert "王小明" in told and written in told
    assert done is not None and (done.added, done.changed, done.one_time) == (0, 1, {})
    with reading(engine) as session:
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject == "wangxm").order_by(AuditEntry.id.desc())
        )
        assert next(iter(actions)) in {"rename_user", "set_user_contact", "deactivate_user"}
        assert written not in str([one.detail for one in session.scalars(select(AuditEntry))]) or field == "name"


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("wang,王小明,超级用户,昆山市,,,", "role", "超级用户"),
        ("wang,王小明,管理员,昆山市,,,", "role", "管理员"),
        ("wang,王小明,县级管理员,某某县,,,", "area", "某某县"),
        ("wang,王小明,县级管理员,,,,", "area", ""),
        ("wang,王小明,县级管理员,苏州市,,,", "area", "苏州市"),
        ("wang,王小明,质量管家,昆山市,,,", "area", "昆山市"),
        ("wang,王小明,县级管理员,太仓市、昆山质量小站,,,", "area", "S-3205-001"),
        ("wang,王小明,,昆山市,,,", "role", ""),
        ("王 小明,王小明,县级管理员,昆山市,,,", "username", ""),
        ("wang,,县级管理员,昆山市,,,", "name", ""),
        (",王小明,县级管理员,昆山市,,,", "username", ""),
    ],
)
@pytest.mark.one_database
def test_what_gives_rights_must_be_understood(engine: Engine, row: str, column: str, words: str) -> None:
    with reading(engine) as session:
        plan = planned(session, PROVINCE, ACCOUNTS, listed(row, "li,李四,县级管理员,太仓市,,,"))
    assert outcomes(plan) == [Outcome.WRONG, Outcome.NEW], remarks(plan)
    faults = [(where, told) for where, weight, told in remarks(plan) if weight is Weight.FAULT]
    assert any(where == column and words in told for where, told in faults), faults


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("wang,王小明,县级管理员,昆山市,1381234567,,", "phone", "1381234567"),
        ("wang,王小明,县级管理员,昆山市,138****5678,,", "phone", "138****5678"),
        ("wang,王小明,县级管理员,昆山市,,wang#example.com,", "email", "wang#example.com"),
        ("wang,王小明,县级管理员,昆山市,,,也许", "active", "也许"),
    ],
)
@pytest.mark.one_database
def test_what_else_cannot_be_read_costs_nothing(engine: Engine, row: str, column: str, words: str) -> None:
    plan, done = taken(engine, listed(row), doubtful=True)
    assert outcomes(plan) == [Outcome.DOUBTFUL]
    assert [told for where, _weight, told in remarks(plan) if where == column and words in told]
    assert done is not None and done.added == 1


@pytest.mark.parametrize(
    ("actor", "row"),
    [
        (COUNTY, "new,新人,县级管理员,昆山市,,,"),  # a role of one's own
        (COUNTY, "new,新人,质量管家,T-TAICANG,,,"),  # outside the own area
        (CITY, "new,新人,市级管理员,苏州市,,,"),
        (CITY, "new,新人,省级管理员,江苏省,,,"),
        (CITY, "new,新人,县级管理员,鼓楼区,,,"),
        (CITY, "new,新人,审计员,苏州市,,,"),
    ],
)
@pytest.mark.one_database
def test_nobody_gives_a_role_above_the_own_one_or_outside_the_own_area(engine: Engine, actor: Actor, row: str) -> None:
    with transaction(engine) as session:
        add_station(session, "320585").code = "T-TAICANG"
    plan, done = taken(engine, listed(row), actor, doubtful=True)
    assert (outcomes(plan), done) == ([Outcome.WRONG], None)
    assert any(weight is Weight.FAULT for _column, weight, _told in remarks(plan))


@pytest.mark.one_database
def test_accounts_of_others_are_neither_seen_nor_changed(engine: Engine) -> None:
    account(engine, "zhao", Role.PROVINCE, "320000")
    account(engine, "sun", Role.CITY, SUZHOU)
    account(engine, "li", Role.COUNTY, KUNSHAN)
    with reading(engine) as session:
        assert [row["username"] for row in list_register(session, CITY, ACCOUNTS, now=NOW)] == ["li"]
        taken_name = planned(session, CITY, ACCOUNTS, listed("zhao,某人,县级管理员,昆山市,,,"))
        own = planned(session, PROVINCE, ACCOUNTS, listed("zhao,改名,省级管理员,,,,"))
        with pytest.raises(NotAllowed):
            list_register(session, AUDITOR, ACCOUNTS, now=NOW)
        with pytest.raises(NotAllowed):
            planned(session, AUDITOR, ACCOUNTS, OFFICE.encode())
    assert outcomes(taken_name) == outcomes(own) == [Outcome.WRONG]
    assert "zhao" in remarks(taken_name)[0][2]


@pytest.mark.one_database
def test_an_account_with_a_duty_elsewhere_is_not_the_county_administrators_to_change(engine: Engine) -> None:
    taken(engine, OFFICE.encode())  # wangxm is administrator of the county too
    plan, done = taken(engine, listed("wangxm,改名,质量管家,昆山质量小站,,,"), COUNTY, doubtful=True)
    assert (outcomes(plan), done) == ([Outcome.WRONG], None)


@pytest.mark.one_database
def test_a_list_adds_duties_and_takes_none_away(engine: Engine) -> None:
    taken(engine, OFFICE.encode())
    plan, _done = taken(engine, listed("liss,李思思,市级管理员,南京市,,,"))
    assert outcomes(plan) == [Outcome.DOUBTFUL]
    (told,) = [told for _column, weight, told in remarks(plan) if weight is Weight.DOUBT]
    assert "苏州市" in told and "南京市" in told
    assert duties(engine, "liss") == {(Role.CITY, SUZHOU)}
    taken(engine, listed("liss,李思思,市级管理员,南京市,,,"), doubtful=True)
    assert duties(engine, "liss") == {(Role.CITY, SUZHOU), (Role.CITY, "320100")}


@pytest.mark.one_database
def test_an_unknown_role_of_an_account_on_file_is_wrong_too(engine: Engine) -> None:
    taken(engine, OFFICE.encode())
    plan, _done = taken(engine, listed("liss,李思思,超级用户,苏州市,,,"))
    assert outcomes(plan) == [Outcome.WRONG]
    assert "超级用户" in remarks(plan)[0][2]


@pytest.mark.one_database
def test_a_blank_cell_leaves_what_is_on_file(engine: Engine) -> None:
    taken(engine, OFFICE.encode())
    plan, _done = taken(engine, listed("wangxm,,,,,new@example.com,"))
    assert outcomes(plan) == [Outcome.CHANGED]
    assert list(plan.rows[0].changes) == ["email"]


@pytest.mark.one_database
def test_a_masked_list_leaves_what_is_on_file(engine: Engine) -> None:
    taken(engine, OFFICE.encode())
    plan, _done = taken(engine, listed("wangxm,王**,县级管理员,昆山市,138****5678,w***@example.com,在用"))
    assert outcomes(plan) == [Outcome.UNCHANGED]
    assert [column for column, _weight, _told in remarks(plan)] == ["name", "phone", "email", "role"]


@pytest.mark.one_database
def test_the_same_person_with_another_account_is_doubted(engine: Engine) -> None:
    taken(engine, OFFICE.encode())
    rows = ("wang2,王小明,县级管理员,昆山市,,,", "w3,王某,县级管理员,太仓市,,wang@example.com,")
    plan, _done = taken(engine, listed(*rows))
    assert outcomes(plan) == [Outcome.DOUBTFUL, Outcome.DOUBTFUL]
    assert "wangxm" in remarks(plan)[0][2] and "wangxm" in remarks(plan, 3)[0][2]


@pytest.mark.one_database
def test_lists_without_user_names_and_with_other_headings_are_read(engine: Engine) -> None:
    headings = "序号,姓名,单位,岗位,所属小站,联系电话,电子邮箱"
    rows = (
        "1,钱多,,小站管理员,昆山质量小站,13800001111,",
        "2,孙立,太仓市市场监督管理局,区县管理员,,,sun@example.com",
    )
    plan, done = taken(engine, listed(*rows, headings=headings), doubtful=True)
    assert outcomes(plan) == [Outcome.NEW, Outcome.DOUBTFUL], [remarks(plan), remarks(plan, 3)]
    assert done is not None and done.codes == {2: "13800001111", 3: "sun@example.com"}
    assert duties(engine, "sun@example.com") == {(Role.COUNTY, "320585")}
    assert outcomes(taken(engine, listed(*rows[:1], headings=headings))[0]) == [Outcome.UNCHANGED]


@pytest.mark.one_database
def test_a_wrong_row_keeps_the_whole_account_out(engine: Engine) -> None:
    rows = ("wang,王小明,县级管理员,昆山市,,,", "wang,王小明,超级用户,江苏省,,,")
    plan, done = taken(engine, listed(*rows), doubtful=True)
    assert (outcomes(plan), done) == ([Outcome.WRONG, Outcome.WRONG], None)
    assert "3" in remarks(plan)[0][2]


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("省级管理员", (Role.PROVINCE,)),
        ("县（市、区）管理员", (Role.COUNTY,)),
        ("区县管理员", (Role.COUNTY,)),
        ("小站管理员、审计员", (Role.STATION, Role.AUDITOR)),
        ("质量管家（兼职）", (Role.STATION,)),
        ("Quality steward", (Role.STATION,)),
        ("planner", (Role.PLANNER,)),
    ],
)
def test_the_words_for_roles_are_read(written: str, roles: Sequence[Role]) -> None:
    assert read_roles("role", written) == tuple(roles)


@pytest.fixture
def staffed(engine: Engine) -> Engine:
    rows = (
        "liss,李思思,县级管理员,昆山市,0512-68251000,lss@example.com,",
        "13800001111,周舟,县级管理员,昆山市,13800001111,,",
    )
    taken(engine, listed(*rows))
    return engine


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",王五,市级管理员,苏州市,0512-68251000,,", ""),  # a telephone that an office shares
        (",王五,市级管理员,苏州市,0512-68251000,LSS@example.com,", "李思思"),
        (",王五,市级管理员,苏州市,,lss@example.com,", "李思思"),
        (",,市级管理员,苏州市,,lss@example.com,", "李思思"),
        (",王五,市级管理员,苏州市,138 0000 1111,,", "周舟"),
        ("liss,王五,市级管理员,苏州市,,,", "李思思"),
        ("LISS,王五,市级管理员,苏州市,,,", "李思思"),
    ],
)
@pytest.mark.one_database
def test_nobody_gets_the_account_of_somebody_else(staffed: Engine, row: str, told: str) -> None:
    plan, done = taken(staffed, listed(row), doubtful=True)
    assert (outcomes(plan), done) == ([Outcome.WRONG], None)
    assert told in str(remarks(plan)) and (not told or "王五" in str(remarks(plan)) or ",," in row)
    assert duties(staffed, "liss") == {(Role.COUNTY, KUNSHAN)}


@pytest.mark.parametrize(
    "row",
    [
        ",李思思,县级管理员,太仓市,0512-68251000,,",
        ",李思思,县级管理员,太仓市,,LSS@example.com,",
        "liss,李 思思,县级管理员,太仓市,,,",
    ],
)
@pytest.mark.one_database
def test_a_person_is_known_by_the_name_with_address_or_telephone(staffed: Engine, row: str) -> None:
    plan, _done = taken(staffed, listed(row), doubtful=True)
    assert plan.rows[0].code == "liss"
    assert duties(staffed, "liss") == {(Role.COUNTY, KUNSHAN), (Role.COUNTY, "320585")}


@pytest.mark.parametrize(
    "rows",
    [
        ("wangwu,王五,县级管理员,太仓市,,,", ",赵六,市级管理员,苏州市,,,"),
        ("wangwu,王五,县级管理员,太仓市,,,", "wangwu,赵六,市级管理员,苏州市,,,"),
        (",王五,县级管理员,太仓市,13911112222,,", ",赵六,市级管理员,苏州市,13911112222,,"),
        (",王五,县级管理员,太仓市,,wu@example.com,", ",赵六,市级管理员,苏州市,,wu@example.com,"),
        ("wangwu,王五,县级管理员,太仓市,,,", ",,市级管理员,苏州市,13911112222,,"),
        ("wangwu,王五,县级管理员,太仓市,,,", "赵 六,,市级管理员,苏州市,,,"),
        ("wangwu,王五,县级管理员,太仓市,,,", ",赵*,市级管理员,苏州市,,,"),
    ],
)
@pytest.mark.one_database
def test_the_next_persons_duty_is_not_that_of_the_person_above(engine: Engine, rows: tuple[str, ...]) -> None:
    plan, done = taken(engine, listed(*rows, ",,审计员,江苏省,,,"), doubtful=True)
    assert outcomes(plan) == [Outcome.NEW, Outcome.WRONG, Outcome.WRONG]
    assert done is not None
    assert duties(engine, done.codes[2]) == {(Role.COUNTY, "320585")}


@pytest.mark.one_database
def test_a_second_name_in_a_further_row_gives_the_account_on_file_no_duty(staffed: Engine) -> None:
    rows = ("liss,李思思,县级管理员,昆山市,,,", "liss,赵六,市级管理员,苏州市,,,")
    taken(staffed, listed(*rows), doubtful=True)
    taken(staffed, listed(*reversed(rows)), doubtful=True)
    assert duties(staffed, "liss") == {(Role.COUNTY, KUNSHAN)}


@pytest.mark.one_database
def test_rows_below_a_wrong_one_are_not_those_of_the_person_before(staffed: Engine) -> None:
    rows = (
        "bing,丙某,县级管理员,太仓市,,,",
        ",王五,县级管理员,太仓市,,lss@example.com,",
        ",,审计员,江苏省,,,",
    )
    plan, _done = taken(staffed, listed(*rows), doubtful=True)
    assert outcomes(plan) == [Outcome.NEW, Outcome.WRONG, Outcome.WRONG]
    assert "3" in remarks(plan, 4)[-1][2]
    assert duties(staffed, "bing") == {(Role.COUNTY, "320585")}


@pytest.mark.one_database
def test_several_accounts_of_one_name_and_telephone_are_told_once(engine: Engine) -> None:
    taken(engine, listed(*(f"li{n},李思思,县级管理员,昆山市,0512-68251000,," for n in (1, 2))), doubtful=True)
    plan, _done = taken(engine, listed(",李思思,审计员,江苏省,0512-68251000,,"), doubtful=True)
    assert [column for column, *_ in remarks(plan)] == ["username"]
    assert "li1" in remarks(plan)[0][2] and "li2" in remarks(plan)[0][2]


@pytest.mark.parametrize(
    "row",
    [
        "neu,新人,质量管家,昆山质量小站,,Geheim@example.com,",
        ",新人,质量管家,昆山质量小站,,geheim@example.com,",
        "mine,,,,,geheim@example.com,",
    ],
)
@pytest.mark.one_database
def test_the_accounts_of_other_places_are_not_revealed(engine: Engine, row: str) -> None:
    rows = ("geheimnis,某某,县级管理员,太仓市,,geheim@example.com,", "mine,管家,质量管家,昆山质量小站,,,")
    taken(engine, listed(*rows))
    plan, done = taken(engine, listed(row), COUNTY, doubtful=True)
    assert (outcomes(plan), done) == ([Outcome.WRONG], None)
    assert all(word not in str(remarks(plan)) for word in ("geheimnis", "某某", "太仓"))
    plan, _done = taken(engine, listed(row), doubtful=True)
    assert "geheimnis" in str(remarks(plan))
