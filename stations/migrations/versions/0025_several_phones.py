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
BEFORE, AFTER = sa.String(40), sa.String(120)


def upgrade() -> None:
    with op.batch_alter_table("station") as station:
        for column in COLUMNS:
            station.alter_column(column, existing_type=BEFORE, type_=AFTER, existing_nullable=True)


def downgrade() -> None:
    # An older version has room for one or two numbers: the first ones stay.
    connection = op.get_bind()
    station = sa.table("station", sa.column("id"), *map(sa.column, COLUMNS))
    for name in COLUMNS:
        numbers = sa.select(station.c.id, station.c[name]).where(sa.func.length(station.c[name]) > BEFORE.length)
        for key, text in connection.execute(numbers).all():
            first = text[: BEFORE.length + 1].rpartition("、")[0] or text[: BEFORE.length]
            op.execute(station.update().where(station.c.id == key).values({name: first}))
    with op.batch_alter_table("station") as changed:
        for name in COLUMNS:
            changed.alter_column(name, existing_type=AFTER, type_=BEFORE, existing_nullable=True)
