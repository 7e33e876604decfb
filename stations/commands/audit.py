"""The audit log: ``audit verify``, ``audit head`` and ``audit list``."""

from __future__ import annotations

from datetime import date

from stations.answers.audit import AUDIT_CHECK, AUDIT_ENTRIES, AUDIT_HEAD, AuditCheck
from stations.audit.chain import Head
from stations.audit.proof import audit_head, verify_audit
from stations.audit_search.search import AuditQuestion, search_as_operator
from stations.commands.call import Call, Output
from stations.commands.declaring import argument, command, option
from stations.commands.parameter_types import DAY, POSITIVE, OneOf
from stations.language import N_


@command(
    argument("step", type=OneOf(("verify", "head", "list")), help=N_("What to do.")),
    option("--head", metavar="HEAD", help=N_("Verify against a head noted down earlier, elsewhere.")),
    option("--after", metavar="HEAD", help=N_("Verify only what was added since a head that was proven.")),
    option("--by", default="", metavar="USERNAME", help=N_("List what this user did.")),
    option("--action", default="", metavar="ACTION", help=N_("List this action.")),
    option("--subject", default="", metavar="CODE", help=N_("List what was done to this record.")),
    option("--since", type=DAY, metavar="DATE", help=N_("List from this day on.")),
    option("--until", type=DAY, metavar="DATE", help=N_("List up to this day.")),
    option("--before", type=POSITIVE, metavar="ENTRY", help=N_("List what came before it.")),
    option("--limit", type=POSITIVE, default=50, told_default="50", metavar="N", help=N_("How many.")),
)
def audit_command(
    call: Call,
    *,
    step: str,
    head: str | None,
    after: str | None,
    by: str,
    action: str,
    subject: str,
    since: date | None,
    until: date | None,
    before: int | None,
    limit: int,
) -> Output:
    """Verify the log, return its head, or list entries."""
    with call.reading() as session:
        if step == "head":
            return Output(AUDIT_HEAD, audit_head(session))
        if step == "list":
            wanted = AuditQuestion(by, action, subject, since, until)
            return Output(AUDIT_ENTRIES, search_as_operator(session, wanted, before_id=before, limit=limit))
        kept = Head.read(head) if head else None
        proven = Head.read(after) if after else None
        verdict = verify_audit(session, kept, since=proven)
    return Output(AUDIT_CHECK, AuditCheck(verdict, proven), exit_code=1 if verdict.fault else 0)
