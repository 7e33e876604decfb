"""Create instrument ledgers for tests."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from stations.firms.instruments import Instrument, InstrumentForm, InstrumentLedger, save_instrument
from stations.firms.ledgers import LedgerForm, NewLedger, begin_ledger, confirm_reminders, set_reminders
from stations.secret_codes import NewCode
from tests.conftest import NOW, TODAY

BROWSER = "b" * 43


def begin(session: Session, **changes: object) -> NewLedger:
    form = LedgerForm(
        **{"firm_name": "测试厂", "county_adcode": "320583", "consent": True, "language": "zh_CN", **changes}
    )
    return begin_ledger(session, form, NewCode(), browser=BROWSER, now=NOW, today=TODAY)


def add_instrument(
    session: Session, ledger: InstrumentLedger, number: str, last_verified: date | None, months: int = 12
) -> Instrument:
    form = InstrumentForm(name="压力表", number=number, interval_months=months, last_verified=last_verified)
    return save_instrument(session, ledger, form, code=None, now=NOW, today=TODAY)


def remind(session: Session, ledger: InstrumentLedger, address: str = "a@example.com", channel: str = "email") -> None:
    set_reminders(session, ledger, channel, address, "zh_CN", now=NOW)
    confirm_reminders(session, ledger, ledger.address_proof, now=NOW)
