"""Which system of another office proposed a change, and its id of the record

Revision ID: 0057
Revises: 0061
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proposal", sa.Column("system", sa.String(40), nullable=True))
    op.add_column("proposal", sa.Column("external_id", sa.String(80), nullable=True))
    op.create_index("ix_proposal_system_external_id", "proposal", ["system", "external_id"])


def downgrade() -> None:
    op.drop_index("ix_proposal_system_external_id", "proposal")
    op.drop_column("proposal", "external_id")
    op.drop_column("proposal", "system")
