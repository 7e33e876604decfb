"""Filing: drafts, attachments, and requests that stay open in a browser

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opened_request",
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_opened_request_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("browser_hash", "request_id", name=op.f("pk_opened_request")),
    )
    op.create_index(op.f("ix_opened_request_expires_at"), "opened_request", ["expires_at"])

    op.create_table(
        "request_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.String(length=64), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_request_draft_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_draft")),
        sa.UniqueConstraint("browser_hash", "serial", name=op.f("uq_request_draft_browser_hash_serial")),
        sa.UniqueConstraint("key", name=op.f("uq_request_draft_key")),
    )
    op.create_index(op.f("ix_request_draft_expires_at"), "request_draft", ["expires_at"])
    op.create_index(op.f("ix_request_draft_request_id"), "request_draft", ["request_id"])

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "party",
            sa.Enum("firm", "station", name="party", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("(request_id IS NULL) <> (draft_id IS NULL)", name=op.f("ck_attachment_owner")),
        sa.CheckConstraint("message_id IS NULL OR request_id IS NOT NULL", name=op.f("ck_attachment_message")),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["request_draft.id"], name=op.f("fk_attachment_draft_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["request_message.id"], name=op.f("fk_attachment_message_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_attachment_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("code", name=op.f("uq_attachment_code")),
        sa.UniqueConstraint("draft_id", "digest", name=op.f("uq_attachment_draft_id_digest")),
        sa.UniqueConstraint(
            "request_id", "message_id", "digest", name=op.f("uq_attachment_request_id_message_id_digest")
        ),
    )
    for column in ("draft_id", "message_id", "request_id"):
        op.create_index(op.f(f"ix_attachment_{column}"), "attachment", [column])


def downgrade() -> None:
    op.drop_table("attachment")
    op.drop_table("request_draft")
    op.drop_table("opened_request")
