"""A second factor is offered to one browser

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("second_factor", sa.Column("offered_to", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("second_factor", "offered_to")
