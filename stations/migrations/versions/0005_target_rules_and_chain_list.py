"""A dated history of each target's counting rules; targets and chains that the province keeps

Revision ID: 0005
Revises: 0004
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

from stations.clock import now

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEPT = ("target", "industrial_chain")


def _loaded_at(connection: sa.Connection) -> datetime:
    """When the records that stand were loaded, for those that never noted it."""
    load = sa.table("data_load", sa.column("name", sa.String), sa.column("loaded_at", sa.DateTime(timezone=True)))
    loaded = connection.scalar(sa.select(load.c.loaded_at).where(load.c.name == "reference"))
    return loaded or now()


def upgrade() -> None:
    connection = op.get_bind()
    op.create_table(
        "target_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["target_code"], ["target.code"], name=op.f("fk_target_rule_target_code"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_rule")),
        sa.UniqueConstraint("target_code", "position", name=op.f("uq_target_rule_target_code_position")),
    )
    loaded_at = _loaded_at(connection)
    target = sa.table("target", sa.column("code", sa.String), sa.column("rule", sa.JSON))
    rules = sa.table(
        "target_rule",
        sa.column("target_code", sa.String),
        sa.column("position", sa.Integer),
        sa.column("rule", sa.JSON),
        sa.column("recorded_by", sa.String),
        sa.column("recorded_at", sa.DateTime(timezone=True)),
    )
    begun = [
        {
            "target_code": code,
            "position": 0,
            "rule": rule,
            "recorded_by": "reference data",
            "recorded_at": loaded_at,
        }
        for code, rule in connection.execute(sa.select(target.c.code, target.c.rule)).all()
    ]
    if begun:
        connection.execute(sa.insert(rules), begun)
    for name in _KEPT:
        with op.batch_alter_table(name) as batch_op:
            batch_op.add_column(sa.Column("version", sa.Integer(), nullable=True))
            batch_op.add_column(sa.Column("created_at", sa.DateTime(timezone=True), nullable=True))
            batch_op.add_column(sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True))
        kept = sa.table(
            name,
            sa.column("version", sa.Integer),
            sa.column("created_at", sa.DateTime(timezone=True)),
            sa.column("updated_at", sa.DateTime(timezone=True)),
        )
        connection.execute(sa.update(kept).values(version=1, created_at=loaded_at, updated_at=loaded_at))
    with op.batch_alter_table("target") as batch_op:
        batch_op.drop_column("rule")
        batch_op.create_check_constraint(op.f("ck_target_required"), "required > 0")
    with op.batch_alter_table("industrial_chain") as batch_op:
        batch_op.add_column(sa.Column("retired_on", sa.Date(), nullable=True))
    for name in _KEPT:
        with op.batch_alter_table(name) as batch_op:
            batch_op.alter_column("version", existing_type=sa.Integer(), nullable=False)
            batch_op.alter_column("created_at", existing_type=sa.DateTime(timezone=True), nullable=False)
            batch_op.alter_column("updated_at", existing_type=sa.DateTime(timezone=True), nullable=False)
            batch_op.create_index(batch_op.f(f"ix_{name}_updated_at"), ["updated_at"], unique=False)
    with op.batch_alter_table("target_rule") as batch_op:
        batch_op.create_index(batch_op.f("ix_target_rule_target_code"), ["target_code"], unique=False)


def downgrade() -> None:
    """The rule in force last becomes the target's only one."""
    connection = op.get_bind()
    for name in _KEPT:
        with op.batch_alter_table(name) as batch_op:
            batch_op.drop_index(batch_op.f(f"ix_{name}_updated_at"))
            batch_op.drop_column("version")
            batch_op.drop_column("created_at")
            batch_op.drop_column("updated_at")
    with op.batch_alter_table("industrial_chain") as batch_op:
        batch_op.drop_column("retired_on")
    with op.batch_alter_table("target") as batch_op:
        batch_op.drop_constraint(op.f("ck_target_required"), type_="check")
        batch_op.add_column(sa.Column("rule", sa.JSON(), nullable=True))
    target = sa.table("target", sa.column("code", sa.String), sa.column("rule", sa.JSON))
    rules = sa.table(
        "target_rule",
        sa.column("target_code", sa.String),
        sa.column("position", sa.Integer),
        sa.column("rule", sa.JSON),
    )
    for code, rule in connection.execute(
        sa.select(rules.c.target_code, rules.c.rule).order_by(rules.c.target_code, rules.c.position)
    ).all():
        connection.execute(sa.update(target).where(target.c.code == code).values(rule=rule))
    with op.batch_alter_table("target") as batch_op:
        batch_op.alter_column("rule", existing_type=sa.JSON(), nullable=False)
    op.drop_table("target_rule")
