"""Accounts that are administered, sign-ins that can be told apart, and an audit log chained by hash

Revision ID: 0007
Revises: 0006
"""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ROWS_AT_A_TIME = 2000
_REFUSED = "audit entries are never changed or removed"


def upgrade() -> None:
    _chain_audit()
    _extend_accounts()


def downgrade() -> None:
    for table in ("oidc_attempt", "user_identity", "failed_sign_in"):
        op.drop_table(table)
    op.execute("DELETE FROM sign_in")
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.drop_constraint(op.f("uq_sign_in_code"), type_="unique")
        sign_in.drop_constraint(op.f("ck_sign_in_method"), type_="check")
        for column in ("code", "last_seen_at", "method", "client_address", "device"):
            sign_in.drop_column(column)
    with op.batch_alter_table("user") as user:
        user.drop_index("ix_user_updated_at")
        for column in ("version", "updated_at", "password_set_at", "setup_code_hash", "setup_code_until"):
            user.drop_column(column)
    _unchain_audit()


def _extend_accounts() -> None:
    with op.batch_alter_table("user") as user:
        user.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        user.add_column(sa.Column("updated_at", sa.DateTime(timezone=True)))
        user.add_column(sa.Column("password_set_at", sa.DateTime(timezone=True)))
        user.add_column(sa.Column("setup_code_hash", sa.String(64)))
        user.add_column(sa.Column("setup_code_until", sa.DateTime(timezone=True)))
    op.execute('UPDATE "user" SET updated_at = created_at')
    op.execute('UPDATE "user" SET password_set_at = created_at WHERE password_hash IS NOT NULL')
    with op.batch_alter_table("user") as user:
        user.alter_column("version", server_default=None)
        user.alter_column("updated_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        user.create_index("ix_user_updated_at", ["updated_at"])
    op.execute("DELETE FROM sign_in")  # nobody knows when these were last used; a new sign-in tells
    method = sa.Enum(
        "password", "single_sign_on", "sample", name="method", native_enum=False, create_constraint=True, length=40
    )
    with op.batch_alter_table("sign_in") as sign_in:
        sign_in.add_column(sa.Column("code", sa.String(16), nullable=False))
        sign_in.add_column(sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False))
        sign_in.add_column(sa.Column("method", method, nullable=False))
        sign_in.add_column(sa.Column("client_address", sa.String(64), nullable=False))
        sign_in.add_column(sa.Column("device", sa.String(200), nullable=False))
        sign_in.create_unique_constraint(op.f("uq_sign_in_code"), ["code"])
    op.create_table(
        "failed_sign_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_in")),
    )
    op.create_index("ix_failed_sign_in_client_hash_at", "failed_sign_in", ["client_hash", "at"])
    op.create_index("ix_failed_sign_in_at", "failed_sign_in", ["at"])
    op.create_table(
        "user_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_user_identity_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_user_identity_issuer_subject")),
    )
    op.create_index("ix_user_identity_user_id", "user_identity", ["user_id"])
    op.create_table(
        "oidc_attempt",
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(80), nullable=False),
        sa.Column("code_verifier", sa.String(128), nullable=False),
        sa.Column("next_page", sa.String(500), nullable=False),
        sa.Column("linking_user_id", sa.Integer()),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["linking_user_id"], ["user.id"], name=op.f("fk_oidc_attempt_linking_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_oidc_attempt")),
    )
    op.create_index("ix_oidc_attempt_expires_at", "oidc_attempt", ["expires_at"])


def _chain_audit() -> None:
    with op.batch_alter_table("audit_entry") as entry:
        entry.add_column(sa.Column("previous_hash", sa.String(64)))
        entry.add_column(sa.Column("hash", sa.String(64)))
        entry.alter_column(
            "detail", existing_type=sa.JSON(), existing_nullable=False, type_=sa.Text(), postgresql_using="detail::text"
        )
    position, head = _chain_existing()
    with op.batch_alter_table("audit_entry") as entry:
        entry.alter_column("previous_hash", existing_type=sa.String(64), nullable=False)
        entry.alter_column("hash", existing_type=sa.String(64), nullable=False)
        entry.create_index("ix_audit_entry_action_id", ["action", "id"])
    heads = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(heads, [{"id": 1, "position": position, "hash": head}])
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_entry_no_{verb.lower()} BEFORE {verb} ON audit_entry "
                f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )
        # INSERT OR REPLACE would remove the entry before without a word to the trigger on DELETE.
        op.execute(
            "CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry "
            "WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id) "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
        )
        return
    op.execute("ALTER TABLE audit_entry ALTER id DROP DEFAULT")
    op.execute("DROP SEQUENCE IF EXISTS audit_entry_id_seq")
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )


def _chain_existing() -> tuple[int, str]:
    """Number the entries without a gap and chain them; the rule as it stood when this was written."""
    connection = op.get_bind()
    table = sa.table(
        "audit_entry",
        sa.column("id", sa.Integer),
        sa.column("at", sa.DateTime(timezone=True)),
        *(sa.column(name, sa.Text) for name in ("actor", "action", "subject_kind", "subject", "detail")),
        *(sa.column(name, sa.Text) for name in ("previous_hash", "hash")),
    )

    def canonical(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))

    position, previous, last_id = 0, "0" * 64, -1
    while rows := connection.execute(
        sa.select(table).where(table.c.id > last_id).order_by(table.c.id).limit(_ROWS_AT_A_TIME)
    ).all():
        for row in rows:
            position += 1
            at = row.at.replace(tzinfo=UTC) if row.at.tzinfo is None else row.at.astimezone(UTC)
            detail = canonical(json.loads(row.detail))
            content = [
                position,
                at.strftime("%Y-%m-%d %H:%M:%S.%f"),
                row.actor,
                row.action,
                row.subject_kind,
                row.subject,
                detail,
            ]
            own = hashlib.sha256(f"{previous}\n{canonical(content)}".encode()).hexdigest()
            connection.execute(
                sa.update(table)
                .where(table.c.id == row.id)
                .values(id=position, detail=detail, previous_hash=previous, hash=own)
            )
            previous, last_id = own, row.id
    return position, previous


def _unchain_audit() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        for verb in ("update", "delete", "replace"):
            op.execute(f"DROP TRIGGER audit_entry_no_{verb}")
    else:
        op.execute("DROP TRIGGER audit_entry_no_change ON audit_entry")
        op.execute("DROP FUNCTION refuse_audit_change()")
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry") as entry:
        entry.drop_index("ix_audit_entry_action_id")
        entry.drop_column("previous_hash")
        entry.drop_column("hash")
        entry.alter_column(
            "detail", existing_type=sa.Text(), existing_nullable=False, type_=sa.JSON(), postgresql_using="detail::json"
        )
    if not sqlite:
        op.execute("CREATE SEQUENCE audit_entry_id_seq OWNED BY audit_entry.id")
        op.execute("SELECT setval('audit_entry_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM audit_entry), false)")
        op.execute("ALTER TABLE audit_entry ALTER id SET DEFAULT nextval('audit_entry_id_seq')")
