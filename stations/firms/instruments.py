"""A firm's ledger of its instruments subject to mandatory verification (强制检定), with their due days.

A ledger is opened with a number and a secret code, without an account (``stations.firms.ledgers``). An instrument
is due its interval of months after its last verification.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Unpack

from dateutil.relativedelta import relativedelta
from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail, SystemActor
from stations.database import Base, Versioned
from stations.entered_text import narrow, read_text
from stations.errors import Conflict, InvalidForm, InvalidInput, NotFound, Problems
from stations.firms.reminder_days import remind_days
from stations.language import DEFAULT_LANGUAGE, N_, LabelledEnum, LanguageCode
from stations.notices.channel import Channel
from stations.notices.channel_table import channel_column
from stations.personal_data import PersonalData
from stations.places.counties import County
from stations.secret_codes import secret_text

LONGEST_INTERVAL = 120
"""In months; the longest intervals in the verification regulations are some years."""

MOST_INSTRUMENTS = 5000
FIRST_YEAR = 1950
NAME_LIMIT, NUMBER_LIMIT, TEXT_LIMIT = 80, 60, 80


class InstrumentLedger(Base, Versioned):
    """A ledger of instruments.

    ``number`` is public; of the code only a hash is stored. ``notice_channel``, ``notice_address``: where to send
    reminders in ``language``, both or neither; used once ``address_confirmed_at`` is set, after the code
    ``address_proof`` was entered. ``opened_at``: when it was last opened.
    """

    __tablename__ = "instrument_ledger"
    in_caches = False
    personal_data = PersonalData(
        columns=("notice_address",),
        written=("firm_name",),
        kept="until it is deleted, or its days in retention.csv are over",
        deleted_by=("stations.firms.ledgers:delete_ledger",),
    )
    __table_args__ = (CheckConstraint("(notice_channel IS NULL) = (notice_address IS NULL)", name="notice"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    firm_name: Mapped[str] = mapped_column(String(120))
    county_adcode: Mapped[str] = mapped_column(ForeignKey("county.adcode"), index=True)
    notice_channel: Mapped[Channel | None] = channel_column()
    notice_address: Mapped[str | None] = mapped_column(String(500))
    address_proof: Mapped[str | None] = mapped_column(String(40))
    address_confirmed_at: Mapped[datetime | None]
    language: Mapped[LanguageCode] = mapped_column(String(10), default=DEFAULT_LANGUAGE)
    consented_at: Mapped[datetime]
    consent_version: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime] = mapped_column(index=True)
    sample: Mapped[bool] = mapped_column(Boolean)

    county: Mapped[County] = relationship()


class Instrument(Base, Versioned):
    """An instrument.

    ``number``: the maker's or the firm's own; name and number together identify an instrument in a ledger.
    ``due_on`` follows from ``last_verified`` and ``interval_months``. ``reminded_on``: the due day of the last
    reminder, sent ``reminded_days`` before it.
    """

    __tablename__ = "instrument"
    in_caches = False
    personal_data = PersonalData(
        written=("place",),
        kept="until it is deleted, at the latest with its ledger",
        deleted_by=("stations.firms.ledgers:delete_ledger",),
    )
    __table_args__ = (
        UniqueConstraint("ledger_id", "name", "number"),
        CheckConstraint(f"interval_months BETWEEN 1 AND {LONGEST_INTERVAL}", name="interval"),
        CheckConstraint("(due_on IS NULL) = (last_verified IS NULL)", name="due"),
        Index(None, "ledger_id", "due_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    ledger_id: Mapped[int] = mapped_column(ForeignKey("instrument_ledger.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(NAME_LIMIT))
    number: Mapped[str] = mapped_column(String(NUMBER_LIMIT))
    model: Mapped[str] = mapped_column(String(TEXT_LIMIT))
    accuracy: Mapped[str] = mapped_column(String(TEXT_LIMIT))
    place: Mapped[str] = mapped_column(String(TEXT_LIMIT))
    last_verified: Mapped[date | None]
    interval_months: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date | None] = mapped_column(index=True)
    reminded_on: Mapped[date | None]
    reminded_days: Mapped[int | None] = mapped_column(Integer)

    ledger: Mapped[InstrumentLedger] = relationship()


class Standing(LabelledEnum):
    """The verification status of an instrument on a day."""

    OVERDUE = "overdue", N_("Overdue")
    SOON = "soon", N_("Due soon")
    VALID = "valid", N_("Verification valid")
    UNKNOWN = "unknown", N_("Last verification not known")


class RowOutcome(LabelledEnum):
    """The effect of a spreadsheet row on the ledger."""

    NEW = "new", N_("New instrument")
    CHANGED = "changed", N_("Changed")
    UNCHANGED = "unchanged", N_("As it is")
    WRONG = "wrong", N_("Wrong")


@dataclass(frozen=True)
class InstrumentForm:
    """The entered values of an instrument, checked here. ``last_verified``: None if unknown."""

    name: str
    number: str
    interval_months: int
    last_verified: date | None = None
    model: str = ""
    accuracy: str = ""
    place: str = ""


def due_day(last_verified: date | None, interval_months: int) -> date | None:
    """Return the due day: the same day of the month so many months later, or the month's last day; None if the last
    verification is unknown.
    """
    return None if last_verified is None else last_verified + relativedelta(months=interval_months)


def standing_of(due_on: date | None, today: date) -> Standing:
    """Return the status of an instrument: overdue from its due day on, due soon from the day of the first reminder."""
    if due_on is None:
        return Standing.UNKNOWN
    if due_on <= today:
        return Standing.OVERDUE
    return Standing.SOON if (due_on - today).days <= remind_days()[0] else Standing.VALID


def list_instruments(
    session: Session, ledger: InstrumentLedger, *, after: Instrument | None = None, limit: int = MOST_INSTRUMENTS
) -> list[Instrument]:
    """Return instruments of a ledger, sorted by due day, those without one last."""
    position = func.coalesce(Instrument.due_on, date.max)
    listed = select(Instrument).where(Instrument.ledger_id == ledger.id)
    if after is not None:
        at = after.due_on or date.max
        listed = listed.where((position > at) | ((position == at) & (Instrument.id > after.id)))
    return list(session.scalars(listed.order_by(position, Instrument.id).limit(limit)))


def count_standings(session: Session, ledger: InstrumentLedger, today: date) -> dict[Standing, int]:
    """Return the number of a ledger's instruments for every status."""
    counts = dict.fromkeys(Standing, 0)
    counted = select(Instrument.due_on, func.count()).where(Instrument.ledger_id == ledger.id)
    for due_on, count in session.execute(counted.group_by(Instrument.due_on)):
        counts[standing_of(due_on, today)] += count
    return counts


def check_form(form: InstrumentForm, today: date) -> dict[str, object]:
    """Return the checked columns of an instrument.

    Raises:
        InvalidForm: one problem for each wrong field.
    """
    problems = Problems()
    values: dict[str, object] = {"interval_months": form.interval_months, "last_verified": form.last_verified}
    texts = (
        ("name", form.name, NAME_LIMIT, True),
        ("number", narrow(form.number), NUMBER_LIMIT, True),
        ("model", form.model, TEXT_LIMIT, False),
        ("accuracy", form.accuracy, TEXT_LIMIT, False),
        ("place", form.place, TEXT_LIMIT, False),
    )
    for field, value, limit, required in texts:
        values[field] = problems.attempt(read_text, field, value, limit=limit, required=required)
    if not 1 <= form.interval_months <= LONGEST_INTERVAL:
        problems.add("interval_months", N_("Write a number of months from 1 to {most}"), most=LONGEST_INTERVAL)
    problems.attempt(check_verified, "last_verified", form.last_verified, today)
    problems.stop()
    return values


def check_verified(field: str, day: date | None, today: date) -> None:
    """Check a day of verification; None is allowed.

    Raises:
        InvalidInput: the day is in the future, or so long ago that it must be an error.
    """
    if day is not None and day > today:
        raise InvalidInput(field, N_("The day of verification lies ahead; check the year"))
    if day is not None and day.year < FIRST_YEAR:
        raise InvalidInput(field, N_("{day} is too long ago; check the year"), day=day.isoformat())


def put(instrument: Instrument, values: dict[str, object], now: datetime) -> None:
    """Set checked values on an instrument, and its due day."""
    for field, value in values.items():
        setattr(instrument, field, value)
    instrument.due_on = due_day(instrument.last_verified, instrument.interval_months)
    instrument.updated_at = now


def save_instrument(
    session: Session,
    ledger: InstrumentLedger,
    form: InstrumentForm,
    *,
    code: str | None,
    version: int = 0,
    now: datetime,
    today: date,
) -> Instrument:
    """Add an instrument, or change the one with this ``code``.

    The caller must have checked that the ledger belongs to the firm.

    Raises:
        InvalidForm: a field is wrong, or the ledger already has the instrument.
        NotFound: the ledger has none with this code.
        Conflict: it was changed since ``version``.
    """
    values = check_form(form, today)
    lock(session, ledger)
    like = session.scalar(
        select(Instrument).where(
            Instrument.ledger_id == ledger.id, Instrument.name == values["name"], Instrument.number == values["number"]
        )
    )
    if like is not None and like.code != code:
        raise InvalidForm([InvalidInput("number", N_("The ledger has an instrument of this name and number already"))])
    if code is None:
        check_room(session, ledger, 1)
        instrument = Instrument(ledger_id=ledger.id, code=new_instrument_code(), created_at=now)
        session.add(instrument)
    else:
        (instrument,) = get_instruments(session, ledger, [code])
        if instrument.version != version:
            raise Conflict(N_("This was changed meanwhile; look at it anew, then change it"))
        instrument.version += 1
    put(instrument, values, now)
    session.flush()
    note_in_log(session, ledger, AuditAction.SAVE_INSTRUMENTS, now, instruments=1)
    return instrument


def mark_verified(
    session: Session, ledger: InstrumentLedger, codes: Sequence[str], day: date, *, now: datetime, today: date
) -> int:
    """Record that instruments were verified on a day. Return their number.

    The caller must have checked that the ledger belongs to the firm.

    Raises:
        InvalidInput: nothing is chosen, or the day is in the future.
        NotFound: the ledger lacks one of the codes.
    """
    if not codes:
        raise InvalidInput("instruments", N_("Choose at least one instrument"))
    check_verified("last_verified", day, today)
    lock(session, ledger)
    instruments = get_instruments(session, ledger, codes)
    for instrument in instruments:
        put(instrument, {"last_verified": day}, now)
        instrument.version += 1
    note_in_log(
        session, ledger, AuditAction.VERIFY_INSTRUMENTS, now, instruments=len(instruments), verified_on=day.isoformat()
    )
    return len(instruments)


def remove_instruments(session: Session, ledger: InstrumentLedger, codes: Sequence[str], *, now: datetime) -> int:
    """Delete instruments. Return their number. The caller must have checked that the ledger belongs to the firm.

    Raises:
        InvalidInput: nothing is chosen.
        NotFound: the ledger lacks one of the codes.
    """
    if not codes:
        raise InvalidInput("instruments", N_("Choose at least one instrument"))
    lock(session, ledger)
    instruments = get_instruments(session, ledger, codes)
    for instrument in instruments:
        session.delete(instrument)
    note_in_log(session, ledger, AuditAction.REMOVE_INSTRUMENTS, now, instruments=len(instruments))
    return len(instruments)


def get_instruments(session: Session, ledger: InstrumentLedger, codes: Sequence[str]) -> list[Instrument]:
    """Return the ledger's instruments with these codes, sorted by due day.

    Raises:
        NotFound: the ledger lacks one of them.
    """
    wanted = set(codes)
    found = list(
        session.scalars(
            select(Instrument)
            .where(Instrument.ledger_id == ledger.id, Instrument.code.in_(wanted))
            .order_by(func.coalesce(Instrument.due_on, date.max), Instrument.id)
        )
    )
    if len(found) != len(wanted):
        raise NotFound(N_("An instrument is not in the ledger any more; look at the ledger anew"))
    return found


def lock(session: Session, ledger: InstrumentLedger) -> None:
    """Lock the ledger against other changes until this transaction ends."""
    session.execute(select(InstrumentLedger.id).where(InstrumentLedger.id == ledger.id).with_for_update())


def check_room(session: Session, ledger: InstrumentLedger, more: int) -> None:
    """Check that the ledger has room for ``more`` instruments.

    Raises:
        InvalidInput: it would have too many.
    """
    held = session.scalar(select(func.count()).select_from(Instrument).where(Instrument.ledger_id == ledger.id))
    if (held or 0) + more > MOST_INSTRUMENTS:
        raise InvalidInput("instruments", N_("A ledger holds at most {count} instruments"), count=MOST_INSTRUMENTS)


def new_instrument_code() -> str:
    """Return a random code without meaning."""
    return f"I-{secret_text(16)}"


def note_in_log(
    session: Session,
    ledger: InstrumentLedger,
    action: AuditAction,
    now: datetime,
    actor: str = SystemActor.FIRM,
    **detail: Unpack[Detail],
) -> None:
    """Write to the audit log what was done with a ledger, by the firm if nobody else is named."""
    log.record(
        session,
        at=now,
        actor=actor,
        action=action,
        subject_kind=AuditSubject.INSTRUMENT_LEDGER,
        subject=ledger.number,
        **detail,
    )
