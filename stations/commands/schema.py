"""Taking the schema of the database up to this version, or back for an earlier one."""

from __future__ import annotations

from pathlib import Path

from stations.answers.schema_change import SCHEMA_CHANGE
from stations.audit.vocabulary import AuditAction, AuditSubject
from stations.commands.call import Call, Output
from stations.commands.declaring import argument, command, option
from stations.commands.parameter_types import FILE
from stations.errors import Conflict, InvalidInput
from stations.language import N_

TRIAL = option(
    "--dry-run", "trial", is_flag=True, help=N_("Try it and change nothing; nobody can write meanwhile.")
)


@command(TRIAL, needs_database=False)
def upgrade_command(call: Call, trial: bool) -> Output:
    """Bring the schema to this version; say what would be lost."""
    from stations.loading.schema_change import upgrade_schema

    return Output(SCHEMA_CHANGE, upgrade_schema(call.engine, trial=trial))


@command(
    argument("to", help=N_("The revision of the schema to go back to, such as 0033.")),
    TRIAL,
    option("--backup", type=FILE, metavar="FILE", help=N_("The file to write a backup to before.")),
    option("--without-backup", is_flag=True, help=N_("Go back without a backup: there is one.")),
)
def downgrade_command(call: Call, to: str, trial: bool, backup: str | None, without_backup: bool) -> Output:
    """Take the schema back to an earlier revision; what that loses can't come back, except from a backup.

    Raises:
        InvalidInput: neither a trial nor a backup is asked for.
        Conflict: servers run on this database.
    """
    from stations.accounts.operator_actions import OPERATOR
    from stations.audit import log
    from stations.backup.making import make_backup
    from stations.loading.schema_change import downgrade_schema
    from stations.server_processes import processes_seen

    tried = downgrade_schema(call.engine, to, trial=True)
    if trial:
        return Output(SCHEMA_CHANGE, tried)
    if not (backup or without_backup):
        raise InvalidInput("backup", N_("What is lost comes back from a backup only: name a file with --backup"))
    with call.reading() as session:
        running = processes_seen(session, call.now)
    if running:
        told = N_("{count} servers run on this database; stop them first (a killed one is forgotten in 5 minutes)")
        raise Conflict(told, count=len(running))
    if backup:
        make_backup(call.engine, Path(backup), call.now)
    with call.transaction() as session:
        log.record(
            session,
            at=call.now,
            actor=OPERATOR,
            action=AuditAction.TAKE_SCHEMA_BACK,
            subject_kind=AuditSubject.SCHEMA,
            subject=to,
            before=tried.before,
        )
    return Output(SCHEMA_CHANGE, downgrade_schema(call.engine, to, trial=False))
