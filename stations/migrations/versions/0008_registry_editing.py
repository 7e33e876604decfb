"""The registry is edited: changes field by field, proposals, doubles, codes of merged records

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KINDS = ("station", "centre")
CHANGES = ("loaded", "added", "edited", "status_changed", "history_corrected", "merged", "merged_away")
STATES = ("waiting", "returned", "accepted", "refused", "withdrawn")
STEPS = ("proposed", "commented", "returned", "resubmitted", "accepted", "refused", "withdrawn")


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def text(name: str, length: int | None = None, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length) if length else sa.Text(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "record_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("kind", *KINDS), nullable=False),
        text("code", 40),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change", one_of("change", *CHANGES), nullable=False),
        moment("at"),
        text("actor", 80),
        text("actor_name", 80),
        sa.Column("fields", sa.JSON(), nullable=False),
        text("reason"),
        text("proposal", 40, nullable=True),
        text("other", 40, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_change")),
        sa.UniqueConstraint("kind", "code", "version", name=op.f("uq_record_change_kind_code_version")),
    )
    op.create_table(
        "merged_code",
        sa.Column("kind", one_of("kind", *KINDS), nullable=False),
        text("code", 40),
        text("survivor", 40),
        moment("at"),
        sa.PrimaryKeyConstraint("kind", "code", name=op.f("pk_merged_code")),
    )
    op.create_table(
        "not_a_double",
        sa.Column("kind", one_of("kind", *KINDS), nullable=False),
        text("code", 40),
        text("other", 40),
        text("actor", 80),
        text("actor_name", 80),
        moment("at"),
        text("reason"),
        sa.CheckConstraint("code < other", name=op.f("ck_not_a_double_ordered")),
        sa.PrimaryKeyConstraint("kind", "code", "other", name=op.f("pk_not_a_double")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        text("code", 40),
        text("station_code", 40, nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("base", sa.JSON(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("place_confirmed", sa.Boolean(), nullable=False),
        text("reason"),
        sa.Column("state", one_of("state", *STATES), nullable=False),
        text("proposer", 80),
        text("proposer_name", 80),
        sa.Column("told", sa.Boolean(), nullable=False),
        text("city_adcode", 6),
        text("county_adcode", 6, nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        moment("created_at"),
        moment("updated_at"),
        sa.ForeignKeyConstraint(["city_adcode"], ["city.adcode"], name=op.f("fk_proposal_city_adcode")),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_proposal_county_adcode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("code", name=op.f("uq_proposal_code")),
    )
    op.create_table(
        "proposal_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("step", one_of("step", *STEPS), nullable=False),
        moment("at"),
        text("actor", 80),
        text("actor_name", 80),
        text("text"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_step_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_step")),
    )
    for table, columns in INDEXES.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


INDEXES = {
    "record_change": ("at", "actor"),
    "merged_code": ("survivor",),
    "not_a_double": ("other",),
    "proposal": ("station_code", "state", "proposer", "city_adcode", "county_adcode", "sample", "updated_at"),
    "proposal_step": ("proposal_id",),
}


def downgrade() -> None:
    for table in ("proposal_step", "proposal", "not_a_double", "merged_code", "record_change"):
        op.drop_table(table)
