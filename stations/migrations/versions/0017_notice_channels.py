"""The codes of notice channels are rows of a table that the columns refer to, no longer a CHECK in each of them

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CHANNELS = ("email", "webhook", "sms")
COLUMNS = (
    ("notice", "channel"),
    ("service_request", "notice_channel"),
    ("alert_contact", "channel"),
    ("subscription", "channel"),
    ("instrument_ledger", "notice_channel"),
)


def upgrade() -> None:
    table = op.create_table(
        "notice_channel",
        sa.Column("code", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_notice_channel")),
    )
    op.bulk_insert(table, [{"code": code} for code in CHANNELS])
    for name, column in COLUMNS:
        with op.batch_alter_table(name) as changed:
            changed.drop_constraint(op.f(f"ck_{name}_{column}"), type_="check")
            changed.create_foreign_key(op.f(f"fk_{name}_{column}"), "notice_channel", [column], ["code"])


def downgrade() -> None:
    listed = ", ".join(repr(code) for code in CHANNELS)
    for name, column in COLUMNS:
        with op.batch_alter_table(name) as changed:
            changed.drop_constraint(op.f(f"fk_{name}_{column}"), type_="foreignkey")
            changed.create_check_constraint(op.f(f"ck_{name}_{column}"), f"{column} IN ({listed})")
    op.drop_table("notice_channel")
