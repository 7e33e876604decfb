"""Work that waits for the firm, the naming of a steward as a step, and English texts of reply templates

Revision ID: 0016
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0013"
branch_labels = None
depends_on = None

OLD_STATES = ("submitted", "accepted", "in_progress", "delivered", "closed", "returned", "refused", "cancelled")
STATES = (*OLD_STATES, "paused")
OLD_MOVES = (
    "accept",
    "return",
    "answer",
    "refuse",
    "start",
    "deliver",
    "close",
    "cancel",
    "transfer",
    "reopen",
    "remind",
    "split",
)
MOVES = (*OLD_MOVES, "assign")

# Of the templates that came along with 0012, where nobody has changed them.
ENGLISH = {
    "received": "Dear {contact}, we have received your request {number} ({services}). {steward} looks after it and "
    "will answer by {due}.",
    "send-sample": "Please send the samples with a list of models and quantities to {station}, marked with your "
    "request number {number}. Address: {address}.",
    "need-list": "Please add a list of the instruments (name, model, measuring range, serial number, quantity). The "
    "days go on once we have it.",
    "need-standard": "Please add the number of the standard that the product follows, and photographs of the sample. "
    "The days go on once we have them.",
    "beyond-scope": "What you asked for ({services}) is beyond the scope of this station and its partners, so we "
    "can't take it on. Under “Find a service” you can ask another station.",
}


def _choose(table: str, column: str, values: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_{column}")
    with op.batch_alter_table(table) as changed:
        changed.drop_constraint(name, type_="check")
        changed.create_check_constraint(name, f"{column} IN ({', '.join(repr(value) for value in values)})")


def upgrade() -> None:
    _choose("service_request", "state", STATES)
    for column, values in (("source", STATES), ("target", STATES), ("move", MOVES)):
        _choose("request_event", column, values)
    with op.batch_alter_table("reply_template") as template:
        template.add_column(sa.Column("text_en", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("reply_template") as template:
        template.alter_column("text_en", server_default=None)
    kept = sa.table("reply_template", sa.column("code"), sa.column("version"), sa.column("text_en"))
    for code, text in ENGLISH.items():
        op.execute(kept.update().where(kept.c.code == code, kept.c.version == 1).values(text_en=text))


def downgrade() -> None:
    with op.batch_alter_table("reply_template") as template:
        template.drop_column("text_en")
    # An older version knows no pause and no step of naming; what is left is numbered anew without a gap.
    event = sa.table("request_event", *(sa.column(name) for name in ("id", "request_id", "position", "move")))
    connection = op.get_bind()
    named = sa.select(event.c.request_id).where(event.c.move == "assign").distinct()
    for request_id in connection.scalars(named).all():
        of_request = event.c.request_id == request_id
        connection.execute(event.delete().where(of_request, event.c.move == "assign"))
        left = connection.scalars(sa.select(event.c.id).where(of_request).order_by(event.c.position)).all()
        for position, one in enumerate(left):
            connection.execute(event.update().where(event.c.id == one).values(position=position))
    for table, column in (("service_request", "state"), ("request_event", "source"), ("request_event", "target")):
        op.execute(f"UPDATE {table} SET {column} = 'in_progress' WHERE {column} = 'paused'")
    _choose("request_event", "move", OLD_MOVES)
    for column in ("target", "source"):
        _choose("request_event", column, OLD_STATES)
    _choose("service_request", "state", OLD_STATES)
