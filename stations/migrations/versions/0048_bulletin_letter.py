"""Texts that an office writes itself on a month's bulletin

Revision ID: 0048
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0045"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "bulletin_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("samples", sa.Boolean(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("addressees", sa.String(200), nullable=False),
        sa.Column("issuer", sa.String(40), nullable=False),
        sa.Column("asked_next", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(80), nullable=False),
        sa.Column("written_by_name", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_letter")),
        sa.UniqueConstraint("month", "samples", name=op.f("uq_bulletin_letter_month_samples")),
    )
    op.create_index(op.f("ix_bulletin_letter_updated_at"), "bulletin_letter", ["updated_at"])


def downgrade() -> None:
    op.drop_table("bulletin_letter")
