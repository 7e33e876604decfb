"""Figures and candidate places that people import; saved siting scenarios

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "county_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        *_versioned(),
        sa.CheckConstraint("year BETWEEN 1949 AND 2100", name=op.f("ck_county_figure_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_county_figure")),
        sa.UniqueConstraint("code", name=op.f("uq_county_figure_code")),
    )
    op.create_index(op.f("ix_county_figure_updated_at"), "county_figure", ["updated_at"])
    op.create_table(
        "county_figure_value",
        sa.Column("figure_id", sa.Integer(), nullable=False),
        sa.Column("county_adcode", sa.String(length=6), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_county_figure_value_value")),
        sa.ForeignKeyConstraint(
            ["figure_id"],
            ["county_figure.id"],
            name=op.f("fk_county_figure_value_figure_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["county_adcode"], ["county.adcode"], name=op.f("fk_county_figure_value_county_adcode")
        ),
        sa.PrimaryKeyConstraint("figure_id", "county_adcode", name=op.f("pk_county_figure_value")),
    )
    op.create_table(
        "candidate_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("county_adcode", sa.String(length=6), nullable=False),
        sa.Column("cost", sa.Double(), nullable=True),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        *_versioned(),
        sa.CheckConstraint(
            "lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name=op.f("ck_candidate_place_degrees")
        ),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_candidate_place_county_adcode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_place")),
        sa.UniqueConstraint("code", name=op.f("uq_candidate_place_code")),
    )
    op.create_index(op.f("ix_candidate_place_county_adcode"), "candidate_place", ["county_adcode"])
    op.create_index(op.f("ix_candidate_place_updated_at"), "candidate_place", ["updated_at"])
    op.create_table(
        "scenario",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("token", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("owner_name", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("samples", sa.Boolean(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        *_versioned(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scenario")),
        sa.UniqueConstraint("code", name=op.f("uq_scenario_code")),
        sa.UniqueConstraint("token", name=op.f("uq_scenario_token")),
    )
    op.create_index(op.f("ix_scenario_owner"), "scenario", ["owner"])
    op.create_index(op.f("ix_scenario_updated_at"), "scenario", ["updated_at"])


def _versioned() -> list[sa.Column]:
    return [
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    ]


def downgrade() -> None:
    for table in ("scenario", "candidate_place", "county_figure_value", "county_figure"):
        op.drop_table(table)
