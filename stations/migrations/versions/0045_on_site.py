"""A firm may ask that its request is done at its own place

Revision ID: 0045
Revises: 0050
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("service_request") as request:
        request.add_column(sa.Column("on_site", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("service_request") as request:
        request.alter_column("on_site", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("service_request") as request:
        request.drop_column("on_site")
