"""The invented ledger of instruments that anybody can open: its page shows number and code.

Its dates lie around the day of loading, so that something is always due. Nobody can change it, and no reminder is
sent for it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session

from stations.firms.instruments import Instrument, InstrumentLedger, due_day
from stations.language import day_in_china
from stations.province import sample_facts
from stations.requests.consent import Purpose, current_consent
from stations.secret_codes import hash_code

NUMBER = "M000000-SAMP0E"
CODE = "SAMP0ES1MN"

# Name, model, accuracy, place, interval in months, days from loading to the due day, number of instruments.
INSTRUMENTS = (
    ("压力表", "Y-100", "1.6 级", "锅炉房", 6, -12, 2),
    ("压力表", "Y-150", "1.6 级", "空压站", 6, 5, 4),
    ("安全阀", "A48Y-16C", "", "锅炉房", 12, 20, 2),
    ("电子台秤", "TCS-300", "III 级", "成品库", 12, 27, 2),
    ("电子汽车衡", "SCS-80", "III 级", "东门地磅", 12, 96, 1),
    ("可燃气体检测报警器", "GT-800", "±5%FS", "喷漆车间", 12, 141, 3),
    ("可见分光光度计", "722N", "III 级", "化验室", 24, 410, 1),
)


def add_sample_ledger(session: Session, now: datetime) -> bool:
    """Add the ledger if it is missing. Return whether it was added."""
    if session.scalar(select(InstrumentLedger.id).where(InstrumentLedger.number == NUMBER)) is not None:
        return False
    today = day_in_china(now)
    county = sample_facts().county
    ledger = InstrumentLedger(
        number=NUMBER,
        code_hash=hash_code(CODE),
        firm_name=f"示例·{county.name[:-1]}晴川精密机械有限公司",
        county_adcode=county.adcode,
        language="zh_CN",
        consented_at=now,
        consent_version=current_consent(Purpose.LEDGER).version,
        opened_at=now,
        sample=True,
        created_at=now,
        updated_at=now,
    )
    session.add(ledger)
    session.flush()
    serial = 0
    for name, model, accuracy, place, months, days, count in INSTRUMENTS:
        for _ in range(count):
            serial += 1
            verified = today + timedelta(days=days) - relativedelta(months=months)
            session.add(
                Instrument(
                    code=f"I-SAMPLE-{serial:03d}",
                    ledger_id=ledger.id,
                    name=f"示例·{name}",
                    number=f"SAMPLE-{serial:03d}",
                    model=model,
                    accuracy=accuracy,
                    place=place,
                    last_verified=verified,
                    interval_months=months,
                    due_on=due_day(verified, months),
                    created_at=now,
                    updated_at=now,
                )
            )
    return True
