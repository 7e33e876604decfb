"""The words of lists that an office taught once, remembered for its next list

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = ("heading", "service", "chain", "area", "status")


def upgrade() -> None:
    op.create_table(
        "remembered_word",
        sa.Column("area_code", sa.String(6), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("list_kind", sa.String(20), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("word", sa.String(200), nullable=False),
        sa.Column("written", sa.String(200), nullable=False),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("taught_by", sa.String(80), nullable=False),
        sa.Column("taught_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("area_code", "sample", "list_kind", "kind", "word", name=op.f("pk_remembered_word")),
    )


def downgrade() -> None:
    op.drop_table("remembered_word")
