"""审计日志: who did what, and when. ``?actor=…&action=…&subject=…&since=…&until=…&before=…``."""

from contextlib import suppress
from datetime import date

import streamlit as st
from markupsafe import Markup

from portal.address_choice import draw_choice_of_one, text_in_address
from portal.answer_table import draw_answer
from portal.as_of_date import EARLIEST
from portal.components import notice
from portal.duty.duty_page import open_page
from portal.form_problems import FormProblems
from portal.language import _
from portal.page_end import end_page
from portal.paged_list import draw_turns, number_in_address
from portal.storage import engine
from portal.visit import visit
from stations.answers.audit import ENTRY_COLUMNS, verdict_in_words
from stations.audit.chain import Head
from stations.audit.proof import audit_head, verify_audit
from stations.audit_search.search import AuditQuestion, list_actions, search_audit
from stations.audit_search.words import action_word
from stations.database import reading
from stations.duty.roles import Action, whole_province
from stations.errors import DomainError, InvalidInput
from stations.readers.dates import read_day

PAGE = 50
FILTERS = ("actor", "action", "subject", "since", "until")

present = visit()
language = present.language
actor = open_page(
    "audit",
    _("Audit log"),
    Action.SEE_AUDIT,
    for_whom=_("For auditors and administrators of the province."),
    not_yours=_("Your duty does not include the audit log."),
)
everything = actor.may(Action.SEE_AUDIT, whole_province())
st.html(
    Markup('<p class="lead">{}</p>').format(
        _("Everything that was done, by everybody. Entries are only ever added, each chained to the one before.")
        if everything
        else _("What invented people did; visitors who try the portal leave their traces here.")
        if actor.sample
        else _("What the people in your area did. Entries are only ever added.")
    )
)


def day_in_address(name: str) -> date | None:
    """Return the date in the address under ``name``; None if absent or invalid."""
    with suppress(InvalidInput):
        return read_day(name, text_in_address(name))
    return None


def search() -> None:
    """Write the filters to the address and return to the first page of the list."""
    for name in ("actor", "subject", "since", "until"):
        value = st.session_state[f"audit_{name}"]
        if value:
            st.query_params[name] = value.isoformat() if isinstance(value, date) else value.strip()
        else:
            st.query_params.pop(name, None)
    st.query_params.pop("before", None)


def draw_check(head: Head) -> None:
    """Draw the form that verifies the chain: the entries since a proven head, or all of them."""
    key = "audit_proven"
    with st.form("audit_check", border=True):
        problems = FormProblems({"head": _("Proven head")})
        typed = st.text_input(
            _("Proven head (optional)"),
            value=st.session_state.get(key, ""),
            placeholder="12:9f86d081…",
            max_chars=100,
            help=_("A head that an earlier check proved, as you noted it down: only what came since is looked at."),
        )
        if not st.form_submit_button(_("Check the log"), type="primary"):
            return
        try:
            since = Head.read(typed) if typed.strip() else None
        except DomainError as error:
            problems.show(error)
            return
        bar = st.progress(0.0, _("Following the chain…"))
        begin = since.position if since else 0

        def tell(checked: int, last: int) -> None:
            share = min((checked - begin) / max(last - begin, 1), 1.0)
            told = _("Entry {checked} of {last}", checked=language.format_number(checked), last=str(last))
            bar.progress(share, told)

        with reading(engine()) as session:
            verdict = verify_audit(session, since=since, tell=tell)
        bar.empty()
        notice(verdict_in_words(language, verdict, since), "bad" if verdict.fault else "good")
        if not verdict.fault:
            st.session_state[key] = str(verdict.head)
            st.html(
                Markup('<p>{}</p><p><code class="hash">{}</code></p>').format(
                    _("Proven up to this head; note it down to begin the next check from it:"), verdict.head
                )
            )


with reading(engine()) as session:
    actions = {action: action_word(language, action) for action in list_actions(session)}
with st.container(border=True):
    for name in ("actor", "subject"):
        st.session_state[f"audit_{name}"] = text_in_address(name)
    for name in ("since", "until"):
        st.session_state[f"audit_{name}"] = day_in_address(name)
    first, second, third = st.columns(3)
    first.text_input(_("Who (user name)"), key="audit_actor", on_change=search, max_chars=80)
    with second:
        action = draw_choice_of_one("action", _("What was done"), actions)
    third.text_input(_("To what (number, code or user name)"), key="audit_subject", on_change=search, max_chars=80)
    first, second, _third = st.columns(3)
    for column, name, title in ((first, "since", _("From")), (second, "until", _("Up to and with"))):
        chosen = st.session_state[f"audit_{name}"] or present.today
        column.date_input(
            title,
            key=f"audit_{name}",
            on_change=search,
            format="YYYY-MM-DD",
            min_value=min(EARLIEST, chosen),
            max_value=max(present.today, chosen),
        )

question = AuditQuestion(
    actor=text_in_address("actor"),
    action=action or "",
    subject=text_in_address("subject"),
    since=day_in_address("since"),
    until=day_in_address("until"),
)
try:
    with reading(engine()) as session:
        found = search_audit(
            session,
            question,
            by=actor,
            before_id=number_in_address("before"),
            limit=PAGE + 1,
        )
except DomainError as error:
    notice(_(error.message, **error.params), "bad")
    end_page()

if found:
    draw_answer(
        ENTRY_COLUMNS,
        found[:PAGE],
        caption=_("Entries, newest first"),
        drawn={
            "at": lambda entry: Markup('<span class="nowrap">{}</span>').format(language.format_datetime(entry.at)),
        },
        stacks=True,
    )
else:
    notice(_("There are no such entries."))
kept = {name: text_in_address(name) for name in FILTERS if text_in_address(name)}
last = found[PAGE - 1].id if len(found) > PAGE else None
draw_turns("audit", kept, last, _("Older entries"), parameter="before", beginning=_("To the newest"))

if everything:
    st.header(_("Is the log whole?"))
    with reading(engine()) as session:
        head = audit_head(session)
    st.html(
        Markup('<p>{}</p><p><code class="hash">{}</code></p>').format(
            _("Note this head down outside the server; with it, a cut-off end and a log written anew are found too."),
            head,
        )
    )
    draw_check(head)
