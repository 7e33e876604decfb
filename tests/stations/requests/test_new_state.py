"""A new state needs two files and a migration: a copy of the product with nothing else changed works in it."""

from __future__ import annotations

import json
from pathlib import Path

from alembic.script import ScriptDirectory

from stations.loading.migration import SCRIPTS
from tests.product_copy import ROOT, ProductCopy

STATE = '''    IN_LABORATORY = (
        "in_laboratory",
        N_("In the laboratory"),
        Facts(
            due=DueKind.DELIVER,
            to_firm=N_("Your sample is in the laboratory."),
            to_station=N_("It is your turn: deliver what the laboratory has found."),
            step="in_progress",
        ),
    )
    PAUSED = ('''
NAME = '''    ARRIVE = "arrive", N_("Receive the sample")
    ASSIGN = "assign"'''
MOVE = """        Move(
            MoveName.ARRIVE,
            _to(State.IN_LABORATORY, State.ACCEPTED, State.IN_PROGRESS),
            BY_STATION,
            Told(N_("The sample has arrived")),
            onward=True,
        ),
        Move(
            MoveName.DELIVER,
            _to(State.DELIVERED, State.IN_PROGRESS, State.IN_LABORATORY),"""
DELIVER = """        Move(
            MoveName.DELIVER,
            _to(State.DELIVERED, State.IN_PROGRESS),"""
MIGRATION = """
from alembic import op

from stations.requests.moves import MoveName
from stations.requests.states import State

revision, down_revision = "in_laboratory", "{head}"


def upgrade():
    for table, column, values in (
        ("service_request", "state", State),
        ("request_event", "source", State),
        ("request_event", "target", State),
        ("request_event", "move", MoveName),
    ):
        name = op.f(f"ck_{{table}}_{{column}}")
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(name, type_="check")
            listed = ", ".join(f"'{{value.value}}'" for value in values)
            changed.create_check_constraint(name, f"{{column}} IN ({{listed}})")
"""
WORK = """
import json, os, sys
sys.path.append(os.environ["TESTS"])
from stations.audit_search.words import action_word
from stations.database import open_engine, transaction
from stations.language import Language
from stations.loading.migration import upgrade
from stations.loading.reference_data import load_reference_data
from stations.requests.deadlines import deadlines
from stations.requests.handling import deliver_item, move_as_station
from stations.requests.moves import MoveName, moves_open_to
from stations.requests.queue import count_requests
from stations.requests.states import Party, State
from stations.requests.words import step_in_words
from tests.conftest import NOW
from tests.stations.request_factories import SERVICES, file_one, steward_of

engine = open_engine(os.environ["DATABASE_URL"])
upgrade(engine)
told = {}
with transaction(engine) as session:
    load_reference_data(session, NOW)
with transaction(engine) as session:
    request = file_one(session)
    steward = steward_of(request.station)
    for move in (MoveName.ACCEPT, MoveName.ARRIVE):
        move_as_station(session, steward, request.number, move, version=request.version, now=NOW)
    told["state"], told["due"] = request.state, request.due_on is not None
    told["step"] = step_in_words(Language("en"), request.events[-1])
    told["log"] = action_word(Language("en"), "arrive")
    told["counted"] = count_requests(session, steward, samples=True)[State.IN_LABORATORY]
    told["after"] = []
    for service in SERVICES:
        version = request.version
        deliver_item(session, steward, request.number, service, version=version, performer="a", result="b", now=NOW)
        told["after"].append(request.state)
    told["waits"] = [due.kind for due in deadlines(request)]
print(json.dumps(told))
"""


def test_a_state_in_two_files_and_a_migration_is_worked_in(tmp_path: Path) -> None:
    product = ProductCopy(tmp_path / "product")
    requests = product.folder / "stations/requests"
    replace_in(requests / "states.py", {"    PAUSED = (": STATE})
    replace_in(requests / "moves.py", {'    ASSIGN = "assign"': NAME, DELIVER: MOVE})
    head = ScriptDirectory(str(SCRIPTS)).get_current_head()
    product.add("stations/migrations/versions/9999_in_laboratory.py", MIGRATION.format(head=head))
    told = product.run("-c", WORK, DATABASE_URL=f"sqlite:///{tmp_path / 'portal.sqlite3'}", TESTS=str(ROOT))
    assert json.loads(told) == {
        "state": "in_laboratory",
        "due": True,
        "step": "The sample has arrived",
        "log": "Receive the sample",
        "counted": 1,
        "after": ["in_laboratory", "delivered"],
        "waits": ["firm_confirm"],
    }


def replace_in(path: Path, changes: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for before, after in changes.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
