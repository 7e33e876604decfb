"""A small city system: a real HTTP server with a SQLite of its own that keeps stations and requests in step with ours.

Every answer of ours is held against the OpenAPI document.

It is called back, reads the feed, sends its changes in bulk, and decides conflicts. Its network is bad: call-backs are
lost before or after it has taken them, its own answers get lost on the way, and once it is away for an hour.
"""

from __future__ import annotations

import json
import random
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
from standardwebhooks import Webhook

from tests.portal.api.described_answers import check

FIELDS = ("name", "phone", "host", "address")
"""What the city edits of a station."""


class CitySystem:
    """The system. ``api``: the address of our interface; ``headers``: with its key; ``now``: the simulated time."""

    def __init__(
        self, folder: Path, api: str, headers: dict[str, str], chance: random.Random, now: Callable[[], datetime]
    ) -> None:
        self.api, self.headers, self.chance, self.now = api, headers, chance, now
        self.away = False
        self.secret = ""
        self.met: dict[str, int] = {}
        self._lock = threading.Lock()
        self.database = sqlite3.connect(folder / "city.sqlite3", check_same_thread=False, isolation_level=None)
        self.database.executescript(
            """
            CREATE TABLE station (id TEXT PRIMARY KEY, code TEXT UNIQUE, version INTEGER, record TEXT, status TEXT,
                                  base TEXT, dirty INTEGER);
            CREATE TABLE request (number TEXT PRIMARY KEY, state TEXT, version INTEGER);
            CREATE TABLE taken (message TEXT PRIMARY KEY);
            CREATE TABLE look (code TEXT PRIMARY KEY);
            CREATE TABLE cursor (next TEXT);
            """
        )
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        self.database.close()

    def count(self, what: str) -> None:
        self.met[what] = self.met.get(what, 0) + 1

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        system = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.send_response(system.called_back(dict(self.headers.items()), body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                """Log nothing."""

        return Handler

    def called_back(self, headers: dict[str, str], body: str) -> int:
        """Take a call-back; return the status of the answer."""
        lower = {name.lower(): value for name, value in headers.items()}
        with self._lock:
            if self.away:
                self.count("call-backs while away")
                return 503
            stamp = datetime.fromtimestamp(int(lower["webhook-timestamp"]), self.now().tzinfo)
            if self.secret:
                wanted = Webhook(self.secret).sign(lower["webhook-id"], stamp, body)
                assert wanted in lower["webhook-signature"].split(" ")
            assert abs((self.now() - stamp).total_seconds()) < 300
            if self.chance.random() < 0.15:
                self.count("call-backs lost")
                return 500
            new = self.database.execute("INSERT OR IGNORE INTO taken VALUES (?)", [lower["webhook-id"]]).rowcount
            self.count("call-backs taken" if new else "call-backs taken twice")
            told = json.loads(body)["data"]
            if told.get("code"):
                self.database.execute("INSERT OR IGNORE INTO look VALUES (?)", [told["code"]])
            if self.chance.random() < 0.1:
                return 500  # taken, but the answer gets lost
        return 200

    def ask(self, method: str, path: str, **options: Any) -> requests.Response:
        return check(requests.request(method, self.api + path, headers=self.headers, timeout=60, **options))

    def subscribe(self) -> None:
        made = self.ask("POST", "/call-backs", json={"url": self.url}).json()
        self.secret = made["secret"]
        while not self.ask("POST", f"/call-backs/{made['code']}/check").json()["taken"]:
            self.count("checks lost")

    def begin(self) -> None:
        """Note where the feed is, then take everything that there is already."""
        start = self.ask("GET", "/changes", params={"since": "now"}).json()["next"]
        after: str | None = ""
        while after is not None:
            page = self.ask("GET", "/registry/stations", params={"after": after, "limit": 5}).json()
            for one in page["stations"]:
                self._adopt(one)
            after = page["next"]
        self.database.execute("INSERT INTO cursor VALUES (?)", [start])

    def read_feed(self) -> None:
        """Read the feed on. Sometimes the system dies before it has noted how far it came, and reads the same again."""
        (since,) = self.database.execute("SELECT next FROM cursor").fetchone()
        more = True
        while more:
            page = self.ask("GET", "/changes", params={"since": since, "limit": 7}).json()
            for change in page["changes"]:
                self.database.execute("INSERT OR IGNORE INTO look VALUES (?)", [change["code"]])
            since, more = page["next"], page["more"]
            if self.chance.random() < 0.1:
                self.count("deaths while reading")
                return
            self.database.execute("UPDATE cursor SET next = ?", [since])

    def look(self) -> None:
        """Read every record that something was heard of, in any order."""
        codes = [code for (code,) in self.database.execute("SELECT code FROM look")]
        self.chance.shuffle(codes)
        for code in codes:
            if code.startswith("Q"):
                answer = self.ask("GET", f"/desk/requests/{code}")
                if answer.status_code == 200:
                    self._note_request(answer.json())
            else:
                answer = self.ask("GET", f"/registry/stations/{code}")
                if answer.status_code == 200:
                    self._adopt(answer.json())
                else:
                    self.database.execute("DELETE FROM station WHERE code = ?", [code])
            self.database.execute("DELETE FROM look WHERE code = ?", [code])

    def _adopt(self, told: dict[str, Any]) -> None:
        """Take what a station here is, unless the city has changed it itself and has yet to send that."""
        record = json.dumps({field: told["record"].get(field) for field in FIELDS}, ensure_ascii=False)
        status = told["record"]["history"][-1]["status"]
        held = self.database.execute("SELECT id, dirty, version FROM station WHERE code = ?", [told["code"]]).fetchone()
        if held is None and told["id"]:
            held = self.database.execute("SELECT id, dirty, version FROM station WHERE id = ?", [told["id"]]).fetchone()
        if held is None:
            values = [told["id"] or f"city-{told['code']}", told["code"], told["version"], record, status, record]
            self.database.execute("INSERT INTO station VALUES (?, ?, ?, ?, ?, ?, 0)", values)
        elif not held[1] and (held[2] or 0) <= told["version"]:
            values = [told["code"], told["version"], record, status, record, held[0]]
            self.database.execute(
                "UPDATE station SET code = ?, version = ?, record = ?, status = ?, base = ? WHERE id = ?", values
            )

    def _note_request(self, told: dict[str, Any]) -> None:
        values = [told["number"], told["state"], told["version"]]
        self.database.execute("INSERT OR REPLACE INTO request VALUES (?, ?, ?)", values)

    def add(self, county: str) -> None:
        number = f"city-{self.chance.randrange(10**9)}"
        record = {"name": f"城市小站 {number}", "phone": None, "host": None, "address": f"{county}路 1 号"}
        text = json.dumps(record, ensure_ascii=False)
        self.database.execute("INSERT INTO station VALUES (?, NULL, NULL, ?, 'active', ?, 1)", [number, text, text])

    def edit(self) -> None:
        """Change a field of one of its stations."""
        rows = self.database.execute("SELECT id, record FROM station").fetchall()
        number, text = self.chance.choice(rows)
        record = json.loads(text)
        field = self.chance.choice(("phone", "host", "address"))
        line = f"0512-5550 {self.chance.randrange(10**4):04d}"
        record[field] = line if field == "phone" else f"市 {self.chance.random()}"
        self.database.execute(
            "UPDATE station SET record = ?, dirty = 1 WHERE id = ?", [json.dumps(record, ensure_ascii=False), number]
        )

    def send(self) -> None:
        """Send what it has changed; rows whose answer is lost are sent again at the next turn."""
        dirty = self.database.execute(
            "SELECT id, code, version, record, base FROM station WHERE dirty = 1"
        ).fetchall()
        rows = [self._row(*one) for one in dirty]
        for _turn in range(3):
            if not rows:
                return
            answer = self.ask("POST", "/stations/bulk", json={"rows": rows})
            assert answer.status_code == 200, answer.text
            if self.chance.random() < 0.1:
                self.count("answers lost")
                return
            told = zip(rows, answer.json()["rows"], strict=True)
            rows = [again for row, one in told if (again := self._took(row, one))]

    def _row(self, number: str, code: str | None, version: int | None, record: str, base: str) -> dict[str, Any]:
        now, was = json.loads(record), json.loads(base)
        if code is None:
            rest = {"county": "昆山市", "source": "城市平台", "services": ["testing"]}
            return {"id": number, **now, **rest, "status": {"status": "active", "since": "2026-03"}}
        changed = {field: value for field, value in now.items() if value != was[field]}
        return {"id": number, "code": code, "version": version, **changed}

    def _took(self, row: dict[str, Any], told: dict[str, Any]) -> dict[str, Any] | None:
        """Note what came of a row; return it again with a decision, if there is a conflict."""
        self.count(f"rows {told['outcome']}")
        assert told["outcome"] != "refused", told
        if told["outcome"] == "conflict":
            sides = {one["field"]: self.chance.choice(("ours", "theirs")) for one in told["conflict"]}
            return {**row, "settle": {"version": told["version"], "fields": sides}}
        self.database.execute(
            "UPDATE station SET code = ?, version = ?, base = record, dirty = 0 WHERE id = ?",
            [told["code"], told["version"], row["id"]],
        )
        self.database.execute("INSERT OR IGNORE INTO look VALUES (?)", [told["code"]])  # with what was merged
        return None

    def handle_requests(self) -> None:
        """Take the next step of some requests, as far as nobody did before."""
        open_ones = self.database.execute(
            "SELECT number, state, version FROM request WHERE state IN ('submitted', 'accepted')"
        ).fetchall()
        for number, state, version in open_ones:
            if self.chance.random() < 0.5:
                continue
            step = {"move": "accept" if state == "submitted" else "start", "version": version}
            answer = self.ask("POST", f"/desk/requests/{number}/steps", json=step)
            self.count("steps taken" if answer.status_code == 200 else "steps too late")
            assert answer.status_code in (200, 409), answer.text
            self.database.execute("INSERT OR IGNORE INTO look VALUES (?)", [number])

    def is_quiet(self) -> bool:
        """Whether nothing is left to be sent or looked at."""
        waiting = self.database.execute("SELECT count(*) FROM station WHERE dirty").fetchone()[0]
        return not waiting and not self.database.execute("SELECT count(*) FROM look").fetchone()[0]

    def stations(self) -> dict[str, tuple[int, str, dict[str, Any]]]:
        """Return version, status and fields of each station, by our code."""
        rows = self.database.execute("SELECT code, version, status, record FROM station")
        return {code: (version, status, json.loads(record)) for code, version, status, record in rows}

    def requests(self) -> dict[str, tuple[str, int]]:
        """Return state and version of each request."""
        rows = self.database.execute("SELECT number, state, version FROM request")
        return {number: (state, version) for number, state, version in rows}
