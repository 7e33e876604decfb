"""Subscriptions to openings, ledgers of instruments

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _channel(name: str) -> sa.Enum:
    return sa.Enum("email", "webhook", "sms", name=name, native_enum=False, create_constraint=True, length=40)


def _versioned() -> tuple[sa.Column, ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("county_adcode", sa.String(6), nullable=False),
        sa.Column("service_code", sa.String(80), nullable=False),
        sa.Column("channel", _channel("channel"), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("proof", sa.String(40), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_version", sa.String(20), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        *_versioned(),
        sa.CheckConstraint("told_at IS NULL OR confirmed_at IS NOT NULL", name=op.f("ck_subscription_told")),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_subscription_county_adcode")),
        sa.ForeignKeyConstraint(["service_code"], ["service.code"], name=op.f("fk_subscription_service_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("code", name=op.f("uq_subscription_code")),
        sa.UniqueConstraint("proof", name=op.f("uq_subscription_proof")),
        sa.UniqueConstraint(
            "county_adcode",
            "service_code",
            "channel",
            "address",
            name=op.f("uq_subscription_county_adcode_service_code_channel_address"),
        ),
    )
    op.create_index(op.f("ix_subscription_updated_at"), "subscription", ["updated_at"])
    op.create_index(
        op.f("ix_subscription_county_adcode_service_code_id"),
        "subscription",
        ["county_adcode", "service_code", "id"],
    )
    op.create_table(
        "instrument_ledger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("code_hash", sa.String(200), nullable=False),
        sa.Column("firm_name", sa.String(120), nullable=False),
        sa.Column("county_adcode", sa.String(6), nullable=False),
        sa.Column("notice_channel", _channel("notice_channel")),
        sa.Column("notice_address", sa.String(500)),
        sa.Column("address_proof", sa.String(40)),
        sa.Column("address_confirmed_at", sa.DateTime(timezone=True)),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_version", sa.String(20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        *_versioned(),
        sa.CheckConstraint(
            "(notice_channel IS NULL) = (notice_address IS NULL)", name=op.f("ck_instrument_ledger_notice")
        ),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_instrument_ledger_county_adcode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument_ledger")),
        sa.UniqueConstraint("number", name=op.f("uq_instrument_ledger_number")),
    )
    for column in ("county_adcode", "opened_at", "updated_at"):
        op.create_index(op.f(f"ix_instrument_ledger_{column}"), "instrument_ledger", [column])
    op.create_table(
        "instrument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("ledger_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("model", sa.String(80), nullable=False),
        sa.Column("accuracy", sa.String(80), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("last_verified", sa.Date()),
        sa.Column("interval_months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("reminded_on", sa.Date()),
        sa.Column("reminded_days", sa.Integer()),
        *_versioned(),
        sa.CheckConstraint("interval_months BETWEEN 1 AND 120", name=op.f("ck_instrument_interval")),
        sa.CheckConstraint("(due_on IS NULL) = (last_verified IS NULL)", name=op.f("ck_instrument_due")),
        sa.ForeignKeyConstraint(
            ["ledger_id"], ["instrument_ledger.id"], name=op.f("fk_instrument_ledger_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
        sa.UniqueConstraint("code", name=op.f("uq_instrument_code")),
        sa.UniqueConstraint("ledger_id", "name", "number", name=op.f("uq_instrument_ledger_id_name_number")),
    )
    for column in ("due_on", "updated_at"):
        op.create_index(op.f(f"ix_instrument_{column}"), "instrument", [column])
    op.create_index(op.f("ix_instrument_ledger_id_due_on_id"), "instrument", ["ledger_id", "due_on", "id"])
    op.create_table(
        "opened_ledger",
        sa.Column("browser_hash", sa.String(64), nullable=False),
        sa.Column("ledger_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ledger_id"], ["instrument_ledger.id"], name=op.f("fk_opened_ledger_ledger_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("browser_hash", "ledger_id", name=op.f("pk_opened_ledger")),
    )
    op.create_index(op.f("ix_opened_ledger_expires_at"), "opened_ledger", ["expires_at"])


def downgrade() -> None:
    for table in ("opened_ledger", "instrument", "instrument_ledger", "subscription"):
        op.drop_table(table)
