"""Imported tables of distances

Revision ID: 0056
Revises: 0059
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "distance_table",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column(
            "unit",
            sa.Enum("m", "s", name="unit", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("pairs", sa.Integer(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("ways", sa.LargeBinary(), nullable=False),
        sa.Column("imported_by", sa.String(80), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("year BETWEEN 1949 AND 2100", name=op.f("ck_distance_table_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_distance_table")),
        sa.UniqueConstraint("code", name=op.f("uq_distance_table_code")),
    )
    op.create_index(op.f("ix_distance_table_updated_at"), "distance_table", ["updated_at"])


def downgrade() -> None:
    op.drop_table("distance_table")
