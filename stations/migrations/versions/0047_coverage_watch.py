"""Since which day coverage is checked

Revision ID: 0047
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coverage_watch",
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("sample", name=op.f("pk_coverage_watch")),
    )
    # Where alerts were raised, coverage has been checked at least since the first of them.
    op.execute(
        "INSERT INTO coverage_watch (sample, began_on) "
        "SELECT sample, min(raised_on) FROM coverage_alert GROUP BY sample"
    )


def downgrade() -> None:
    op.drop_table("coverage_watch")
