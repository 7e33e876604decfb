"""A firm's ledger of instruments: access, due dates, and the import of a spreadsheet."""

from __future__ import annotations

import io
from datetime import date, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from stations.answers.instruments import ledger_file
from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.errors import Conflict, InvalidForm, InvalidInput, NotFound
from stations.firms.instrument_import import import_instruments, preview_import, read_ledger_sheet
from stations.firms.instrument_sheet import ledger_table, template
from stations.firms.instruments import (
    Instrument,
    InstrumentForm,
    InstrumentLedger,
    RowOutcome,
    Standing,
    count_standings,
    due_day,
    get_instruments,
    list_instruments,
    mark_verified,
    remove_instruments,
    save_instrument,
    standing_of,
)
from stations.firms.ledgers import (
    close_ledger,
    confirm_reminders,
    delete_ledger,
    own_ledger,
    replace_code,
    set_reminders,
    try_open_ledger,
    try_reminder_code,
    writable_ledger,
)
from stations.firms.renewal import SERVICE, draft_renewal, renewal_address
from stations.language import Language
from stations.notices.firm_address import MOST_CODES
from stations.notices.outbox import Notice
from stations.requests.attachments import list_draft_attachments
from stations.requests.code_guard import LookedUp
from stations.requests.draft import find_draft
from stations.samples.ledger import CODE, NUMBER
from stations.secret_codes import NewCode
from stations.tables.table import csv_file
from stations.tables.workbooks import as_workbook
from tests.conftest import NOW, TODAY
from tests.stations.ledger_factories import BROWSER, add_instrument, begin, remind

ELSEWHERE = "c" * 43
CSV = (
    "XX 公司器具台账\n\n器具名称,出厂编号,型号规格,检定日期,检定周期\n"
    "压力表,００１,Y-100,2026年3月5日,6个月\n台秤,002,,2026/1/20,12\n秤,003,,2026-13-01,0\n压力表,001,,,6\n合计,4,,,\n"
)


def open_as(engine: Engine, number: str, code: str, *, samples: bool = False, **who: str) -> LookedUp[InstrumentLedger]:
    return try_open_ledger(
        engine, number, code, **{"client": "a", "browser": ELSEWHERE, **who}, now=NOW, samples=samples
    )


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(1, 120))
def test_due_is_the_same_day_later_or_the_last_of_its_month(verified: date, months: int) -> None:
    due = due_day(verified, months)
    assert (due.year * 12 + due.month) - (verified.year * 12 + verified.month) == months
    assert due.day == verified.day or (due.day < verified.day and (due + timedelta(days=1)).day == 1)


def test_an_instrument_stands_by_its_due_day() -> None:
    days = {None: Standing.UNKNOWN, -1: Standing.OVERDUE, 0: Standing.OVERDUE, 1: Standing.SOON, 31: Standing.VALID}
    for ahead, standing in days.items():
        due = None if ahead is None else TODAY + timedelta(days=ahead)
        assert standing_of(due, TODAY) is standing


def test_a_ledger_opens_with_number_and_code_however_typed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        begun = begin(session)
        number, code = begun.ledger.number, begun.code
    typed = f" {number.lower().replace('-', ' ')} ", f"{code[:5].lower()} {code[5:]}"
    assert open_as(reference_engine, *typed).found.number == number
    assert open_as(reference_engine, number, "0000000000").found is None
    assert open_as(reference_engine, "M261124-000000", code).found is None
    assert open_as(reference_engine, number.replace("M", "Q"), code).found is None


def test_only_the_browser_it_is_open_in_sees_it(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        assert own_ledger(session, ledger.number, BROWSER, now=NOW, samples=False) is ledger
        for browser, now in ((ELSEWHERE, NOW), (None, NOW), (BROWSER, NOW + timedelta(days=1))):
            with pytest.raises(NotFound):
                own_ledger(session, ledger.number, browser, now=now, samples=False)
        close_ledger(session, ledger, BROWSER)
        with pytest.raises(NotFound):
            own_ledger(session, ledger.number, BROWSER, now=NOW, samples=False)


def test_a_new_code_ends_the_one_before(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        begun = begin(session)
        secret = NewCode()
        replace_code(session, begun.ledger, secret, now=NOW)
    assert open_as(reference_engine, begun.ledger.number, begun.code).found is None
    assert open_as(reference_engine, begun.ledger.number, secret.code).found is not None


def test_beginning_tells_every_wrong_field(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session, pytest.raises(InvalidForm) as problem:
        begin(session, firm_name=" ", county_adcode="999999", consent=False)
    assert [one.field for one in problem.value.problems] == ["firm_name", "county_adcode", "consent"]


def test_saving_changing_and_the_double_of_one(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        kept = add_instrument(session, ledger, "１", date(2026, 5, 31), 6)
        assert (kept.number, kept.due_on) == ("1", date(2026, 11, 30))
        with pytest.raises(InvalidForm, match="already"):
            add_instrument(session, ledger, "1", None)
        form = InstrumentForm(name="压力表", number="1", interval_months=12)
        save_instrument(session, ledger, form, code=kept.code, version=1, now=NOW, today=TODAY)
        assert (kept.due_on, kept.version) == (None, 2)
        with pytest.raises(Conflict):
            save_instrument(session, ledger, form, code=kept.code, version=1, now=NOW, today=TODAY)
        with pytest.raises(InvalidForm) as problem:
            wrong = InstrumentForm(name="", number="x" * 61, interval_months=0, last_verified=TODAY + timedelta(days=1))
            save_instrument(session, ledger, wrong, code=None, now=NOW, today=TODAY)
    assert {one.field for one in problem.value.problems} == {"name", "number", "interval_months", "last_verified"}


def test_verifying_and_removing_several(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        ledger, other = begin(session).ledger, begin(session).ledger
        codes = [add_instrument(session, ledger, number, None).code for number in "123"]
        foreign = add_instrument(session, other, "1", None).code
        assert mark_verified(session, ledger, codes[:2], TODAY, now=NOW, today=TODAY) == 2
        counts = count_standings(session, ledger, TODAY)
        assert (counts[Standing.VALID], counts[Standing.UNKNOWN]) == (2, 1)
        for wrong in ([*codes, foreign], ["none"]):
            with pytest.raises(NotFound):
                mark_verified(session, ledger, wrong, TODAY, now=NOW, today=TODAY)
            with pytest.raises(NotFound):
                remove_instruments(session, ledger, wrong, now=NOW)
        with pytest.raises(InvalidInput):
            mark_verified(session, ledger, [], TODAY, now=NOW, today=TODAY)
        assert remove_instruments(session, ledger, codes[:1], now=NOW) == 1
        assert [one.number for one in list_instruments(session, ledger)] == ["2", "3"]


def test_pages_of_a_ledger_follow_one_another(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        for number in range(7):
            add_instrument(session, ledger, str(number), date(2026, 1, 1 + number % 3) if number % 4 else None)
        whole = [one.code for one in list_instruments(session, ledger)]
        paged, last = [], None
        while page := list_instruments(session, ledger, after=last, limit=2):
            paged += [one.code for one in page]
            last = page[-1]
        assert paged == whole and len(whole) == 7


def test_a_spreadsheet_is_told_row_by_row_before_it_is_written(reference_engine: Engine) -> None:
    content = CSV.encode("gb18030")
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        preview = preview_import(session, ledger, read_ledger_sheet(content), today=TODAY)
        assert [(row.number, row.outcome.value) for row in preview.rows] == [
            (4, "new"),
            (5, "new"),
            (6, "wrong"),
            (7, "wrong"),
        ]
        assert [(one.row, one.column) for row in preview.rows for one in row.problems] == [
            (6, "last_verified"),
            (6, "interval_months"),
            (7, "number"),
        ]
        assert list_instruments(session, ledger) == []
        with pytest.raises(InvalidForm):
            import_instruments(session, ledger, read_ledger_sheet(content), only_good=False, now=NOW, today=TODAY)
        assert list_instruments(session, ledger) == []
        import_instruments(session, ledger, read_ledger_sheet(content), only_good=True, now=NOW, today=TODAY)
        first, second = list_instruments(session, ledger)
        assert (first.number, first.model, first.due_on) == ("001", "Y-100", date(2026, 9, 5))
        sheet = read_ledger_sheet("器具名称,编号,周期\n压力表,001,12\n台秤,002,12\n".encode())
        again = preview_import(session, ledger, sheet, today=TODAY)
        assert [(row.outcome, dict(row.changes)) for row in again.rows] == [
            (RowOutcome.CHANGED, {"interval_months": 6}),
            (RowOutcome.UNCHANGED, {}),
        ]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("save", ["csv", "xlsx"])
def test_a_saved_ledger_reads_back_unchanged(reference_engine: Engine, language: str, save: str) -> None:
    said = Language(language)
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        form = InstrumentForm("=1+1", "-5", 6, date(2026, 5, 31), "@型号", "+2 级", "车间")
        save_instrument(session, ledger, form, code=None, now=NOW, today=TODAY)
        add_instrument(session, ledger, "7", None)
        table = ledger_file(ledger, list_instruments(session, ledger), TODAY, said)
        sent = ledger_table(ledger, list_instruments(session, ledger), TODAY, said)
        assert (table.title, table.headings, table.rows) == (sent.title, sent.headings, sent.rows)
        content = csv_file(table) if save == "csv" else as_workbook(table, said)
        preview = preview_import(session, ledger, read_ledger_sheet(content), today=TODAY)
    assert [row.outcome for row in preview.rows] == [RowOutcome.UNCHANGED] * 2, [row.problems for row in preview.rows]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_template_is_understood_and_its_examples_are_passed_over(reference_engine: Engine, language: str) -> None:
    said = Language(language)
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(template(said), said)))
    book.worksheets[0].append(["水表", "9", None, None, None, None, 72])
    written = io.BytesIO()
    book.save(written)
    with transaction(reference_engine) as session:
        preview = preview_import(session, begin(session).ledger, read_ledger_sheet(written.getvalue()), today=TODAY)
    assert [(row.values["name"], row.outcome) for row in preview.rows] == [("水表", RowOutcome.NEW)]


def test_renewal_fills_the_request_and_attaches_the_list(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        codes = [add_instrument(session, ledger, number, date(2025, 11, 1)).code for number in "12"]
        for _ in range(2):  # after two clicks there is still one list
            draft_renewal(session, ledger, codes, BROWSER, language=Language("zh_CN"), now=NOW, today=TODAY)
    with reading(reference_engine) as session:
        draft = find_draft(session, BROWSER, NOW)
        content = draft.content
        assert (content["services"], content["address"]) == ([SERVICE], renewal_address())
        assert (content["firm_name"], content["county_adcode"]) == ("测试厂", "320583")
        assert "压力表" in content["product"] and content["description"].count("出厂编号") == 2
        assert [file.name for file in list_draft_attachments(session, draft)] == [f"到期器具清单 {ledger.number}.xlsx"]


def test_reminders_begin_once_the_address_is_proved(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        set_reminders(session, ledger, "email", "a@example.com", "en", now=NOW)
        (sent,) = session.scalars(select(Notice))
        assert ledger.address_confirmed_at is None
        with pytest.raises(InvalidInput):
            confirm_reminders(session, ledger, "00000-00000-00000-00000", now=NOW)
        typed = sent.text.splitlines()[1].rsplit(" ", 1)[1]
        assert try_reminder_code(session, ledger, "1" + typed, now=NOW) is not None
        assert try_reminder_code(session, ledger, typed, now=NOW) is None
        assert ledger.address_confirmed_at == NOW
        set_reminders(session, ledger, "email", "b@example.com", "en", now=NOW)
        assert ledger.address_confirmed_at is None
        assert try_reminder_code(session, ledger, typed, now=NOW) is not None
        confirm_reminders(session, ledger, ledger.address_proof, now=NOW)
        assert ledger.address_confirmed_at == NOW, "as a program does"
        set_reminders(session, ledger, "", "", "en", now=NOW)
        assert (ledger.notice_channel, ledger.notice_address, ledger.address_proof) == (None, None, None)


def test_nobody_is_pestered_with_codes(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        for _ in range(MOST_CODES):
            set_reminders(session, ledger, "email", "a@example.com", "en", now=NOW)
            set_reminders(session, ledger, "", "", "en", now=NOW)
        with pytest.raises(InvalidInput) as problem:
            set_reminders(session, ledger, "email", "a@example.com", "en", now=NOW)
        assert problem.value.field == "notice_address"
        set_reminders(session, ledger, "email", "b@example.com", "en", now=NOW)
        set_reminders(session, ledger, "email", "a@example.com", "en", now=NOW + timedelta(days=2))


def test_deleting_leaves_nothing_of_the_firm(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        ledger = begin(session).ledger
        number = ledger.number
        add_instrument(session, ledger, "1", None)
        remind(session, ledger)
    with transaction(reference_engine) as session:
        delete_ledger(session, own_ledger(session, number, BROWSER, now=NOW, samples=False), now=NOW)
    with reading(reference_engine) as session:
        for table in (InstrumentLedger, Instrument, Notice):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        told = list(session.scalars(select(AuditEntry).where(AuditEntry.subject == number)))
        assert told and not any("测试厂" in str(one.detail) or "example.com" in str(one.detail) for one in told)


def test_the_sample_ledger_opens_for_all_and_changes_for_nobody(sample_copy_engine: Engine) -> None:
    assert open_as(sample_copy_engine, NUMBER, CODE).found is None  # samples are left out
    assert open_as(sample_copy_engine, NUMBER, CODE, samples=True).found.sample
    with transaction(sample_copy_engine) as session:
        ledger = own_ledger(session, NUMBER, ELSEWHERE, now=NOW, samples=True)
        assert count_standings(session, ledger, TODAY)[Standing.OVERDUE] == 2
        assert all(one.name.startswith("示例") for one in list_instruments(session, ledger))
        assert get_instruments(session, ledger, ["I-SAMPLE-001"])
        with pytest.raises(Conflict):
            writable_ledger(session, NUMBER, ELSEWHERE, now=NOW, samples=True)
