"""Indices by which figures of a month, and numbers by state, are counted among very many requests

Revision ID: 0061
Revises: 0060
"""

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

_ADDED = {
    "request_item": (["due_on", "delivered_at", "request_id", "delivered_late"], ["delivered_at"]),
    "request_event": (["move", "at"],),
    "rating": (["created_at"],),
    "service_request": (["state", "sample"],),
}


def upgrade() -> None:
    for table, indices in _ADDED.items():
        for columns in indices:
            op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    op.drop_index(op.f("ix_service_request_state"), "service_request")


def downgrade() -> None:
    op.create_index(op.f("ix_service_request_state"), "service_request", ["state"])
    for table, indices in _ADDED.items():
        for columns in indices:
            op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table)
