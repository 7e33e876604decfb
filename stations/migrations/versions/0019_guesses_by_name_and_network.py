"""Wrong guesses are counted by the network that they come from and the name, and no account is locked any more

Revision ID: 0019
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("user", "wrong_guesses")
    op.drop_column("user", "locked_until")
    op.execute("DELETE FROM failed_sign_in")  # they count for a quarter of an hour, and whose name was typed is unknown
    with op.batch_alter_table("failed_sign_in") as failed:
        failed.add_column(sa.Column("name_hash", sa.String(64), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("failed_sign_in") as failed:
        failed.drop_column("name_hash")
    op.add_column("user", sa.Column("wrong_guesses", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("user", sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True))
