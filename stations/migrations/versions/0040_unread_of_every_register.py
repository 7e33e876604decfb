"""What a list says of a centre, a pilot, an institution or a line of its scope and was not understood

Revision ID: 0040
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0048"
branch_labels = None
depends_on = None

OWNERS = ("centre", "pilot", "institution", "scope_entry")


def upgrade() -> None:
    for owner in OWNERS:
        table, key = f"{owner}_unread", f"{owner}_id"
        op.create_table(
            table,
            sa.Column(key, sa.Integer(), nullable=False),
            sa.Column("field", sa.String(40), nullable=False),
            sa.Column("words", sa.Text(), nullable=False),
            sa.ForeignKeyConstraint([key], [f"{owner}.id"], name=op.f(f"fk_{table}_{key}"), ondelete="CASCADE"),
            sa.PrimaryKeyConstraint(key, "field", name=op.f(f"pk_{table}")),
        )


def downgrade() -> None:
    for owner in reversed(OWNERS):
        op.drop_table(f"{owner}_unread")
