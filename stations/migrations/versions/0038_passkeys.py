"""Passkeys beside the authenticator app

Revision ID: 0038
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0035"
branch_labels = None
depends_on = None

OLD_METHODS = ("password", "single_sign_on", "sample")
METHODS = (*OLD_METHODS, "passkey")
OF_METHOD = ("sign_in", "pending_sign_in")


def _choose(table: str, values: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_method")
    with op.batch_alter_table(table) as changed:
        changed.drop_constraint(name, type_="check")
        changed.create_check_constraint(name, f"method IN ({', '.join(repr(value) for value in values)})")


def _user_id(table: str, *, nullable: bool) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    key = op.f(f"fk_{table}_user_id")
    return (
        sa.Column("user_id", sa.Integer(), nullable=nullable),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=key, ondelete="CASCADE"),
    )


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        *_user_id("passkey", nullable=False),
        sa.Column("credential_id", sa.String(1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"])
    op.create_table(
        "passkey_challenge",
        sa.Column("challenge_hash", sa.String(64), nullable=False),
        *_user_id("passkey_challenge", nullable=True),
        sa.Column("begun_in", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_passkey_challenge")),
    )
    op.create_index(op.f("ix_passkey_challenge_expires_at"), "passkey_challenge", ["expires_at"])
    for table in OF_METHOD:
        _choose(table, METHODS)


def downgrade() -> None:
    for table in OF_METHOD:
        op.execute(f"DELETE FROM {table} WHERE method = 'passkey'")
        _choose(table, OLD_METHODS)
    op.drop_table("passkey_challenge")
    op.drop_table("passkey")
