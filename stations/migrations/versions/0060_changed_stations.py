"""Which stations changed with each revision

Revision ID: 0060
Revises: 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changed_station",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_station")),
    )
    op.create_index(op.f("ix_changed_station_revision"), "changed_station", ["revision"])


def downgrade() -> None:
    op.drop_table("changed_station")
