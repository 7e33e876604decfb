"""Imported places that are demand themselves

Revision ID: 0059
Revises: 0058
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

BASES = ("coordinates", "geocoder", "town", "county", "nothing")


def upgrade() -> None:
    op.create_table(
        "demand_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("county_adcode", sa.String(length=6), nullable=True),
        sa.Column(
            "location_basis",
            sa.Enum(*BASES, name="location_basis", native_enum=False, length=40, create_constraint=True),
            nullable=False,
        ),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name=op.f("ck_demand_point_degrees")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_demand_point_amount")),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_demand_point_county_adcode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_point")),
        sa.UniqueConstraint("code", name=op.f("uq_demand_point_code")),
    )
    op.create_index(op.f("ix_demand_point_county_adcode"), "demand_point", ["county_adcode"])
    op.create_index(op.f("ix_demand_point_updated_at"), "demand_point", ["updated_at"])


def downgrade() -> None:
    op.drop_table("demand_point")
