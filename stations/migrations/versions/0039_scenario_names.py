"""An owner's scenarios have different names

Revision ID: 0039
Revises: 0036
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0036"
branch_labels = None
depends_on = None

_SCENARIO = sa.table(
    "scenario",
    sa.column("id", sa.Integer()),
    sa.column("owner", sa.String(40)),
    sa.column("name", sa.String(80)),
)
_LIMIT = 80  # characters of a name


def upgrade() -> None:
    _rename_namesakes()
    with op.batch_alter_table("scenario") as scenario:
        scenario.create_unique_constraint(op.f("uq_scenario_owner_name"), ["owner", "name"])


def downgrade() -> None:
    with op.batch_alter_table("scenario") as scenario:
        scenario.drop_constraint(op.f("uq_scenario_owner_name"), type_="unique")


def _rename_namesakes() -> None:
    """Number the later ones of an owner's scenarios with one name, which two open pages could save: “name (2)”."""
    connection = op.get_bind()
    taken: dict[str, set[str]] = defaultdict(set)
    scenarios = connection.execute(sa.select(_SCENARIO).order_by(_SCENARIO.c.id)).all()
    names = defaultdict(set)
    for one in scenarios:
        names[one.owner].add(one.name)
    for one in scenarios:
        name, number = one.name, 1
        while name in taken[one.owner] or (number > 1 and name in names[one.owner]):
            number += 1
            mark = f" ({number})"
            name = one.name[: _LIMIT - len(mark)] + mark
        taken[one.owner].add(name)
        if name != one.name:
            connection.execute(_SCENARIO.update().where(_SCENARIO.c.id == one.id).values(name=name))
