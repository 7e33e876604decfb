"""Idempotency keys: what a program sends again is done once

Revision ID: 0051
Revises: 0055
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=True),
        sa.Column("lease", sa.String(24), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("subject", sa.String(20), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_idempotency_key")),
    )
    for column in ("subject", "expires_at"):
        op.create_index(op.f(f"ix_idempotency_key_{column}"), "idempotency_key", [column])


def downgrade() -> None:
    op.drop_table("idempotency_key")
