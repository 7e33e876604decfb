"""Institutions behind stations, and what each can do

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KINDS = ("metrology", "testing", "certification", "standards", "intellectual_property", "finance", "centre")


def upgrade() -> None:
    op.create_table(
        "institution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=240), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("centre_id", sa.Integer(), nullable=True),
        sa.Column("city_adcode", sa.String(length=6), nullable=True),
        sa.Column("county_adcode", sa.String(length=6), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'centre') = (centre_id IS NOT NULL)", name=op.f("ck_institution_centre")),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_institution_centre_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["city_adcode"], ["city.adcode"], name=op.f("fk_institution_city_adcode")),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_institution_county_adcode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution")),
        sa.UniqueConstraint("centre_id", name=op.f("uq_institution_centre_id")),
        sa.UniqueConstraint("code", name=op.f("uq_institution_code")),
    )
    for column in ("city_adcode", "county_adcode", "sample", "updated_at"):
        op.create_index(op.f(f"ix_institution_{column}"), "institution", [column])

    op.create_table(
        "scope_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_code", sa.String(length=80), nullable=False),
        sa.Column("subject_zh", sa.String(length=160), nullable=False),
        sa.Column("subject_en", sa.String(length=240), nullable=True),
        sa.Column("range", sa.String(length=160), nullable=True),
        sa.Column("standard", sa.String(length=120), nullable=True),
        sa.Column("cma_number", sa.String(length=40), nullable=True),
        sa.Column("cnas_number", sa.String(length=40), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_scope_entry_validity")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institution.id"], name=op.f("fk_scope_entry_institution_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["service_code"], ["service.code"], name=op.f("fk_scope_entry_service_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scope_entry")),
        sa.UniqueConstraint("institution_id", "position", name=op.f("uq_scope_entry_institution_id_position")),
    )
    for column in ("institution_id", "service_code", "standard", "valid_until"):
        op.create_index(op.f(f"ix_scope_entry_{column}"), "scope_entry", [column])

    op.create_table(
        "station_institution",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("institution_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["institution.id"],
            name=op.f("fk_station_institution_institution_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_institution_station_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("station_id", "institution_id", name=op.f("pk_station_institution")),
    )
    op.create_index(op.f("ix_station_institution_institution_id"), "station_institution", ["institution_id"])


def downgrade() -> None:
    op.drop_table("station_institution")
    op.drop_table("scope_entry")
    op.drop_table("institution")
