"""Since when the personal data of a request is erased, and the key of the pseudonyms of firms

Revision ID: 0032
Revises: 0031
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service_request", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_service_request_erased_at", "service_request", ["erased_at"])
    key = op.create_table(
        "pseudonym_key",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pseudonym_key")),
    )
    op.bulk_insert(key, [{"id": 1, "key": secrets.token_bytes(32)}])


def downgrade() -> None:
    op.drop_table("pseudonym_key")
    op.drop_index("ix_service_request_erased_at", "service_request")
    op.drop_column("service_request", "erased_at")
