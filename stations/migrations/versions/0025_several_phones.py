"""Room for several telephone numbers of a station

Revision ID: 0025
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = ("phone", "contact_phone")
BEFORE, AFTER = 40, 120


def _set_length(before: int, after: int) -> None:
    with op.batch_alter_table("station") as station:
        for column in COLUMNS:
            station.alter_column(
                column, existing_type=sa.String(before), type_=sa.String(after), existing_nullable=True
            )


def upgrade() -> None:
    _set_length(BEFORE, AFTER)


def downgrade() -> None:
    # An older version has room for one or two numbers: the first ones stay.
    connection = op.get_bind()
    station = sa.table("station", sa.column("id"), *map(sa.column, COLUMNS))
    for name in COLUMNS:
        numbers = sa.select(station.c.id, station.c[name]).where(sa.func.length(station.c[name]) > BEFORE)
        for key, text in connection.execute(numbers).all():
            first = text[: BEFORE + 1].rpartition("、")[0] or text[: BEFORE]
            op.execute(station.update().where(station.c.id == key).values({name: first}))
    _set_length(AFTER, BEFORE)
