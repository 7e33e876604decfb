"""A process whose children file requests, and that bears another child where one is killed.

``python -m tests.torture.nursery URL CLIENTS SEED``. Each child is a server of its own: it opens the database and files
one request after the other, as the page does. It writes to standard output, a line each, whole or not at all:
``filed PID PRODUCT NUMBER`` (the acknowledgement, after the commit) and ``failed PID PRODUCT FAULT``. The successor of
a killed child goes on with the request that was not acknowledged, under the same key: neither knows how far it had
come. With ``JUMPS=1`` the clock of each child differs, up to two days back. It ends when its process group is killed.
"""

from __future__ import annotations

import mmap
import os
import random
import signal
import struct
import sys
import time
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from stations import secret_hash
from stations.database import open_engine, transaction
from stations.database_faults import fault_of
from stations.loading import schema  # noqa: F401 - every table is known
from stations.requests.filing import Draft, file_request
from stations.requests.request_form import RequestForm

SERVICE, COUNTY = "metrology.calibration", "320583"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # as in all tests
AGAIN_AFTER = 0.1
_DONE = struct.Struct("q")


def form_of(product: str) -> RequestForm:
    """Return the form of a firm that has filed nothing else."""
    number = int(product, 16)
    body = f"91320583MB{number % 10**7:07d}"
    return RequestForm(
        services=(SERVICE,),
        firm_name="测试精密机械有限公司",
        credit_code=body + uscc.calc_check_digit(body),
        contact_name="王测试",
        phone=f"139{number % 10**8:08d}",
        county_adcode=COUNTY,
        product=product,
        consent=True,
        despite_duplicate=True,
    )


def _say(word: str, *more: str) -> None:
    os.write(1, f"{' '.join((word, str(os.getpid()), *more))}\n".encode())


def _warmed(url: str) -> Engine:
    """Return an engine that has compiled every statement of filing, so that a child is at work at once."""
    engine = open_engine(url)
    with Session(engine) as session:
        file_request(session, form_of("0" * 32), Draft(), now=NOW, samples=False)
        session.flush()
        session.rollback()
    engine.dispose()
    return engine


def _file(engine: Engine, seed: str, done: mmap.mmap, client: int, ahead: timedelta) -> None:
    """File the client's requests from the first that was not acknowledged on. ``done``: how many were, per client."""
    place = client * _DONE.size
    while True:
        (count,) = _DONE.unpack_from(done, place)
        product = f"{random.Random(f'{seed}/{client}/{count}').getrandbits(128):032x}"
        draft = Draft(key=product, code=product[:12].upper())
        while True:
            try:
                with transaction(engine) as session:
                    request = file_request(session, form_of(product), draft, now=NOW + ahead, samples=False)
                    session.flush()
                    number = request.number
                break
            except Exception as error:
                fault = fault_of(error)
                _say("failed", product, fault.name if fault else f"UNKNOWN:{type(error).__name__}")
                time.sleep(AGAIN_AFTER)
        _say("filed", product, number)
        _DONE.pack_into(done, place, count + 1)


def main(url: str, clients: int, seed: str, jumps: bool) -> None:
    """Keep that many children filing until all are killed."""
    secret_hash.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)  # as in all tests
    done = mmap.mmap(-1, clients * _DONE.size)
    clocks = random.Random(seed)
    children: dict[int, int] = {}
    parent = os.getppid()
    engine = _warmed(url)

    def bear(client: int) -> None:
        ahead = timedelta(hours=clocks.randint(-48, 0) if jumps else 0)
        child = os.fork()
        if child:
            children[child] = client
            return
        try:
            _file(engine, seed, done, client, ahead)
        finally:
            os._exit(1)

    for client in range(clients):
        bear(client)
    while True:
        child, _status = os.wait()
        if os.getppid() != parent:  # nobody listens any more
            os.killpg(0, signal.SIGKILL)
        bear(children.pop(child))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], os.environ.get("JUMPS") == "1")
