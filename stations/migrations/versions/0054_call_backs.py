"""Call-backs to systems of other offices

Revision ID: 0054
Revises: 0053
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    table = "call_back_subscription"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("state", _choice("state", "unchecked", "active", "paused", "disabled"), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("previous_until", INSTANT),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("failing_since", INSTANT),
        sa.Column("checked_at", INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["interface_key.id"], name=op.f(f"fk_{table}_key_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("code", name=op.f(f"uq_{table}_code")),
    )
    for column in ("key_id", "updated_at"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    table = "call_back_delivery"
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("state", _choice("state", "waiting", "sent", "failed"), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", INSTANT, nullable=False),
        sa.Column("lease", sa.String(40)),
        sa.Column("leased_until", INSTANT),
        sa.Column("holds_up", sa.Boolean(), nullable=False),
        sa.Column("response", sa.Integer()),
        sa.Column("error", sa.String(300)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_try_at", INSTANT),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["call_back_subscription.id"],
            name=op.f(f"fk_{table}_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("subscription_id", "position", name=op.f(f"uq_{table}_subscription_id_position")),
    )
    for column in ("subscription_id", "state", "next_try_at", "created_at"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in ("call_back_delivery", "call_back_subscription"):
        op.drop_table(table)
