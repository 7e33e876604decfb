"""What lists say of institutions and accounts: credit code, accuracy, limitation, authorization; telephone and e-mail

Revision ID: 0031
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0027"
branch_labels = None
depends_on = None

ADDED = {
    "institution": (("credit_code", 18),),
    "scope_entry": (("accuracy", 300), ("limitation", 500), ("authorization_number", 80)),
    "user": (("phone", 120), ("email", 200)),
}
WIDENED = (("subject_zh", 160, False), ("range", 160, True), ("standard", 120, True))
BROAD = 500
PHONE = (40, 120)


def _set_phone_length(before: int, after: int) -> None:
    with op.batch_alter_table("institution") as institution:
        institution.alter_column(
            "phone", existing_type=sa.String(before), type_=sa.String(after), existing_nullable=True
        )


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, length in columns:
            op.add_column(table, sa.Column(name, sa.String(length), nullable=True))
    op.create_index(op.f("ix_institution_credit_code"), "institution", ["credit_code"])
    _set_phone_length(*PHONE)
    with op.batch_alter_table("scope_entry") as scope:
        for name, length, nullable in WIDENED:
            scope.alter_column(
                name, existing_type=sa.String(length), type_=sa.String(BROAD), existing_nullable=nullable
            )


def downgrade() -> None:
    entry = sa.table("scope_entry", *(sa.column(name) for name, _length, _nullable in WIDENED))
    for name, length, _nullable in WIDENED:  # an older version has room for the beginning
        column = entry.c[name]
        shortened = entry.update().where(sa.func.length(column) > length)
        op.execute(shortened.values({name: sa.func.substr(column, 1, length)}))
    with op.batch_alter_table("scope_entry") as scope:
        for name, length, nullable in WIDENED:
            scope.alter_column(
                name, existing_type=sa.String(BROAD), type_=sa.String(length), existing_nullable=nullable
            )
    institution = sa.table("institution", sa.column("phone"))
    long = sa.func.length(institution.c.phone) > PHONE[0]
    op.execute(institution.update().where(long).values(phone=sa.func.substr(institution.c.phone, 1, PHONE[0])))
    _set_phone_length(*reversed(PHONE))
    op.drop_index(op.f("ix_institution_credit_code"), "institution")
    for table, columns in ADDED.items():
        with op.batch_alter_table(table) as changed:
            for name, _length in columns:
                changed.drop_column(name)
