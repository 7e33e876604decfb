"""Words of lists of every kind are taught, also those for levels, kinds, stages, roles and states

Revision ID: 0034
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0039"
branch_labels = None
depends_on = None

BEFORE = ("heading", "service", "chain", "area", "status")
AFTER = (*BEFORE, "level", "kind", "stage", "role", "state")


def upgrade() -> None:
    _renew(AFTER)
    op.execute("UPDATE remembered_word SET list_kind = 'stations' WHERE list_kind = 'station'")


def downgrade() -> None:
    op.execute("DELETE FROM remembered_word WHERE list_kind <> 'stations'")
    op.execute("UPDATE remembered_word SET list_kind = 'station'")
    _renew(BEFORE)


def _renew(kinds: tuple[str, ...]) -> None:
    words = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("remembered_word") as table:
        table.drop_constraint(op.f("ck_remembered_word_kind"), type_="check")
        table.create_check_constraint(op.f("ck_remembered_word_kind"), sa.text(f"kind IN ({words})"))
