"""The audit log: whether it is intact, its head, and its entries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stations.answers.columns import Column, Columns
from stations.answers.presentation import Presentation, listing, one_row
from stations.audit.chain import Fault, Head, Verdict
from stations.audit_search.search import ReadableEntry
from stations.audit_search.words import action_word, actor_word, detail_in_words, subject_word
from stations.language import N_, Language

FAULTS: dict[Fault, str] = {
    Fault.ALTERED: N_("Entry {position} was altered: its hash is not that of what it says"),
    Fault.MISPLACED: N_("Entry {position} does not follow the one before: entries were removed, put in or re-ordered"),
    Fault.CUT_OFF: N_("Entry {position} and what followed it are missing: the log was cut off"),
    Fault.UNANNOUNCED: N_("Entry {position} was put in past the end that the log had"),
    Fault.REWRITTEN: N_("Entry {position} is not the one that the head names: the log was written anew"),
}


def verdict_in_words(language: Language, verdict: Verdict, since: Head | None = None) -> str:
    """Return the result of a check of the log in words. ``since``: the head from which it was checked."""
    if verdict.fault is None and since is not None and since.position:
        return language.translate(
            N_("The log is whole from entry {first} on: {count} entries. What came before was not looked at"),
            first=since.position,
            count=language.format_number(verdict.checked),
        )
    if verdict.fault is None:
        return language.translate(
            N_("The log is whole: {count} entries, each chained to the one before"),
            count=language.format_number(verdict.checked),
        )
    return language.translate(FAULTS[verdict.fault], position=verdict.position)


@dataclass(frozen=True)
class AuditCheck:
    """The result of a check of the log. ``since``: the head from which it was checked."""

    verdict: Verdict
    since: Head | None


CHECKS: Columns[AuditCheck] = Columns(
    Column("whole", lambda one: one.verdict.fault is None),
    Column(
        "message",
        lambda one: one,
        N_("Verdict"),
        show=lambda one, language: verdict_in_words(language, one.verdict, one.since),
        in_data=False,
    ),
    Column("checked", lambda one: one.verdict.checked, N_("Entries checked")),
    Column("head", lambda one: str(one.verdict.head), N_("Head of the log")),
    Column("fault", lambda one: one.verdict.fault),
    Column("entry", lambda one: one.verdict.position),
)


def _check_data(one: AuditCheck, language: Language) -> dict[str, Any]:
    return CHECKS.as_data(one) | {"message": verdict_in_words(language, one.verdict, one.since)}


AUDIT_CHECK: Presentation[AuditCheck, AuditCheck] = Presentation(
    data=_check_data, rows=lambda one: [one], columns=lambda _one: CHECKS.take("message", "checked", "head")
)
"""Whether the log is intact."""

HEADS: Columns[Head] = Columns(
    Column("head", str, N_("Head of the log")),
    Column("position", lambda head: head.position),
    Column("hash", lambda head: head.hash),
)

AUDIT_HEAD = one_row(HEADS, "head")
"""The head of the log, to be noted down elsewhere."""

ENTRIES: Columns[ReadableEntry] = Columns(
    Column("id", lambda entry: entry.id, N_("Entry")),
    Column("at", lambda entry: entry.at, N_("When")),
    Column("actor", lambda entry: entry.actor, N_("Who"), show=lambda actor, language: actor_word(language, actor)),
    Column(
        "action",
        lambda entry: entry.action,
        N_("What was done"),
        show=lambda action, language: action_word(language, action),
    ),
    Column("subject_kind", lambda entry: entry.subject_kind),
    Column("subject", lambda entry: entry.subject),
    Column(
        "to_what",
        lambda entry: entry,
        N_("To what"),
        show=lambda entry, language: f"{subject_word(language, entry.subject_kind)} {entry.subject}",
        data=lambda entry: entry.subject,
        in_data=False,
    ),
    Column(
        "detail",
        lambda entry: entry,
        N_("Particulars"),
        show=lambda entry, language: detail_in_words(language, entry.detail, entry.names),
        data=lambda entry: entry.detail,
    ),
    Column("hash", lambda entry: entry.hash),
)

ENTRY_KEYS = ("id", "at", "actor", "action", "to_what", "detail")
ENTRY_COLUMNS = ENTRIES.take(*ENTRY_KEYS)
"""The table of entries."""

AUDIT_ENTRIES = listing(ENTRIES, *ENTRY_KEYS)
"""The entries of the log, newest first."""
