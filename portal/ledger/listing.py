"""The list of a ledger's instruments: numbers per standing, table, and actions on several at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from markupsafe import Markup

from portal.answer_table import Drawn, draw_answer
from portal.components import Figure, Tone, figures, notice, tag
from portal.firm_browser import browser_token
from portal.language import _, current, ngettext
from portal.ledger.action import act
from portal.navigation import page_named
from portal.option_labels import distinct
from portal.requests.kept_draft import DRAFT, forget_fields
from portal.storage import domain_settings, engine
from portal.visit import Visit, visit
from stations.answers.instruments import INSTRUMENT_COLUMNS, DueInstrument, due_instruments, ledger_file
from stations.database import transaction
from stations.errors import DomainError
from stations.firms.instruments import (
    Instrument,
    InstrumentLedger,
    Standing,
    mark_verified,
    remove_instruments,
    standing_of,
)
from stations.firms.ledgers import own_ledger
from stations.firms.renewal import SERVICE, draft_renewal
from stations.language import label
from stations.tables.table import csv_file
from stations.tables.workbooks import MIME, as_workbook

SHOWN = 100
TONES: dict[Standing, Tone] = {
    Standing.OVERDUE: "bad",
    Standing.SOON: "warn",
    Standing.VALID: "good",
    Standing.UNKNOWN: "",
}
TO_RENEW = (Standing.OVERDUE, Standing.SOON)


def draw_standings(counts: dict[Standing, int]) -> None:
    """Draw the number of instruments per standing."""
    figures([Figure(str(counts[standing]), label(current(), standing)) for standing in Standing])


def draw_list(ledger: InstrumentLedger, instruments: Sequence[Instrument], present: Visit) -> None:
    """Draw the instruments, the first due first, and the actions on several at once."""
    by_standing: dict[Standing, list[Instrument]] = {standing: [] for standing in Standing}
    for one in instruments:
        by_standing[standing_of(one.due_on, present.today)].append(one)
    due = [one for standing in TO_RENEW for one in by_standing[standing]]
    if due:
        told = ngettext(
            "Ask for the verification of {count} instrument that is due",
            "Ask for the verification of {count} instruments that are due",
            len(due),
        )
        if st.button(told, type="primary", key="ledger_renew"):
            _renew(ledger, [one.code for one in due])
    st.header(_("Instruments"))
    chosen = st.pills(
        _("Show"),
        [standing for standing in Standing if by_standing[standing]],
        format_func=lambda standing: label(current(), standing),
        key="ledger_standing",
        label_visibility="collapsed",
    )
    listed = by_standing[chosen] if chosen else list(instruments)
    search = st.text_input(
        _("Search"),
        key="ledger_search",
        type="search",
        live=True,
        placeholder=_("Name, number, model or place"),
        label_visibility="collapsed",
    )
    if search and search.strip():
        sought = search.strip().casefold()
        listed = [one for one in listed if sought in f"{one.name} {one.number} {one.model} {one.place}".casefold()]
    if not listed:
        notice(_("No instrument fits."))
        return
    _draw_table(listed[:SHOWN], present)
    if len(listed) > SHOWN:
        notice(
            _(
                "The first {shown} of {count} are shown; search for others, or save the ledger as a file.",
                shown=SHOWN,
                count=len(listed),
            )
        )
    _draw_saving(ledger, instruments, present)
    _draw_several(ledger, listed, due, present)


def _draw_saving(ledger: InstrumentLedger, instruments: Sequence[Instrument], present: Visit) -> None:
    """Draw the downloads of the whole ledger; without the notes of other tables, so that the files can be imported
    again.
    """
    language = current()
    saved = ledger_file(ledger, instruments, present.today, language)
    ways = (
        ("CSV", "csv", "text/csv", lambda: csv_file(saved)),
        ("Excel", "xlsx", MIME, lambda: as_workbook(saved, language)),
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="save_ledger"):
        st.html(Markup('<span class="save-as">{}</span>').format(_("Save the ledger:")), width="content")
        for name, suffix, mime, make in ways:
            st.download_button(
                name,
                make,
                file_name=f"{ledger.number}.{suffix}",
                mime=mime,
                key=f"ledger_save_{suffix}",
                on_click="ignore",
                type="tertiary",
            )


def _draw_table(listed: Sequence[Instrument], present: Visit) -> None:
    language = current()

    def day(key: str) -> Drawn:
        def draw(one: DueInstrument) -> str:
            value = getattr(one.instrument, key)
            return language.format_date(value) if value else "—"

        return draw

    draw_answer(
        INSTRUMENT_COLUMNS,
        due_instruments(listed, present.today),
        caption=_("Instruments on {date}, the one due first first", date=language.format_date(present.today)),
        drawn={
            **{key: day(key) for key in ("last_verified", "due_on")},
            "interval_months": lambda one: ngettext(
                "every {count} month", "every {count} months", one.instrument.interval_months
            ),
            "standing": lambda one: tag(label(language, one.standing), TONES[one.standing]),
        },
        beneath={"number": "name", "model": "name", "accuracy": "name", "interval_months": "last_verified"},
        small={"number", "model", "accuracy", "interval_months"},
        stacks=True,
        saving=False,
    )


def _draw_several(
    ledger: InstrumentLedger, listed: Sequence[Instrument], due: Sequence[Instrument], present: Visit
) -> None:
    names = distinct({one.code: f"{one.name} · {one.number}" for one in listed})
    with st.expander(_("Do something with several instruments"), key="ledger_several"):
        every = st.checkbox(ngettext("The one listed", "All {count} listed", len(listed)), key="ledger_every")
        codes = list(names)
        if not every:
            codes = st.multiselect(
                _("Instruments"),
                list(names),
                default=[one.code for one in due if one.code in names][:SHOWN],
                key=f"ledger_chosen_{ledger.number}_{len(names)}",
                format_func=lambda code: names.get(code, code),
                placeholder=_("Choose one or more"),
                filter_mode="contains",
            )
        day = st.date_input(
            _("Verified on"), value=present.today, max_value=present.today, key="ledger_day", format="YYYY-MM-DD"
        )
        with st.container(horizontal=True, key="ledger_several_tools"):
            if st.button(_("Ask for their verification"), key="ledger_renew_chosen"):
                _renew(ledger, codes)
            if st.button(_("Write down that they were verified"), key="ledger_verify", disabled=ledger.sample):
                act(
                    ledger.number,
                    lambda session, own: mark_verified(session, own, codes, day, now=visit().now, today=visit().today),
                    _("Written down; the next due days are counted anew."),
                )
            if st.button(_("Remove them from the ledger"), key="ledger_remove", disabled=ledger.sample):
                act(
                    ledger.number,
                    lambda session, own: remove_instruments(session, own, codes, now=visit().now),
                    _("Removed."),
                )


def _renew(ledger: InstrumentLedger, codes: Sequence[str]) -> None:
    """Turn the browser's draft into a request for their verification, and open it."""
    present, browser = visit(), browser_token()
    try:
        with transaction(engine()) as session:
            own = own_ledger(session, ledger.number, browser, now=present.now, samples=domain_settings().samples)
            draft = draft_renewal(
                session, own, codes, browser, language=current(), now=present.now, today=present.today
            )
            serial = draft.serial
    except DomainError as error:
        notice(_(error.message, **error.params), "bad")
        return
    forget_fields()  # otherwise the form would keep earlier input of this visit
    st.switch_page(page_named("request"), query_params={"service": SERVICE, DRAFT: str(serial)})


def heading(ledger: InstrumentLedger) -> Markup:
    """Return the firm and number of the ledger, for the line below the title."""
    return Markup('<p class="lead">{}</p>').format(
        _("{firm}, ledger {number}", firm=ledger.firm_name, number=ledger.number)
    )
