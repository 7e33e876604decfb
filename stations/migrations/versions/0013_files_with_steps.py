"""Files that go along with a step of a request: an answer, or the delivery of one service

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachment") as attachment:
        attachment.add_column(sa.Column("event_id", sa.Integer()))
        attachment.create_foreign_key(
            op.f("fk_attachment_event_id"), "request_event", ["event_id"], ["id"], ondelete="CASCADE"
        )
        attachment.create_unique_constraint(op.f("uq_attachment_event_id_digest"), ["event_id", "digest"])
        attachment.create_check_constraint(
            op.f("ck_attachment_event"), "event_id IS NULL OR (request_id IS NOT NULL AND message_id IS NULL)"
        )
        attachment.create_index(op.f("ix_attachment_event_id"), ["event_id"])


def downgrade() -> None:
    # Without the step they stay what they are: files of the request.
    with op.batch_alter_table("attachment") as attachment:
        attachment.drop_index(op.f("ix_attachment_event_id"))
        attachment.drop_constraint(op.f("ck_attachment_event"), type_="check")
        attachment.drop_constraint(op.f("uq_attachment_event_id_digest"), type_="unique")
        attachment.drop_constraint(op.f("fk_attachment_event_id"), type_="foreignkey")
        attachment.drop_column("event_id")
