"""The people of a population raster, by hexagon

Revision ID: 0058
Revises: 0057
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "population_layer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("year BETWEEN 1949 AND 2100", name=op.f("ck_population_layer_year")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_population_layer")),
        sa.UniqueConstraint("code", name=op.f("uq_population_layer_code")),
    )
    op.create_index(op.f("ix_population_layer_updated_at"), "population_layer", ["updated_at"])
    op.create_table(
        "population_cell",
        sa.Column("layer_id", sa.Integer(), nullable=False),
        sa.Column("hexagon", sa.String(length=40), nullable=False),
        sa.Column("people", sa.Double(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_population_cell_people")),
        sa.ForeignKeyConstraint(
            ["layer_id"], ["population_layer.id"], name=op.f("fk_population_cell_layer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("layer_id", "hexagon", name=op.f("pk_population_cell")),
    )


def downgrade() -> None:
    op.drop_table("population_cell")
    op.drop_table("population_layer")
