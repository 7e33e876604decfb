"""What the commands ``audit verify``, ``audit head`` and ``audit list`` answer."""

from __future__ import annotations

from stations.answers.answer import Answer, Question, headings_of
from stations.audit.chain import Fault, Head, Verdict
from stations.audit.proof import audit_head, verify_audit
from stations.audit_search.search import AuditQuestion, search_as_operator
from stations.audit_search.words import action_word, actor_word, detail_in_words, subject_word
from stations.database import reading
from stations.errors import InvalidInput
from stations.language import N_, Language

STEPS = ("verify", "head", "list")

FAULTS: dict[Fault, str] = {
    Fault.ALTERED: N_("Entry {position} was altered: its hash is not that of what it says"),
    Fault.MISPLACED: N_("Entry {position} does not follow the one before: entries were removed, put in or re-ordered"),
    Fault.CUT_OFF: N_("Entry {position} and what followed it are missing: the log was cut off"),
    Fault.UNANNOUNCED: N_("Entry {position} was put in past the end that the log had"),
    Fault.REWRITTEN: N_("Entry {position} is not the one that the head names: the log was written anew"),
}


def audit(question: Question) -> Answer:
    """The step of ``audit`` that was asked for.

    Raises:
        InvalidInput: there is no such step.
    """
    step = question.options.step
    if step not in STEPS:
        raise InvalidInput(
            "step", N_("“{value}” is not a step of audit; use one of: {known}"), value=step, known=", ".join(STEPS)
        )
    return {"verify": _verify, "head": _head, "list": _list}[step](question)


def verdict_in_words(language: Language, verdict: Verdict, since: Head | None = None) -> str:
    """What a check of the log found; ``since``: from which head on it was checked."""
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


def _verify(question: Question) -> Answer:
    kept = Head.read(question.options.head) if question.options.head else None
    since = Head.read(question.options.after) if question.options.after else None
    with reading(question.engine) as session:
        verdict = verify_audit(session, kept, since=since)
    told = verdict_in_words(question.language, verdict, since)
    data = {
        "whole": verdict.fault is None,
        "checked": verdict.checked,
        "head": str(verdict.head),
        "fault": verdict.fault.value if verdict.fault else None,
        "entry": verdict.position,
        "message": told,
    }
    headings = headings_of(question.language, "verdict", "checked", "head")
    return Answer(data, headings, [[told, verdict.checked, str(verdict.head)]], exit_code=1 if verdict.fault else 0)


def _head(question: Question) -> Answer:
    with reading(question.engine) as session:
        head = audit_head(session)
    return Answer(
        {"head": str(head), "position": head.position, "hash": head.hash},
        headings_of(question.language, "head"),
        [[str(head)]],
    )


def _list(question: Question) -> Answer:
    options, language = question.options, question.language
    wanted = AuditQuestion(options.by, options.action, options.subject, options.since, options.until)
    with reading(question.engine) as session:
        entries = search_as_operator(session, wanted, before_id=options.before, limit=options.limit)
    data = [
        {
            "id": entry.id,
            "at": entry.at.isoformat(),
            "actor": entry.actor,
            "action": entry.action,
            "subject_kind": entry.subject_kind,
            "subject": entry.subject,
            "detail": entry.detail,
            "hash": entry.hash,
        }
        for entry in entries
    ]
    rows = [
        [
            entry.id,
            language.format_datetime(entry.at),
            actor_word(language, entry.actor),
            action_word(language, entry.action),
            f"{subject_word(language, entry.subject_kind)} {entry.subject}",
            detail_in_words(language, entry.detail),
        ]
        for entry in entries
    ]
    return Answer(data, headings_of(language, "entry", "at", "actor", "action", "subject", "detail"), rows)
