"""Ids that systems of other offices have for our records, and conflicts with them

Revision ID: 0055
Revises: 0054
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "external_id",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(40), nullable=False),
        sa.Column("kind", _choice("kind", "station", "centre"), nullable=False),
        sa.Column("external_id", sa.String(80), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("synced_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_id")),
        sa.UniqueConstraint("system", "kind", "external_id", name=op.f("uq_external_id_system_kind_external_id")),
        sa.UniqueConstraint("system", "kind", "code", name=op.f("uq_external_id_system_kind_code")),
    )
    op.create_index(op.f("ix_external_id_code"), "external_id", ["code"])
    op.create_table(
        "sync_conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(40), nullable=False),
        sa.Column("system_name", sa.String(80), nullable=False),
        sa.Column("external_id", sa.String(80), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("state", _choice("state", "open", "settled", "superseded"), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT),
        sa.Column("settled_by", sa.String(80)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_conflict")),
    )
    for column in ("code", "state", "at"):
        op.create_index(op.f(f"ix_sync_conflict_{column}"), "sync_conflict", [column])


def downgrade() -> None:
    for table in ("sync_conflict", "external_id"):
        op.drop_table(table)
