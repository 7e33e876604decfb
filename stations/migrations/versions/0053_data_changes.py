"""The feed of changes for systems of other offices

Revision ID: 0053
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

SUBJECTS = ("station", "centre", "request")
HAPPENINGS = (
    *("added", "changed", "status_changed", "merged", "merged_away", "left"),
    *("filed", "moved", "delivered", "message", "rated", "taken_back", "erased"),
)


def _choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "data_change",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", _choice("subject", SUBJECTS), nullable=False),
        sa.Column("happening", _choice("happening", HAPPENINGS), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer()),
        sa.Column("other", sa.String(40)),
        sa.Column("city_adcode", sa.String(6), nullable=False),
        sa.Column("county_adcode", sa.String(6), nullable=False),
        sa.Column("station_code", sa.String(40)),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("key_prefix", sa.String(8)),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_data_change")),
    )
    op.create_index(op.f("ix_data_change_at"), "data_change", ["at"])
    heads = op.create_table(
        "data_change_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_change_head")),
    )
    op.bulk_insert(heads, [{"id": 1, "position": 0}])


def downgrade() -> None:
    for table in ("data_change_head", "data_change"):
        op.drop_table(table)
