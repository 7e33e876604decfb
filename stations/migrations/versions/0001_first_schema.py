"""The first schema

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor"), ["actor"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "city",
        sa.Column("adcode", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("population_source", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("adcode", name=op.f("pk_city")),
    )
    op.create_table(
        "data_load",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_data_load")),
    )
    op.create_table(
        "industrial_chain",
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "key", "strong", "outstanding", name="chain_tier", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_industrial_chain")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_table(
        "service",
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("parent_code", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("element", sa.Boolean(), nullable=False),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("bring_zh", sa.Text(), nullable=False),
        sa.Column("bring_en", sa.Text(), nullable=False),
        sa.Column("performer_zh", sa.Text(), nullable=False),
        sa.Column("performer_en", sa.Text(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("fee_zh", sa.Text(), nullable=False),
        sa.Column("fee_en", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["parent_code"], ["service.code"], name=op.f("fk_service_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "target",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("at_least", sa.Boolean(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("clause", sa.String(length=20), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.CheckConstraint("period_start <= period_end", name=op.f("ck_target_period")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_target")),
    )
    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("wrong_guesses", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("username", name=op.f("uq_user_username")),
    )
    op.create_table(
        "county",
        sa.Column("adcode", sa.String(length=6), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("city_adcode", sa.String(length=6), nullable=False),
        sa.Column("area_km2", sa.Double(), nullable=False),
        sa.Column("lon", sa.Double(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("population_source", sa.String(length=200), nullable=True),
        sa.Column("population_note", sa.String(length=300), nullable=True),
        sa.CheckConstraint("kind IN ('district', 'county_level_city', 'county')", name=op.f("ck_county_kind")),
        sa.ForeignKeyConstraint(["city_adcode"], ["city.adcode"], name=op.f("fk_county_city_adcode")),
        sa.PrimaryKeyConstraint("adcode", name=op.f("pk_county")),
    )
    with op.batch_alter_table("county", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_county_city_adcode"), ["city_adcode"], unique=False)

    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "province",
                "city",
                "county",
                "station",
                "auditor",
                "planner",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "area_kind",
            sa.Enum(
                "province",
                "city",
                "county",
                "station",
                name="area_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("area_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_duty_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sign_in_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "centre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=240), nullable=True),
        sa.Column(
            "level",
            sa.Enum("national", "provincial", name="level", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "quality_inspection",
                "metrology",
                "industrial_metrology",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("host", sa.String(length=160), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("city_adcode", sa.String(length=6), nullable=False),
        sa.Column("county_adcode", sa.String(length=6), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(lon IS NULL) = (lat IS NULL)", name=op.f("ck_centre_place")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name=op.f("ck_centre_degrees")),
        sa.ForeignKeyConstraint(["city_adcode"], ["city.adcode"], name=op.f("fk_centre_city_adcode")),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_centre_county_adcode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre")),
        sa.UniqueConstraint("code", name=op.f("uq_centre_code")),
    )
    with op.batch_alter_table("centre", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_centre_city_adcode"), ["city_adcode"], unique=False)
        batch_op.create_index(batch_op.f("ix_centre_county_adcode"), ["county_adcode"], unique=False)
        batch_op.create_index(batch_op.f("ix_centre_sample"), ["sample"], unique=False)
        batch_op.create_index(batch_op.f("ix_centre_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "pilot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("name_en", sa.String(length=240), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "agricultural_standardization",
                "social_management_and_public_service",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("host", sa.String(length=160), nullable=True),
        sa.Column("city_adcode", sa.String(length=6), nullable=False),
        sa.Column("county_adcode", sa.String(length=6), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["city_adcode"], ["city.adcode"], name=op.f("fk_pilot_city_adcode")),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_pilot_county_adcode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot")),
        sa.UniqueConstraint("code", name=op.f("uq_pilot_code")),
    )
    with op.batch_alter_table("pilot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_city_adcode"), ["city_adcode"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_county_adcode"), ["county_adcode"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_sample"), ["sample"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "station",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=True),
        sa.Column("brand", sa.String(length=40), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("located_adcode", sa.String(length=6), nullable=True),
        sa.Column("city_adcode", sa.String(length=6), nullable=False),
        sa.Column("county_adcode", sa.String(length=6), nullable=True),
        sa.Column("hours", sa.String(length=120), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(lon IS NULL) = (lat IS NULL)", name=op.f("ck_station_place")),
        sa.CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90", name=op.f("ck_station_degrees")),
        sa.ForeignKeyConstraint(["city_adcode"], ["city.adcode"], name=op.f("fk_station_city_adcode")),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_station_county_adcode")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("code", name=op.f("uq_station_code")),
    )
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_station_city_adcode"), ["city_adcode"], unique=False)
        batch_op.create_index(batch_op.f("ix_station_county_adcode"), ["county_adcode"], unique=False)
        batch_op.create_index(batch_op.f("ix_station_sample"), ["sample"], unique=False)
        batch_op.create_index(batch_op.f("ix_station_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "centre_chain",
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column("chain_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_centre_chain_centre_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["chain_code"], ["industrial_chain.code"], name=op.f("fk_centre_chain_chain_code")),
        sa.PrimaryKeyConstraint("centre_id", "chain_code", name=op.f("pk_centre_chain")),
    )
    with op.batch_alter_table("centre_chain", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_centre_chain_chain_code"), ["chain_code"], unique=False)

    op.create_table(
        "centre_stage",
        sa.Column("centre_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "planned",
                "approved_for_construction",
                "under_construction",
                "accepted",
                "withdrawn",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("dated", sa.String(length=10), nullable=True),
        sa.Column("as_of", sa.String(length=10), nullable=True),
        sa.Column("known_from", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centre.id"], name=op.f("fk_centre_stage_centre_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre_stage")),
        sa.UniqueConstraint("centre_id", "position", name=op.f("uq_centre_stage_centre_id_position")),
    )
    with op.batch_alter_table("centre_stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_centre_stage_centre_id"), ["centre_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_centre_stage_known_from"), ["known_from"], unique=False)

    op.create_table(
        "pilot_stage",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "planned",
                "approved_for_construction",
                "under_construction",
                "accepted",
                "withdrawn",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("dated", sa.String(length=10), nullable=True),
        sa.Column("as_of", sa.String(length=10), nullable=True),
        sa.Column("known_from", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_stage_pilot_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pilot_stage")),
        sa.UniqueConstraint("pilot_id", "position", name=op.f("uq_pilot_stage_pilot_id_position")),
    )
    with op.batch_alter_table("pilot_stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pilot_stage_known_from"), ["known_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_pilot_stage_pilot_id"), ["pilot_id"], unique=False)

    op.create_table(
        "service_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("code_hash", sa.String(length=200), nullable=False),
        sa.Column("draft_key", sa.String(length=64), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "submitted",
                "accepted",
                "in_progress",
                "delivered",
                "closed",
                "returned",
                "refused",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("steward", sa.String(length=80), nullable=True),
        sa.Column("firm_name", sa.String(length=120), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("contact_name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=160), nullable=True),
        sa.Column("county_adcode", sa.String(length=6), nullable=False),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("product", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(lon IS NULL) = (lat IS NULL)", name=op.f("ck_service_request_place")),
        sa.ForeignKeyConstraint(["county_adcode"], ["county.adcode"], name=op.f("fk_service_request_county_adcode")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_service_request_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request")),
        sa.UniqueConstraint("draft_key", name=op.f("uq_service_request_draft_key")),
        sa.UniqueConstraint("number", name=op.f("uq_service_request_number")),
    )
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_request_county_adcode"), ["county_adcode"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_request_credit_code"), ["credit_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_request_sample"), ["sample"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_request_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_request_station_id"), ["station_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_request_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "station_chain",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("chain_code", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["chain_code"], ["industrial_chain.code"], name=op.f("fk_station_chain_chain_code")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_chain_station_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("station_id", "chain_code", name=op.f("pk_station_chain")),
    )
    with op.batch_alter_table("station_chain", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_station_chain_chain_code"), ["chain_code"], unique=False)

    op.create_table(
        "station_service",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("service_code", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["service_code"], ["service.code"], name=op.f("fk_station_service_service_code")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_service_station_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("station_id", "service_code", name=op.f("pk_station_service")),
    )
    with op.batch_alter_table("station_service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_station_service_service_code"), ["service_code"], unique=False)

    op.create_table(
        "station_status",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "active",
                "suspended",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("dated", sa.String(length=10), nullable=True),
        sa.Column("as_of", sa.String(length=10), nullable=True),
        sa.Column("known_from", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("known_from IS NOT NULL", name=op.f("ck_station_status_dated")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_status_station_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_status")),
        sa.UniqueConstraint("station_id", "position", name=op.f("uq_station_status_station_id_position")),
    )
    with op.batch_alter_table("station_status", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_station_status_known_from"), ["known_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_station_status_station_id"), ["station_id"], unique=False)

    op.create_table(
        "request_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_code", sa.String(length=80), nullable=False),
        sa.Column("performer", sa.String(length=160), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_request_item_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["service_code"], ["service.code"], name=op.f("fk_request_item_service_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_item")),
        sa.UniqueConstraint("request_id", "service_code", name=op.f("uq_request_item_request_id_service_code")),
    )
    with op.batch_alter_table("request_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_item_request_id"), ["request_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_item_service_code"), ["service_code"], unique=False)

    op.create_table(
        "request_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "party",
            sa.Enum("firm", "station", name="party", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_request_message_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_message")),
    )
    with op.batch_alter_table("request_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_message_request_id"), ["request_id"], unique=False)

    op.create_table(
        "request_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "party",
            sa.Enum("firm", "station", name="party", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "accept",
                "return",
                "answer",
                "refuse",
                "start",
                "deliver",
                "close",
                "cancel",
                name="move",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "submitted",
                "accepted",
                "in_progress",
                "delivered",
                "closed",
                "returned",
                "refused",
                "cancelled",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "target",
            sa.Enum(
                "submitted",
                "accepted",
                "in_progress",
                "delivered",
                "closed",
                "returned",
                "refused",
                "cancelled",
                name="target",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["request_item.id"], name=op.f("fk_request_event_item_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["service_request.id"], name=op.f("fk_request_event_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_event")),
        sa.UniqueConstraint("request_id", "position", name=op.f("uq_request_event_request_id_position")),
    )
    with op.batch_alter_table("request_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_event_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_event_request_id"), ["request_id"], unique=False)

    op.create_table(
        "wrong_try",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_try")),
    )
    with op.batch_alter_table("wrong_try", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wrong_try_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_wrong_try_number_hash"), ["number_hash"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("wrong_try", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wrong_try_number_hash"))
        batch_op.drop_index(batch_op.f("ix_wrong_try_at"))

    op.drop_table("wrong_try")
    with op.batch_alter_table("request_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_event_request_id"))
        batch_op.drop_index(batch_op.f("ix_request_event_at"))

    op.drop_table("request_event")
    with op.batch_alter_table("request_message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_message_request_id"))

    op.drop_table("request_message")
    with op.batch_alter_table("request_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_item_service_code"))
        batch_op.drop_index(batch_op.f("ix_request_item_request_id"))

    op.drop_table("request_item")
    with op.batch_alter_table("station_status", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_station_status_station_id"))
        batch_op.drop_index(batch_op.f("ix_station_status_known_from"))

    op.drop_table("station_status")
    with op.batch_alter_table("station_service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_station_service_service_code"))

    op.drop_table("station_service")
    with op.batch_alter_table("station_chain", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_station_chain_chain_code"))

    op.drop_table("station_chain")
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_request_updated_at"))
        batch_op.drop_index(batch_op.f("ix_service_request_station_id"))
        batch_op.drop_index(batch_op.f("ix_service_request_state"))
        batch_op.drop_index(batch_op.f("ix_service_request_sample"))
        batch_op.drop_index(batch_op.f("ix_service_request_credit_code"))
        batch_op.drop_index(batch_op.f("ix_service_request_county_adcode"))

    op.drop_table("service_request")
    with op.batch_alter_table("pilot_stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilot_stage_pilot_id"))
        batch_op.drop_index(batch_op.f("ix_pilot_stage_known_from"))

    op.drop_table("pilot_stage")
    with op.batch_alter_table("centre_stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_centre_stage_known_from"))
        batch_op.drop_index(batch_op.f("ix_centre_stage_centre_id"))

    op.drop_table("centre_stage")
    with op.batch_alter_table("centre_chain", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_centre_chain_chain_code"))

    op.drop_table("centre_chain")
    with op.batch_alter_table("station", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_station_updated_at"))
        batch_op.drop_index(batch_op.f("ix_station_sample"))
        batch_op.drop_index(batch_op.f("ix_station_county_adcode"))
        batch_op.drop_index(batch_op.f("ix_station_city_adcode"))

    op.drop_table("station")
    with op.batch_alter_table("pilot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pilot_updated_at"))
        batch_op.drop_index(batch_op.f("ix_pilot_sample"))
        batch_op.drop_index(batch_op.f("ix_pilot_county_adcode"))
        batch_op.drop_index(batch_op.f("ix_pilot_city_adcode"))

    op.drop_table("pilot")
    with op.batch_alter_table("centre", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_centre_updated_at"))
        batch_op.drop_index(batch_op.f("ix_centre_sample"))
        batch_op.drop_index(batch_op.f("ix_centre_county_adcode"))
        batch_op.drop_index(batch_op.f("ix_centre_city_adcode"))

    op.drop_table("centre")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_user_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_expires_at"))

    op.drop_table("sign_in")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_user_id"))

    op.drop_table("duty")
    with op.batch_alter_table("county", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_county_city_adcode"))

    op.drop_table("county")
    op.drop_table("user")
    op.drop_table("target")
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_parent_code"))

    op.drop_table("service")
    op.drop_table("revision")
    op.drop_table("industrial_chain")
    op.drop_table("data_load")
    op.drop_table("city")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor"))

    op.drop_table("audit_entry")
