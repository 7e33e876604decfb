"""Addresses for notices of requests are confirmed, and filings are counted by network

Revision ID: 0035
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service_request", sa.Column("notice_proof", sa.String(40), nullable=True))
    op.add_column("service_request", sa.Column("notice_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_service_request_notice_proof", "service_request", ["notice_proof"], unique=True)
    # Those were written to so far: a firm that relies on it must not miss the answer it waits for.
    op.execute("UPDATE service_request SET notice_confirmed_at = created_at WHERE notice_channel IS NOT NULL")
    op.create_table(
        "filed_from_network",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filed_from_network")),
    )
    op.create_index(op.f("ix_filed_from_network_at"), "filed_from_network", ["at"])
    op.create_index(op.f("ix_filed_from_network_client_hash"), "filed_from_network", ["client_hash"])


def downgrade() -> None:
    op.drop_table("filed_from_network")
    op.drop_index("ix_service_request_notice_proof", "service_request")
    op.drop_column("service_request", "notice_confirmed_at")
    op.drop_column("service_request", "notice_proof")
