from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from stations.database import open_engine
from stations.errors import NotReady
from stations.loading.migration import upgrade
from stations.loading.schema import metadata
from stations.loading.schema_revision import SCRIPTS, check_ready, wanted_revision
from stations.planning.scenario import Scenario
from tests.conftest import NOW, TODAY, Databases


def test_the_migrations_make_the_tables_that_the_models_describe(empty_engine: Engine) -> None:
    with empty_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_checks_of_the_models_stand_in_the_database(empty_engine: Engine) -> None:
    inspector = sa.inspect(empty_engine)
    for table in metadata.sorted_tables:
        wanted = {check.name for check in table.constraints if isinstance(check, sa.CheckConstraint)}
        assert {check["name"] for check in inspector.get_check_constraints(table.name)} == wanted, table.name


def test_a_column_of_a_choice_takes_every_value_of_its_choice(empty_engine: Engine) -> None:
    """Otherwise a new member of an enumeration, such as a request state, would lack its migration."""
    inspector = sa.inspect(empty_engine)
    for table in metadata.sorted_tables:
        held = {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table.name)}
        for column in table.columns:
            if isinstance(column.type, sa.Enum):
                check = held[f"ck_{table.name}_{column.type.name}"]
                assert set(re.findall(r"'([^']*)'", check)) == set(column.type.enums), (table.name, column.name)


def test_the_schema_wanted_is_that_of_the_newest_migration() -> None:
    assert [wanted_revision()] == ScriptDirectory(str(SCRIPTS)).get_heads()


def test_a_second_upgrade_changes_nothing(empty_engine: Engine) -> None:
    upgrade(empty_engine)
    check_ready(empty_engine)


def test_a_database_without_this_schema_is_not_ready(databases: Databases) -> None:
    with pytest.raises(NotReady, match="python -m stations setup"):
        check_ready(open_engine(databases.new()))


def test_every_migration_can_be_taken_back(empty_engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = empty_engine
    command.downgrade(config, "base")
    assert set(sa.inspect(empty_engine).get_table_names()) <= {"alembic_version"}
    upgrade(empty_engine)
    check_ready(empty_engine)


def test_rules_and_chains_survive_the_way_down_and_up(sample_copy_engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = sample_copy_engine
    command.downgrade(config, "0005")  # later tables may refer to these
    held = sa.text("SELECT target_code, rule FROM target_rule ORDER BY target_code")
    links = sa.text("SELECT (SELECT count(*) FROM station_chain), (SELECT count(*) FROM centre_chain)")
    with sample_copy_engine.connect() as connection:
        rules, linked = connection.execute(held).all(), connection.execute(links).one()
    command.downgrade(config, "0004")
    with sample_copy_engine.connect() as connection:
        kept = sa.text("SELECT code, rule FROM target ORDER BY code")
        assert connection.execute(kept).all() == rules
        assert connection.execute(links).one() == linked
    upgrade(sample_copy_engine)
    with sample_copy_engine.connect() as connection:
        assert connection.execute(held).all() == rules
        assert connection.execute(links).one() == linked
    check_ready(sample_copy_engine)


def test_pauses_and_named_stewards_go_on_the_way_down(sample_copy_engine: Engine) -> None:
    paused = sa.text("UPDATE service_request SET state = 'paused' WHERE id = :id")
    events = sa.text("SELECT position, move FROM request_event WHERE request_id = :id ORDER BY position")
    longest = sa.text("SELECT request_id FROM request_event GROUP BY request_id ORDER BY count(*) DESC LIMIT 1")
    with sample_copy_engine.begin() as connection:
        of = {"id": connection.scalar(longest)}
        connection.execute(paused, of)
        connection.execute(
            sa.text("UPDATE request_event SET move = 'assign' WHERE request_id = :id AND position = 2"), of
        )
        before = connection.execute(events, of).all()
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = sample_copy_engine
    command.downgrade(config, "0013")
    with sample_copy_engine.connect() as connection:
        left = [move for position, move in before if position != 2]
        assert connection.execute(events, of).all() == list(enumerate(left))
        state = sa.text("SELECT state FROM service_request WHERE id = :id")
        assert connection.scalar(state, of) == "in_progress"
    upgrade(sample_copy_engine)
    check_ready(sample_copy_engine)


def test_an_owners_scenarios_with_one_name_are_numbered(empty_engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = empty_engine
    command.downgrade(config, str(ScriptDirectory(str(SCRIPTS)).get_revision("0039").down_revision))
    long = "三" * 80
    saved = [("li", "a"), ("li", "a"), ("li", "a (2)"), ("wang", "a"), ("li", long), ("li", long), ("li", "a")]
    with empty_engine.begin() as connection:
        for number, (owner, name) in enumerate(saved):
            values = {"code": f"SC-{number}", "token": str(number), "owner": owner, "owner_name": owner, "name": name}
            values |= {"answer": {}, "fingerprint": "", "revision": 1, "as_of": TODAY, "samples": False}
            values |= {"sample": False, "version": 1, "created_at": NOW, "updated_at": NOW}
            connection.execute(sa.insert(Scenario).values(values))
    upgrade(empty_engine)
    with empty_engine.connect() as connection:
        names = connection.scalars(sa.select(Scenario.name).order_by(Scenario.id)).all()
    assert names == ["a", "a (3)", "a (2)", "a", long, "三" * 76 + " (2)", "a (4)"]
