"""Urging, taking over told apart from answering, internal notes, acts on many requests, saved views of the desk

Revision ID: 0046
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0034"
branch_labels = None
depends_on = None

LEVELS = ("county", "city", "province")
ADDRESSEES = ("station", "county", "city")
KINDS = ("accept", "assign", "transfer", "message", "urge")
INSTANT = sa.DateTime(timezone=True)


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _of_request(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f(f"fk_{table}_request_id"), ondelete="CASCADE"
        ),
    ]


def upgrade() -> None:
    with op.batch_alter_table("request_event") as event:
        event.add_column(sa.Column("taken_over", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("request_event") as event:
        event.alter_column("taken_over", server_default=None)
    op.create_table(
        "urging",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_request("urging"),
        sa.Column("level", _choice("level", LEVELS), nullable=False),
        sa.Column("addressee", _choice("addressee", ADDRESSEES), nullable=False),
        sa.Column("urged_by", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", INSTANT),
        sa.Column("answered_by", sa.String(80)),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_late", sa.Boolean()),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_urging")),
    )
    for column in ("request_id", "due_on", "updated_at"):
        op.create_index(op.f(f"ix_urging_{column}"), "urging", [column])
    op.create_table(
        "internal_note",
        sa.Column("id", sa.Integer(), nullable=False),
        *_of_request("internal_note"),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("author_name", sa.String(80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_note")),
    )
    op.create_index(op.f("ix_internal_note_request_id"), "internal_note", ["request_id"])
    op.create_table(
        "bulk_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("kind", KINDS), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("username", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_act")),
    )
    op.create_index(op.f("ix_bulk_act_username"), "bulk_act", ["username"])
    op.create_table(
        "bulk_act_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("act_id", sa.Integer(), nullable=False),
        *_of_request("bulk_act_item"),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("urging_id", sa.Integer()),
        sa.Column("taken_back_at", INSTANT),
        sa.Column("taken_back_by", sa.String(80)),
        sa.ForeignKeyConstraint(["act_id"], ["bulk_act.id"], name=op.f("fk_bulk_act_item_act_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["urging_id"], ["urging.id"], name=op.f("fk_bulk_act_item_urging_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_act_item")),
        sa.UniqueConstraint("act_id", "request_id", name=op.f("uq_bulk_act_item_act_id_request_id")),
    )
    op.create_index(op.f("ix_bulk_act_item_request_id"), "bulk_act_item", ["request_id"])
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("username", "name", name=op.f("uq_saved_view_username_name")),
    )
    op.create_index(op.f("ix_saved_view_username"), "saved_view", ["username"])


def downgrade() -> None:
    for table in ("saved_view", "bulk_act_item", "bulk_act", "internal_note", "urging"):
        op.drop_table(table)
    with op.batch_alter_table("request_event") as event:
        event.drop_column("taken_over")
