"""A station's host institution and contact person, and what a list says of it that was not understood

Revision ID: 0018
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = (("host", 160), ("contact_name", 80), ("contact_phone", 40))


def upgrade() -> None:
    with op.batch_alter_table("station") as station:
        for name, length in COLUMNS:
            station.add_column(sa.Column(name, sa.String(length), nullable=True))
    op.create_table(
        "station_unread",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_unread_station_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("station_id", "field", name=op.f("pk_station_unread")),
    )


def downgrade() -> None:
    op.drop_table("station_unread")
    with op.batch_alter_table("station") as station:
        for name, _length in reversed(COLUMNS):
            station.drop_column(name)
