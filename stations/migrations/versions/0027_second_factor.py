"""The second factor: an authenticator app and recovery codes, and sign-ins that still owe it

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

METHODS = ("password", "single_sign_on", "sample")


def _user_id(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    key = op.f(f"fk_{table}_user_id")
    return (
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=key, ondelete="CASCADE"),
    )


def upgrade() -> None:
    op.create_table(
        "second_factor",
        *_user_id("second_factor"),
        sa.Column("secret", sa.String(300), nullable=True),
        sa.Column("set_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("offered_secret", sa.String(300), nullable=True),
        sa.Column("offered_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        *_user_id("recovery_code"),
        sa.Column("slot", sa.String(1), nullable=False),
        sa.Column("code_hash", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "slot", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "pending_sign_in",
        sa.Column("token_hash", sa.String(64), nullable=False),
        *_user_id("pending_sign_in"),
        sa.Column(
            "method",
            sa.Enum(*METHODS, name="method", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("next_page", sa.String(500), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_pending_sign_in")),
    )
    op.create_index(op.f("ix_pending_sign_in_user_id"), "pending_sign_in", ["user_id"])
    op.create_index(op.f("ix_pending_sign_in_expires_at"), "pending_sign_in", ["expires_at"])


def downgrade() -> None:
    op.drop_table("pending_sign_in")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
