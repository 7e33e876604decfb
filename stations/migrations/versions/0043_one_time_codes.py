"""One-time codes for contacts, wishes to be told where nothing is sent yet, and the office that answers for a station

Revision ID: 0043
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose_hash", sa.String(64), nullable=False),
        sa.Column("holder_hash", sa.String(64), nullable=False),
        sa.Column("client_hash", sa.String(64), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
    )
    for column in ("purpose_hash", "client_hash", "issued_at"):
        op.create_index(op.f(f"ix_one_time_code_{column}"), "one_time_code", [column])
    op.add_column("subscription", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("service_request") as table:
        table.add_column(sa.Column("office", sa.String(40), nullable=True))
        table.create_check_constraint(
            op.f("ck_service_request_office"), sa.text("office IN ('province', 'city', 'county', 'station')")
        )
    # To each of them a message with a code was written so far.
    op.execute("UPDATE subscription SET asked_at = updated_at")


def downgrade() -> None:
    with op.batch_alter_table("service_request") as table:
        table.drop_constraint(op.f("ck_service_request_office"), type_="check")
        table.drop_column("office")
    # A wish that was never asked to confirm its address would be one that nobody can confirm.
    op.execute("DELETE FROM subscription WHERE asked_at IS NULL")
    op.drop_column("subscription", "asked_at")
    op.drop_table("one_time_code")
