"""Opening, editing and deleting a firm's ledger of instruments, by number and code, without an account.

Access needs the code, or the browser in which the ledger was opened before; the database stores hashes of both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from stations.audit.vocabulary import AuditAction, SystemActor
from stations.database import Base
from stations.entered_text import narrow, read_text
from stations.errors import Conflict, InvalidInput, NotFound, Problems
from stations.firms.instruments import Instrument, InstrumentLedger, note_in_log
from stations.language import N_, Language, LanguageCode
from stations.notices.address import read_way
from stations.notices.firm_address import check_room_for_code, forget_notices, new_proof, proves
from stations.notices.outbox import enqueue
from stations.personal_data import PersonalData
from stations.places.counties import County
from stations.requests.code_guard import LookedUp, guarded
from stations.requests.code_session import OPEN_FOR
from stations.requests.consent import Purpose, current_consent
from stations.requests.one_time_code import VALID_FOR, new_one_time_code, try_code
from stations.secret_codes import LEDGER, NewCode, new_number, read_number
from stations.secret_hash import hash_token

FIRM_NAME_LIMIT = 120  # characters
FIRM = SystemActor.FIRM.value
"""The actor in the audit log where a firm acts."""


class OpenedLedger(Base):
    """A ledger that is open in a browser."""

    __tablename__ = "opened_ledger"
    in_caches = False
    personal_data = PersonalData(
        columns=("browser_hash",),
        kept="until a ledger is opened after it has run out",
        deleted_by=("stations.firms.ledgers:keep_ledger_open",),
    )

    browser_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    ledger_id: Mapped[int] = mapped_column(ForeignKey("instrument_ledger.id", ondelete="CASCADE"), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


@dataclass(frozen=True)
class LedgerForm:
    """The entered values of a new ledger."""

    firm_name: str
    county_adcode: str
    consent: bool
    language: LanguageCode


@dataclass(frozen=True)
class NewLedger:
    """A new ledger. ``code``: the secret code, available only here."""

    ledger: InstrumentLedger
    code: str


def begin_ledger(
    session: Session, form: LedgerForm, secret: NewCode, *, browser: str | None, now: datetime, today: date
) -> NewLedger:
    """Create an empty ledger with this code, opened in the browser.

    Raises:
        InvalidForm: one problem for each wrong field; nothing is written.
    """
    problems = Problems()
    firm_name = problems.attempt(read_text, "firm_name", form.firm_name, limit=FIRM_NAME_LIMIT)
    if not form.county_adcode or session.get(County, form.county_adcode) is None:
        problems.add("county_adcode", N_("Choose the county your firm is in"))
    if not form.consent:
        problems.add("consent", N_("The ledger can be kept only if you agree to that"))
    problems.stop()
    ledger = InstrumentLedger(
        number=_free_number(session, today),
        code_hash=secret.code_hash,
        firm_name=firm_name,
        county_adcode=form.county_adcode,
        language=Language(form.language).code,
        consented_at=now,
        consent_version=current_consent(Purpose.LEDGER).version,
        opened_at=now,
        sample=False,
        created_at=now,
        updated_at=now,
    )
    session.add(ledger)
    session.flush()
    note_in_log(session, ledger, AuditAction.BEGIN_LEDGER, now, consent=ledger.consent_version)
    if browser:
        keep_ledger_open(session, browser, ledger, now)
    return NewLedger(ledger, secret.code)


def _free_number(session: Session, today: date) -> str:
    while True:
        number = new_number(today, LEDGER)
        if session.scalar(select(InstrumentLedger.id).where(InstrumentLedger.number == number)) is None:
            return number


def try_open_ledger(
    engine: Engine, number: str, code: str, *, client: str, browser: str | None, now: datetime, samples: bool
) -> LookedUp[InstrumentLedger]:
    """Open a ledger by number and code, both as typed.

    Guesses are slowed down like those of requests (``stations.requests.code_guard``).

    Raises:
        Busy: too many codes are being checked.
    """
    mine = InstrumentLedger.number == read_number(number, LEDGER)
    if not samples:
        mine &= InstrumentLedger.sample.is_(False)

    def find(session: Session) -> InstrumentLedger | None:
        ledger = session.scalar(select(InstrumentLedger).where(mine))
        if ledger is not None and browser:
            keep_ledger_open(session, browser, ledger, now)
        return ledger

    return guarded(
        engine,
        read_number(number, LEDGER) or narrow(number),
        code,
        code_hash=lambda session: session.scalar(select(InstrumentLedger.code_hash).where(mine)),
        find=find,
        client=client,
        now=now,
    )


def keep_ledger_open(session: Session, browser: str, ledger: InstrumentLedger, now: datetime) -> None:
    """Store that a ledger is open in a browser, for ``OPEN_FOR``. The caller must have checked its code."""
    session.execute(delete(OpenedLedger).where(OpenedLedger.expires_at <= now))
    session.flush()
    session.merge(OpenedLedger(browser_hash=hash_token(browser), ledger_id=ledger.id, expires_at=now + OPEN_FOR))
    ledger.opened_at = now


def open_ledgers(session: Session, browser: str | None, now: datetime, *, samples: bool) -> list[InstrumentLedger]:
    """Return the ledgers open in that browser now, sorted by number."""
    if not browser:
        return []
    statement = (
        select(InstrumentLedger)
        .join(OpenedLedger, OpenedLedger.ledger_id == InstrumentLedger.id)
        .where(OpenedLedger.browser_hash == hash_token(browser), OpenedLedger.expires_at > now)
        .options(joinedload(InstrumentLedger.county).joinedload(County.city))
        .order_by(InstrumentLedger.number)
    )
    return list(session.scalars(statement if samples else statement.where(InstrumentLedger.sample.is_(False))))


def own_ledger(session: Session, number: str, browser: str | None, *, now: datetime, samples: bool) -> InstrumentLedger:
    """Return the ledger with that number if it is open in the browser.

    Raises:
        NotFound: it is not open there (any more).
    """
    for ledger in open_ledgers(session, browser, now, samples=samples):
        if ledger.number == number:
            return ledger
    raise NotFound(N_("This ledger is not open here any more; open it with its number and code"))


def writable_ledger(
    session: Session, number: str, browser: str | None, *, now: datetime, samples: bool
) -> InstrumentLedger:
    """Return the ledger as ``own_ledger`` does, for changing its owner or its reminders.

    Raises:
        NotFound: it is not open there (any more).
        Conflict: it is the sample ledger, which everybody can open and nobody may change in this way.
    """
    ledger = own_ledger(session, number, browser, now=now, samples=samples)
    if ledger.sample:
        raise Conflict(N_("This ledger is a sample that everybody can open; begin your own to do that"))
    return ledger


def replace_code(session: Session, ledger: InstrumentLedger, secret: NewCode, *, now: datetime) -> None:
    """Give a ledger a new secret code; the one before no longer works."""
    ledger.code_hash, ledger.updated_at = secret.code_hash, now
    note_in_log(session, ledger, AuditAction.ISSUE_LEDGER_CODE, now)


def close_ledger(session: Session, ledger: InstrumentLedger, browser: str | None) -> None:
    """Close a ledger in that browser; number and code open it again."""
    if browser:
        session.execute(
            delete(OpenedLedger).where(
                OpenedLedger.browser_hash == hash_token(browser), OpenedLedger.ledger_id == ledger.id
            )
        )


def delete_ledger(session: Session, ledger: InstrumentLedger, *, now: datetime, actor: str = FIRM) -> None:
    """Delete a ledger with its instruments and the messages about it, permanently. ``actor``: who does, for the log."""
    forget_notices(session, notice_key(ledger, ""))
    session.execute(delete(Instrument).where(Instrument.ledger_id == ledger.id))
    session.execute(delete(OpenedLedger).where(OpenedLedger.ledger_id == ledger.id))
    session.delete(ledger)
    session.flush()
    note_in_log(session, ledger, AuditAction.DELETE_LEDGER, now, actor)


def set_reminders(
    session: Session, ledger: InstrumentLedger, channel: str, address: str, language: LanguageCode, *, now: datetime
) -> None:
    """Set where the firm is reminded; without a channel, turn reminders off.

    A message with a code goes to the address; nothing else does until ``confirm_reminders``.

    Raises:
        InvalidInput: the channel is unknown, the address is not valid for it, or it got too many codes today.
    """
    if not channel:
        ledger.notice_channel = ledger.notice_address = ledger.address_proof = ledger.address_confirmed_at = None
        ledger.updated_at = now
        note_in_log(session, ledger, AuditAction.CHOOSE_NOTICE_WAY, now, channel="")
        return
    way, checked = read_way(channel, address)
    check_room_for_code(session, checked, now)
    ledger.notice_channel, ledger.notice_address = way, checked
    ledger.address_proof, ledger.address_confirmed_at = new_proof(), None
    ledger.language, ledger.updated_at = Language(language).code, now
    say = Language(language).translate
    enqueue(
        session,
        key=notice_key(ledger, f"confirm:{ledger.address_proof[:5]}"),
        channel=way,
        address=checked,
        subject=say(N_("Confirm this address for reminders")),
        text="\n".join(
            (
                say(
                    N_("Somebody wants reminders of due instruments sent here (ledger {number})."), number=ledger.number
                ),
                say(
                    N_("If that was you, enter this code in the ledger within {minutes} minutes: {code}"),
                    minutes=VALID_FOR.seconds // 60,
                    code=new_one_time_code(session, _purpose(ledger), now),
                ),
                say(N_("If not, do nothing: no reminder will come.")),
            )
        ),
        data={"subject": ledger.number, "kind": "confirm_address", "code": ledger.address_proof},
        now=now,
        sample=ledger.sample,
    )
    note_in_log(session, ledger, AuditAction.CHOOSE_NOTICE_WAY, now, channel=way.code)


def confirm_reminders(session: Session, ledger: InstrumentLedger, code: str, *, now: datetime) -> None:
    """Turn the reminders on, with the long code that a program gets at its address.

    Raises:
        InvalidInput: the code is wrong.
    """
    if not proves(code, ledger.address_proof):
        raise InvalidInput("proof", N_("This is not the code that was sent; look at the newest message"))
    ledger.address_confirmed_at = ledger.updated_at = now
    note_in_log(session, ledger, AuditAction.CONFIRM_ADDRESS, now)


def try_reminder_code(
    session: Session, ledger: InstrumentLedger, typed: str, *, now: datetime
) -> InvalidInput | None:
    """Turn the reminders on with the six digits that were sent to the address; return the problem if they are wrong.

    A wrong code counts, so the transaction has to be committed either way.
    """
    if ledger.address_proof is None or not try_code(session, _purpose(ledger), typed, now):
        return InvalidInput(
            "proof",
            N_("This is not the code that was sent, or its {minutes} minutes are over; look at the newest message"),
            minutes=VALID_FOR.seconds // 60,
        )
    confirm_reminders(session, ledger, ledger.address_proof, now=now)
    return None


def _purpose(ledger: InstrumentLedger) -> str:
    return f"reminders of {ledger.number} to {ledger.notice_address}"


def notice_key(ledger: InstrumentLedger, rest: str) -> str:
    """Return the key of a message about a ledger."""
    return f"instruments:{ledger.number}:{rest}"
