"""A week of traffic both ways between us and a sample city system: at the end both hold the same."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlalchemy import Engine, select
from starlette.applications import Starlette
from starlette.routing import Mount

from portal import storage
from portal.api.v1.interface import api
from stations import clock
from stations.database import reading, transaction
from stations.errors import Conflict, DomainError
from stations.keeping.editing import change_status, edit_record
from stations.keeping.record_merge import Side
from stations.notices.channels.webhook import read_settings
from stations.partners.call_back_sending import call_back_due
from stations.partners.interface_key import InterfaceKey
from stations.partners.key_administration import KeyForm, make_key
from stations.partners.sync_conflict import list_conflicts, settle_conflict
from stations.registry.dated_entries import EntryForm
from stations.registry.record_json import state_to_json
from stations.registry.record_kind import RecordKind
from stations.registry.record_rows import state_of
from stations.registry.record_state import Offer
from stations.registry.station import Station
from stations.requests.filing import Draft, file_request
from stations.requests.handling import move_as_station
from stations.requests.moves import MoveName
from stations.requests.service_request import ServiceRequest
from stations.requests.states import State
from tests.conftest import NOW, TODAY
from tests.portal.api.city_system import FIELDS, CitySystem
from tests.stations.registry_factories import KUNSHAN, PROVINCE, SUZHOU, added_station, form_of
from tests.stations.request_factories import filled_form, new_credit_code

SECRET = "a secret of twenty-four letters and more"
TURN, WEEK = timedelta(hours=2), timedelta(days=7)
OUTAGE = (timedelta(days=3), timedelta(days=3, hours=1, minutes=30))


class Simulated:
    """The simulated clock."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@contextmanager
def served_here() -> Iterator[str]:
    """Serve the interface in this process, on its database and by its clock; yield the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    application = Starlette(routes=[Mount("/api/v1", api)])
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}/api/v1"
    finally:
        server.should_exit = True
        thread.join()


class Province:
    """What people do here: editing stations, filing and handling requests, deciding conflicts."""

    def __init__(self, engine: Engine, chance: random.Random, now: Simulated) -> None:
        self.engine, self.chance, self.now = engine, chance, now

    def work(self) -> None:
        self.chance.choice((self.edit, self.edit, self.add, self.suspend, self.file, self.handle, self.decide))()

    def _any_station(self, session: Any) -> Station:
        return self.chance.choice(session.scalars(select(Station).order_by(Station.code)).all())

    def edit(self) -> None:
        with transaction(self.engine) as session:
            station = self._any_station(session)
            field = self.chance.choice(("phone", "host", "address"))
            line = f"0512-5551 {self.chance.randrange(10**4):04d}"
            value = line if field == "phone" else f"省 {self.chance.random()}"
            edit_record(
                session,
                PROVINCE,
                RecordKind.STATION,
                station.code,
                form_of(station, **{field: value}),
                version=station.version,
                now=self.now(),
            )

    def add(self) -> None:
        with transaction(self.engine) as session:
            added_station(session, name=f"省里的小站 {self.chance.randrange(10**6)}", services=(Offer("testing"),))

    def suspend(self) -> None:
        with transaction(self.engine) as session:
            station = self._any_station(session)
            last = station.history[-1].status.value
            then = {"active": "suspended", "suspended": "active"}.get(last)
            if then:
                entry = EntryForm(then, dated=self.now().date().isoformat(), reason="装修")
                change_status(
                    session, PROVINCE, RecordKind.STATION, station.code, entry, version=station.version, now=self.now()
                )

    def file(self) -> None:
        with transaction(self.engine) as session:
            station = self._any_station(session)
            if station.history[-1].status.value != "active":
                return
            form = filled_form(station, credit_code=new_credit_code(), services=("testing.product_testing",))
            try:
                file_request(session, form, Draft(), now=self.now(), samples=False)
            except DomainError:
                session.rollback()

    def handle(self) -> None:
        with transaction(self.engine) as session:
            waiting = select(ServiceRequest).where(ServiceRequest.state == State.SUBMITTED).limit(1)
            request = session.scalar(waiting)
            if request is not None:
                move_as_station(
                    session, PROVINCE, request.number, MoveName.ACCEPT, version=request.version, now=self.now()
                )

    def decide(self) -> None:
        with transaction(self.engine) as session:
            for conflict in list_conflicts(session, PROVINCE):
                choices = {one["field"]: self.chance.choice(list(Side)) for one in conflict.fields}
                try:
                    with session.begin_nested():
                        settle_conflict(session, PROVINCE, conflict.id, choices, now=self.now())
                except Conflict:
                    continue


@pytest.mark.parametrize("seed", [1])
def test_after_a_week_both_hold_the_same(
    reference_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    now, chance = Simulated(), random.Random(seed)
    monkeypatch.setenv("DATABASE_URL", reference_engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("WEBHOOK_SECRET", SECRET)
    monkeypatch.setenv("WEBHOOK_NETWORKS", "127.0.0.0/8")
    monkeypatch.setattr(clock, "now", now)
    storage.domain_settings.cache_clear()
    storage.engine.cache_clear()
    with transaction(reference_engine) as session:
        scopes = ["stations:write", "registers:read", "requests:handle"]
        form = KeyForm("city", "城市平台", "某局", SUZHOU, scopes, TODAY + timedelta(days=90), 6000, 10**6)
        _, shown = make_key(session, PROVINCE, form, now=NOW)
        added_station(session)
    settings = read_settings({"WEBHOOK_SECRET": SECRET, "WEBHOOK_NETWORKS": "127.0.0.0/8"})
    assert settings is not None
    here = Province(reference_engine, chance, now)
    with served_here() as address:
        city = CitySystem(tmp_path, address, {"Authorization": f"Bearer {shown}"}, random.Random(seed + 1), now)
        try:
            city.begin()
            city.subscribe()
            while now.at < NOW + WEEK:
                now.at += TURN
                city.away = OUTAGE[0] <= now.at - NOW < OUTAGE[1]
                for _ in range(chance.randrange(4)):
                    here.work()
                for _ in range(chance.randrange(3)):
                    chance.choice((city.edit, city.edit, lambda: city.add("前进")))()
                call_back_due(reference_engine, settings, now)
                if city.away:
                    continue
                for act in chance.sample([city.read_feed, city.look, city.send, city.handle_requests], 2):
                    act()
            here.decide()
            for _ in range(30):
                now.at += TURN
                call_back_due(reference_engine, settings, now)
                city.send()
                city.read_feed()
                city.look()
                if city.is_quiet():
                    break
            city.read_feed()
            city.look()
            compare(reference_engine, city)
            wanted = {"call-backs lost", "call-backs taken twice", "call-backs while away", "answers lost"}
            wanted |= {"rows created", "rows changed", "rows conflict", "steps taken"}
            assert wanted <= city.met.keys(), city.met
        finally:
            city.close()
            storage.engine().dispose()
            storage.engine.cache_clear()
            storage.domain_settings.cache_clear()


def compare(engine: Engine, city: CitySystem) -> None:
    with reading(engine) as session:
        held = session.scalars(select(Station).where(Station.city_adcode == SUZHOU)).all()
        ours = {}
        for station in held:
            document = state_to_json(state_of(station), RecordKind.STATION)
            status = document["history"][-1]["status"]
            ours[station.code] = (station.version, status, {field: document.get(field) for field in FIELDS})
        requests = {
            one.number: (one.state.value, one.version)
            for one in session.scalars(select(ServiceRequest).join(ServiceRequest.station))
            if one.station.county_adcode == KUNSHAN
        }
        used = session.scalars(select(InterfaceKey)).one().last_used_at
    assert city.stations() == ours and len(ours) > 5
    assert city.requests() == requests and requests
    assert used is not None
