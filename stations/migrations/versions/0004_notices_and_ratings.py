"""The outbox of notices, deadlines, transfers and reopening, ratings

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


OLD_MOVES = ("accept", "return", "answer", "refuse", "start", "deliver", "close", "cancel")
MOVES = (*OLD_MOVES, "transfer", "reopen", "remind")
QUESTIONS = ("overall", "efficiency", "guidance", "convenience", "competence", "attitude")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _is_one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    _create_outbox()
    with op.batch_alter_table("service_request") as request:
        request.add_column(sa.Column("due_on", sa.Date()))
        request.add_column(sa.Column("notice_channel", sa.String(40)))
        request.add_column(sa.Column("notice_address", sa.String(500)))
        request.add_column(sa.Column("language", sa.String(10), nullable=False, server_default="zh_CN"))
        request.create_index(op.f("ix_service_request_due_on"), ["due_on"])
        request.create_check_constraint(
            op.f("ck_service_request_notice_channel"), _is_one_of("notice_channel", ("email", "webhook", "sms"))
        )
        request.create_check_constraint(
            op.f("ck_service_request_notice"), "(notice_channel IS NULL) = (notice_address IS NULL)"
        )
    with op.batch_alter_table("service_request") as request:
        request.alter_column("language", existing_type=sa.String(10), existing_nullable=False, server_default=None)
    with op.batch_alter_table("request_item") as item:
        item.add_column(sa.Column("due_on", sa.Date()))
        item.add_column(sa.Column("working_days", sa.Integer()))
        item.add_column(sa.Column("delivered_late", sa.Boolean()))
    with op.batch_alter_table("request_event") as event:
        event.add_column(sa.Column("station_id", sa.Integer()))
        event.create_foreign_key(op.f("fk_request_event_station_id"), "station", ["station_id"], ["id"])
        event.drop_constraint(op.f("ck_request_event_move"), type_="check")
        event.create_check_constraint(op.f("ck_request_event_move"), _is_one_of("move", MOVES))
    op.execute(
        "UPDATE request_event SET station_id = (SELECT station_id FROM service_request"
        " WHERE service_request.id = request_event.request_id) WHERE position = 0"
    )
    op.execute("DELETE FROM wrong_try")  # they count for minutes only, and nobody noted from where
    with op.batch_alter_table("wrong_try") as wrong_try:
        wrong_try.add_column(sa.Column("client_hash", sa.String(64), nullable=False))
        wrong_try.create_index(op.f("ix_wrong_try_client_hash"), ["client_hash"])
    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("overall", sa.Integer(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("overall BETWEEN 1 AND 5", name=op.f("ck_rating_overall")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_rating_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("request_id", name=op.f("uq_rating_request_id")),
    )
    op.create_index(op.f("ix_rating_updated_at"), "rating", ["updated_at"])
    op.create_table(
        "rating_grade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rating_id", sa.Integer(), nullable=False),
        sa.Column("question", _choice("question", *QUESTIONS), nullable=True),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.CheckConstraint("(question IS NULL) <> (item_id IS NULL)", name=op.f("ck_rating_grade_about")),
        sa.CheckConstraint("grade BETWEEN 1 AND 5", name=op.f("ck_rating_grade_grade")),
        sa.ForeignKeyConstraint(
            ["rating_id"], ["rating.id"], name=op.f("fk_rating_grade_rating_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["request_item.id"], name=op.f("fk_rating_grade_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_grade")),
        sa.UniqueConstraint("rating_id", "question", name=op.f("uq_rating_grade_rating_id_question")),
        sa.UniqueConstraint("rating_id", "item_id", name=op.f("uq_rating_grade_rating_id_item_id")),
    )
    op.create_index(op.f("ix_rating_grade_rating_id"), "rating_grade", ["rating_id"])
    op.create_index(op.f("ix_rating_grade_item_id"), "rating_grade", ["item_id"])


def _create_outbox() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "channel",
            _choice("channel", "email", "webhook", "sms"),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            _choice("state", "waiting", "sent", "failed", "withheld"),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(length=40), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    for column in ("state", "next_try_at", "updated_at"):
        op.create_index(op.f(f"ix_notice_{column}"), "notice", [column], unique=False)


def downgrade() -> None:
    """Transfers, reopenings and reminders can't be told by the older schema: their events go, states stay."""
    op.drop_table("rating_grade")
    op.drop_table("rating")
    with op.batch_alter_table("wrong_try") as wrong_try:
        wrong_try.drop_index(op.f("ix_wrong_try_client_hash"))
        wrong_try.drop_column("client_hash")
    op.execute(f"DELETE FROM request_event WHERE NOT ({_is_one_of('move', OLD_MOVES)})")
    with op.batch_alter_table("request_event") as event:
        event.drop_constraint(op.f("ck_request_event_move"), type_="check")
        event.create_check_constraint(op.f("ck_request_event_move"), _is_one_of("move", OLD_MOVES))
        event.drop_constraint(op.f("fk_request_event_station_id"), type_="foreignkey")
        event.drop_column("station_id")
    with op.batch_alter_table("request_item") as item:
        for column in ("due_on", "working_days", "delivered_late"):
            item.drop_column(column)
    with op.batch_alter_table("service_request") as request:
        request.drop_constraint(op.f("ck_service_request_notice"), type_="check")
        request.drop_constraint(op.f("ck_service_request_notice_channel"), type_="check")
        request.drop_index(op.f("ix_service_request_due_on"))
        for column in ("due_on", "notice_channel", "notice_address", "language"):
            request.drop_column(column)
    op.drop_table("notice")
