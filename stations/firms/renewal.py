"""The draft of a request for the verification of due instruments, filled from the ledger in one step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from stations.errors import InvalidInput
from stations.firms.instrument_sheet import ledger_table
from stations.firms.instruments import InstrumentLedger, get_instruments
from stations.language import N_, Language
from stations.requests.attached_file import check_file
from stations.requests.attachments import Attachment, attach_to_draft
from stations.requests.draft import RequestDraft, find_draft, new_draft, save_draft
from stations.tables.workbooks import as_workbook

SERVICE = "metrology.compulsory_verification"
LISTED = 40
"""How many instruments the description names; the attached list has all."""


def renewal_address() -> str:
    """Return path and query of the form that the draft is for."""
    return f"/request?service={SERVICE}"


def draft_renewal(
    session: Session,
    ledger: InstrumentLedger,
    codes: Sequence[str],
    browser: str,
    *,
    language: Language,
    now: datetime,
    today: date,
) -> RequestDraft:
    """Turn the browser's draft into a request for the verification of these instruments.

    Sets service, firm, county and description, and attaches the list as a workbook. Other fields typed into the
    draft before stay; lists attached by an earlier call are removed. The caller must have checked that the ledger
    belongs to the firm.

    Raises:
        InvalidInput: nothing is chosen.
        NotFound: the ledger lacks one of the codes.
    """
    if not codes:
        raise InvalidInput("instruments", N_("Choose at least one instrument"))
    instruments = get_instruments(session, ledger, codes)
    say = language.translate
    lines = [
        say(
            N_("{name}, number {number}, {model}: due {due}"),
            name=one.name,
            number=one.number,
            model=" ".join(part for part in (one.model, one.accuracy) if part) or "—",
            due=language.format_date(one.due_on) if one.due_on else "—",
        )
        for one in instruments[:LISTED]
    ]
    if len(instruments) > LISTED:
        lines.append(say(N_("… and {count} more, see the attached list"), count=len(instruments) - LISTED))
    names = list(dict.fromkeys(one.name for one in instruments))
    count = language.ngettext("{count} instrument", "{count} instruments", len(instruments))
    newest = find_draft(session, browser, now)
    same = newest is not None and newest.content.get("address") == renewal_address()
    draft = newest if newest and same else new_draft(session, browser, now)
    content = {
        **(newest.content if newest else {}),
        "address": renewal_address(),
        "services": [SERVICE],
        "product": f"{'、'.join(names[:3])}{'…' if len(names) > 3 else ''} {count}"[:200],
        "description": "\n".join(lines)[:4000],
        "firm_name": ledger.firm_name,
        "county_adcode": ledger.county_adcode,
        "station_code": "",
        f"quantity.{SERVICE}": count,
        "quantities": {SERVICE: count},
    }
    draft = save_draft(session, browser, content, now, draft.serial)
    session.flush()
    name = say(N_("Instruments due, ledger {number}"), number=ledger.number) + ".xlsx"
    session.execute(delete(Attachment).where(Attachment.draft_id == draft.id, Attachment.name == name))
    table = ledger_table(ledger, instruments, today, language)
    attach_to_draft(session, draft, check_file(name, as_workbook(table, language)), now=now)
    return draft
