"""Keys with which systems of other offices use the interfaces

Revision ID: 0052
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0040"
branch_labels = None
depends_on = None

AREAS = ("province", "city", "county", "station")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "interface_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("prefix", sa.String(8), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("system", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("holder", sa.String(200), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column(
            "area_kind",
            sa.Enum(*AREAS, name="area_kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("area_code", sa.String(6), nullable=False),
        sa.Column("city_adcode", sa.String(6), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("per_day", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.String(80), nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("withdrawn_by", sa.String(80)),
        sa.Column("last_used_at", INSTANT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interface_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_interface_key_prefix")),
    )
    for column in ("system", "updated_at"):
        op.create_index(op.f(f"ix_interface_key_{column}"), "interface_key", [column])


def downgrade() -> None:
    op.drop_table("interface_key")
