"""Accounts say in which organisation and department somebody works

Revision ID: 0049
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("unit", "department"):
        op.add_column("user", sa.Column(name, sa.String(length=120), nullable=True))


def downgrade() -> None:
    for name in ("unit", "department"):
        op.drop_column("user", name)
