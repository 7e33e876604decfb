"""Strangers are limited by their network: wrong guesses of a name (no account is locked any more), and files sent

Revision ID: 0019
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("user", "wrong_guesses")
    op.drop_column("user", "locked_until")
    op.execute("DELETE FROM failed_sign_in")  # they count for a quarter of an hour, and whose name was typed is unknown
    with op.batch_alter_table("failed_sign_in") as failed:
        failed.add_column(sa.Column("name_hash", sa.String(64), nullable=False))
    op.create_table(
        "received_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_upload")),
    )
    op.create_index(op.f("ix_received_upload_at"), "received_upload", ["at"])
    op.create_index(op.f("ix_received_upload_client_hash"), "received_upload", ["client_hash"])


def downgrade() -> None:
    op.drop_table("received_upload")
    with op.batch_alter_table("failed_sign_in") as failed:
        failed.drop_column("name_hash")
    op.add_column("user", sa.Column("wrong_guesses", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("user", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
