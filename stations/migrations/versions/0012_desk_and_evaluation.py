"""The request desk: requests split off, first answers judged, escalation and its rules, reply templates;
the evaluation's weights by date, and visits on site

Revision ID: 0012
Revises: 0010
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None

OLD_MOVES = (
    "accept",
    "return",
    "answer",
    "refuse",
    "start",
    "deliver",
    "close",
    "cancel",
    "transfer",
    "reopen",
    "remind",
)
MOVES = (*OLD_MOVES, "split")
LEVELS = ("county", "city", "province")
USES = ("message", "return", "refuse")

# Whom a deadline that has passed is told to, and after how many working days beyond it. No standard at
# hand sets these; the province changes them.
RULES = (("county", 1), ("city", 3), ("province", 5))

TEMPLATES = (
    (
        "received",
        "message",
        "已收到申请",
        "您好，{contact}：贵单位的申请 {number}（{services}）已收到，由{steward}负责办理，预计 {due} 前答复。",
    ),
    (
        "send-sample",
        "message",
        "请送样",
        "您好，请将样品连同型号、数量清单送至{station}，并注明申请编号 {number}。地址：{address}。",
    ),
    (
        "need-list",
        "return",
        "请补充器具清单",
        "请补充器具清单（名称、型号、测量范围、出厂编号、数量）。补充后办理期限继续计算。",
    ),
    ("need-standard", "return", "请补充执行标准", "请补充产品执行标准编号和样品照片。补充后办理期限继续计算。"),
    (
        "beyond-scope",
        "refuse",
        "超出能力范围",
        "您申请的{services}超出本站及合作机构的能力范围，暂不能受理。可在“找服务”中选择其他小站申请。",
    ),
)

# What stands until the province sets its own; it holds for every earlier period too.
WEIGHTS = {
    "answered_in_time": 20,
    "delivered_in_time": 25,
    "median_days": 10,
    "p90_days": 5,
    "satisfaction": 20,
    "reopened": 5,
    "refused": 5,
    "breadth": 5,
    "visits": 5,
}
FEW = 5


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _move_check(values: tuple[str, ...]) -> str:
    return f"move IN ({', '.join(repr(value) for value in values)})"


def _versioned() -> list[sa.Column]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def upgrade() -> None:
    with op.batch_alter_table("service_request") as request:
        request.add_column(sa.Column("split_from_id", sa.Integer()))
        request.add_column(sa.Column("answer_due_on", sa.Date()))
        request.add_column(sa.Column("answered_at", sa.DateTime(timezone=True)))
        request.add_column(sa.Column("answered_late", sa.Boolean()))
        request.create_foreign_key(
            op.f("fk_service_request_split_from_id"), "service_request", ["split_from_id"], ["id"], ondelete="SET NULL"
        )
        request.create_index(op.f("ix_service_request_split_from_id"), ["split_from_id"])
        request.create_index(op.f("ix_service_request_answer_due_on"), ["answer_due_on"])
        request.create_index(op.f("ix_service_request_created_at"), ["created_at"])
    with op.batch_alter_table("request_event") as event:
        event.drop_constraint(op.f("ck_request_event_move"), type_="check")
        event.create_check_constraint(op.f("ck_request_event_move"), _move_check(MOVES))
    rule = op.create_table(
        "escalation_rule",
        sa.Column("level", _choice("level", LEVELS), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("after_days > 0", name=op.f("ck_escalation_rule_after_days")),
        sa.PrimaryKeyConstraint("level", name=op.f("pk_escalation_rule")),
    )
    op.bulk_insert(rule, [{"level": level, "after_days": days, "active": True} for level, days in RULES])
    op.create_table(
        "escalation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("level", _choice("level", LEVELS), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_escalation_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("request_id", "due_on", "level", name=op.f("uq_escalation_request_id_due_on_level")),
    )
    template = op.create_table(
        "reply_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("use", _choice("use", USES), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        *_versioned(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_template")),
        sa.UniqueConstraint("code", name=op.f("uq_reply_template_code")),
    )
    op.create_index(op.f("ix_reply_template_updated_at"), "reply_template", ["updated_at"])
    made = datetime(2026, 11, 24, tzinfo=UTC)
    op.bulk_insert(
        template,
        [
            dict(zip(("code", "use", "title", "text"), row, strict=True))
            | {"active": True, "version": 1, "created_at": made, "updated_at": made}
            for row in TEMPLATES
        ],
    )
    _create_evaluation()


def _create_evaluation() -> None:
    scheme = op.create_table(
        "evaluation_scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("few", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("few >= 0", name=op.f("ck_evaluation_scheme_few")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_scheme")),
        sa.UniqueConstraint("in_force_from", name=op.f("uq_evaluation_scheme_in_force_from")),
    )
    op.bulk_insert(
        scheme,
        [
            {
                "in_force_from": date(2021, 1, 1),
                "weights": WEIGHTS,
                "few": FEW,
                "reason": "本平台初始权重，供省级管理员调整",
                "recorded_by": "portal",
                "recorded_at": datetime(2026, 11, 24, tzinfo=UTC),
            }
        ],
    )
    op.create_table(
        "site_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("firm_name", sa.String(120), nullable=False),
        sa.Column("subject", sa.String(400), nullable=False),
        sa.Column("recorded_by", sa.String(80), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_site_visit_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site_visit")),
        sa.UniqueConstraint("code", name=op.f("uq_site_visit_code")),
    )
    op.create_index(op.f("ix_site_visit_station_id"), "site_visit", ["station_id"])
    op.create_index(op.f("ix_site_visit_visited_on"), "site_visit", ["visited_on"])
    op.create_index(op.f("ix_site_visit_updated_at"), "site_visit", ["updated_at"])


def downgrade() -> None:
    op.drop_table("site_visit")
    op.drop_table("evaluation_scheme")
    op.drop_table("reply_template")
    op.drop_table("escalation")
    op.drop_table("escalation_rule")
    op.execute("DELETE FROM request_event WHERE move = 'split'")  # an older version has no word for it
    with op.batch_alter_table("request_event") as event:
        event.drop_constraint(op.f("ck_request_event_move"), type_="check")
        event.create_check_constraint(op.f("ck_request_event_move"), _move_check(OLD_MOVES))
    with op.batch_alter_table("service_request") as request:
        request.drop_index(op.f("ix_service_request_created_at"))
        request.drop_index(op.f("ix_service_request_answer_due_on"))
        request.drop_index(op.f("ix_service_request_split_from_id"))
        request.drop_constraint(op.f("fk_service_request_split_from_id"), type_="foreignkey")
        for column in ("answered_late", "answered_at", "answer_due_on", "split_from_id"):
            request.drop_column(column)
