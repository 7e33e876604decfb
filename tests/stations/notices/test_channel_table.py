"""The table of channels is the same in the program and in the database; a new one needs a file and a migration."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from stations.database import reading
from stations.loading.migration import SCRIPTS, upgrade
from stations.loading.schema import metadata
from stations.notices.channel_table import CHANNELS, ChannelCode, NoticeChannel
from tests.product_copy import ProductCopy

COLUMNS = [
    (table.name, column.name)
    for table in metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, ChannelCode)
]

NEW_CHANNEL = '''
"""Carrier pigeons: the notice is written to a folder where the keeper of the pigeons fetches it."""

from pathlib import Path

from stations.errors import InvalidInput
from stations.notices.channel import Channel


def check_address(field, value):
    if not value.startswith("loft "):
        raise InvalidInput(field, "No loft")
    return value


def read_settings(environment):
    folder = environment.get("PIGEON_FOLDER")
    return Path(folder) if folder else None


def sender(folder):
    return lambda parcel, now: (folder / "notice").write_text(f"{parcel.address}: {parcel.subject}")


CHANNEL = Channel("pigeon", "Carrier pigeon", "Loft", check_address, read_settings, sender)
'''

NEW_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "pigeon", "{head}"


def upgrade():
    op.bulk_insert(sa.table("notice_channel", sa.column("code")), [{{"code": "pigeon"}}])
"""

OFFER_AND_SEND = """
import json, os
from datetime import UTC, datetime
from streamlit.testing.v1 import AppTest
from stations.database import open_engine, transaction
from stations.jobs.delivery import JOB
from stations.jobs.job import Turn
from stations.loading.migration import upgrade
from stations.notices.address import read_way
from stations.notices.outbox import enqueue
import stations.loading.schema

engine = open_engine(os.environ["DATABASE_URL"])
upgrade(engine)
now = datetime(2026, 11, 24, tzinfo=UTC)
way, address = read_way("pigeon", "loft 7")
with transaction(engine) as session:
    enqueue(session, key="one", channel=way, address=address, subject="Hello", text="", data={}, now=now, sample=False)
done = JOB.run(Turn(engine, now, now.date(), lambda: now, False))
page = AppTest.from_string(
    "from portal.notices.notice_choice import draw_notice_fields; draw_notice_fields('page', {}, new=True)",
    default_timeout=60,
).run()
assert not page.exception, page.exception
print(json.dumps({"sent": done.sent, "offered": page.radio[0].options, "field": page.text_input[0].label}))
"""


def config_for(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = engine
    return config


def test_the_database_knows_the_channels_that_the_program_knows(empty_engine: Engine) -> None:
    with reading(empty_engine) as session:
        assert set(session.scalars(sa.select(NoticeChannel.code))) == {channel.code for channel in CHANNELS}


def test_the_columns_refer_to_the_table_and_take_no_other_code(empty_engine: Engine) -> None:
    inspector = sa.inspect(empty_engine)
    for table, column in COLUMNS:
        referred = {
            key["referred_table"] for key in inspector.get_foreign_keys(table) if key["constrained_columns"] == [column]
        }
        assert referred == {"notice_channel"}, table
        assert not [one for one in inspector.get_check_constraints(table) if "'webhook'" in one["sqltext"]], table
    insert = sa.text("INSERT INTO alert_contact (area_code, channel, address) VALUES ('320000', :channel, 'a')")
    with empty_engine.begin() as connection:
        connection.execute(insert, {"channel": "email"})
    with pytest.raises(IntegrityError), empty_engine.begin() as connection:
        connection.execute(insert, {"channel": "pigeon"})


def test_the_way_down_holds_the_codes_by_checks_again(empty_engine: Engine) -> None:
    config = config_for(empty_engine)
    command.downgrade(config, "0016")
    checks = [
        check["sqltext"]
        for table, _ in COLUMNS
        for check in sa.inspect(empty_engine).get_check_constraints(table)
        if "webhook" in check["sqltext"]
    ]
    assert len(checks) == len(COLUMNS) == 5
    assert "notice_channel" not in sa.inspect(empty_engine).get_table_names()
    upgrade(empty_engine)
    assert "notice_channel" in sa.inspect(empty_engine).get_table_names()


def test_a_channel_in_one_new_file_and_a_migration_is_offered_and_sends(tmp_path: Path) -> None:
    head = ScriptDirectory(str(SCRIPTS)).get_current_head()
    product = ProductCopy(tmp_path / "product")
    product.add("stations/notices/channels/pigeon.py", NEW_CHANNEL)
    product.add("stations/migrations/versions/9999_pigeon.py", NEW_MIGRATION.format(head=head))
    told = json.loads(
        product.run(
            "-c",
            OFFER_AND_SEND,
            DATABASE_URL=f"sqlite:///{tmp_path / 'portal.sqlite3'}",
            PIGEON_FOLDER=str(tmp_path),
        )
    )
    assert told["sent"] == 1 and (tmp_path / "notice").read_text() == "loft 7: Hello"
    assert "Carrier pigeon" in told["offered"]
    assert "Loft" in told["field"]
