"""Alerts about coverage, and the rules that raise them with the days they start from

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KINDS = ("uncovered", "ending")
CHANNELS = ("email", "webhook", "sms")
ROLES = ("province", "city", "county", "station", "auditor", "planner")

# A county has a month to reopen before it is told, the city two more, then the province; what is
# known to come is told while there is time to prevent it.
RULES = (
    ("uncovered-30", "uncovered", 30, "county"),
    ("uncovered-90", "uncovered", 90, "city"),
    ("uncovered-180", "uncovered", 180, "province"),
    ("ending-60", "ending", 60, "county"),
)


def upgrade() -> None:
    rule = op.create_table(
        "coverage_alert_rule",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column(
            "role", sa.Enum(*ROLES, name="role", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_coverage_alert_rule_days")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_coverage_alert_rule")),
    )
    op.bulk_insert(
        rule,
        [dict(zip(("code", "kind", "days", "role"), row, strict=True)) | {"active": True} for row in RULES],
    )
    op.create_table(
        "alert_contact",
        sa.Column("area_code", sa.String(length=6), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(*CHANNELS, name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("area_code", "channel", name=op.f("pk_alert_contact")),
    )
    op.create_table(
        "coverage_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("rule_code", sa.String(length=40), nullable=False),
        sa.Column("county_adcode", sa.String(length=6), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=80), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_coverage_alert_county_adcode")),
        sa.ForeignKeyConstraint(["rule_code"], ["coverage_alert_rule.code"], name=op.f("fk_coverage_alert_rule_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_alert")),
        sa.UniqueConstraint("code", name=op.f("uq_coverage_alert_code")),
        sa.UniqueConstraint(
            "rule_code",
            "county_adcode",
            "since",
            "sample",
            name=op.f("uq_coverage_alert_rule_code_county_adcode_since_sample"),
        ),
    )
    with op.batch_alter_table("coverage_alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coverage_alert_county_adcode"), ["county_adcode"], unique=False)
        batch_op.create_index(batch_op.f("ix_coverage_alert_sample"), ["sample"], unique=False)
        batch_op.create_index(batch_op.f("ix_coverage_alert_updated_at"), ["updated_at"], unique=False)


def downgrade() -> None:
    op.drop_table("coverage_alert")
    op.drop_table("alert_contact")
    op.drop_table("coverage_alert_rule")
