"""Since when the personal data of a request is erased

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service_request", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_service_request_erased_at", "service_request", ["erased_at"])


def downgrade() -> None:
    op.drop_index("ix_service_request_erased_at", "service_request")
    op.drop_column("service_request", "erased_at")
