"""Runs of jobs, server processes, and events that an operator should know of

Revision ID: 0036
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0038"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
EVENT_KINDS = (
    "guessing",
    "code_guessing",
    "second_factor_reset",
    "uploads_refused",
    "foreign_forms",
    "foreign_hosts",
    "audit_broken",
    "part_failing",
)


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_run_at", INSTANT, nullable=False),
        sa.Column("last_seconds", sa.Double(), nullable=False),
        sa.Column("last_success_at", INSTANT, nullable=True),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("last_failure", sa.String(200), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "server_process",
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("build", sa.String(40), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_server_process")),
    )
    op.create_index(op.f("ix_server_process_seen_at"), "server_process", ["seen_at"])
    listed = ", ".join(repr(kind) for kind in EVENT_KINDS)
    op.create_table(
        "security_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("part", sa.String(60), nullable=False),
        sa.Column("hour", INSTANT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"kind IN ({listed})", name=op.f("ck_security_event_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_event")),
        sa.UniqueConstraint("kind", "part", "hour", name=op.f("uq_security_event_kind_part_hour")),
    )
    op.create_index(op.f("ix_security_event_hour"), "security_event", ["hour"])


def downgrade() -> None:
    for table in ("security_event", "server_process", "job_run"):
        op.drop_table(table)
