"""Examples of what firms' programs and systems of other offices send and get: one exchange, from end to end.

Part of ``tests.tools.describe_answers``: the interface answers, on a new database with the sample network.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Examples = dict[str, Any]
LANGUAGES = ("zh_CN", "en")
SERVICE = "metrology.calibration"
WEBHOOK_SECRET = "a secret of twenty-four letters and more"
_SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")
_SHOWN_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""That of the examples of Standard Webhooks."""


class Exchange:
    """Requests of one program, whose answers become examples. ``headers``: its proof."""

    def __init__(self, examples: Examples, shortened: Callable[[Any], Any], headers: dict[str, str]) -> None:
        self.examples, self.shortened, self.headers = examples, shortened, headers

    def ask(self, operation: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Return an answer, and keep it as the example of an operation in the languages that it can be asked in."""
        for language in LANGUAGES if method == "GET" else LANGUAGES[:1]:
            told = self._answer(method, path, body, {**headers, "Accept_Language": language.replace("_", "-")})
            shown = json.loads(_SECRET.sub(_SHOWN_SECRET, json.dumps(self.shortened(told))))
            self.examples.setdefault(operation, {})[language] = shown
        for language in LANGUAGES:
            self.examples[operation].setdefault(language, self.examples[operation][LANGUAGES[0]])
        return told

    def _answer(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        from portal.api.v1.interface import api
        from tests.portal.api.asgi import ask

        sent = json.dumps(body).encode() if isinstance(body, dict) else body or b""
        kind = {"content_type": "application/json"} if isinstance(body, dict) else {}
        answer = ask(api, path, method=method, body=sent, **kind, **self.headers, **headers)
        if answer.status_code >= 300:
            raise SystemExit(f"{method} {path}: {answer.status_code} {answer.content.decode()}")
        return answer.json()


def filed(firm: Exchange, number: int) -> tuple[str, dict[str, str]]:
    """File a request; return its address and the firm's proof."""
    from stations.requests.consent import current_consent
    from tests.stations.request_factories import new_credit_code

    receipt = firm.ask(
        "fileRequest",
        "POST",
        "/requests",
        {
            "services": [{"service": SERVICE}],
            "firm_name": "测试精密机械有限公司",
            "credit_code": new_credit_code(),
            "contact_name": "王测试",
            "phone": "13900001234",
            "county": "320583",
            "product": "压力表",
            "consent": True,
            "consent_version": current_consent().version,
        },
        Idempotency_Key=f"8e03978e-40d5-43e8-bc93-6894a57f{number:04d}",
    )
    return f"/requests/{receipt['number']}", {"X_Request_Code": receipt["code"]}


def of_a_firm(examples: Examples, shortened: Callable[[Any], Any]) -> str:
    """Ask what a firm's program asks. Return the number of a request that is left to be handled."""
    firm = Exchange(examples, shortened, {})
    firm.ask("getConsent", "GET", "/requests/consent")
    firm.ask("previewRouting", "GET", f"/requests/routing?services={SERVICE}&county=320583")
    where, code = filed(firm, 1)
    firm.headers = code
    firm.ask("writeMessage", "POST", f"{where}/messages", {"text": "请问需要带什么资料？"})
    firm.ask("attachFile", "POST", f"{where}/files?name=a.pdf", b"%PDF-1.7\n%%EOF", Content_Type="application/pdf")
    contact = {"contact_name": "王测试", "phone": "13900001234"}
    firm.ask("correctContact", "PUT", f"{where}/contact", contact)
    seen = firm.ask("followRequest", "GET", where)
    firm.ask("exportRequestData", "GET", f"{where}/data")
    note = {"note": "已不需要"}
    firm.ask("cancelRequest", "POST", f"{where}/cancellation", note, If_Match=f'"{seen["version"]}"')
    firm.headers = {}
    return filed(firm, 2)[0].rpartition("/")[2]


def of_a_system(examples: Examples, shortened: Callable[[Any], Any], number: str) -> None:
    """Ask what the system of an office asks. ``number``: of a request to handle."""
    from portal.storage import engine
    from stations import clock
    from stations.database import transaction
    from stations.language import day_in_china
    from stations.partners.key_administration import KeyForm, make_key
    from tests.portal.api.partners import EVERYTHING
    from tests.stations.registry_factories import PROVINCE

    def with_key(*scopes: str) -> Exchange:
        until = day_in_china(clock.now()) + timedelta(days=90)
        form = KeyForm("sample-city", "样例市平台", "样例市局", "320500", list(scopes), until, sample=True)
        with transaction(engine()) as session:
            _key, shown = make_key(session, PROVINCE, form, now=clock.now())
        return Exchange(examples, shortened, {"Authorization": f"Bearer {shown}"})

    city = with_key(*EVERYTHING)
    city.ask("getKey", "GET", "/key")
    start = city.ask("getChanges", "GET", "/changes?since=now")["next"]
    held = city.ask("listRegistryStations", "GET", "/registry/stations?limit=2")["stations"][0]
    row = {"id": "A-001", "code": held["code"], "version": held["version"], "phone": "0512-5550 0001"}
    city.ask("changeStations", "POST", "/stations/bulk", {"rows": [row]})
    city.ask("getRegistryStation", "GET", f"/registry/stations/{held['code']}")
    stale = {**row, "phone": "0512-5550 0002"}
    city.ask("-", "POST", "/stations/bulk", {"rows": [stale]})
    city.ask("listSyncConflicts", "GET", "/sync/conflicts")
    proposing = with_key("stations:propose")
    proposing.ask("-", "POST", "/stations/bulk", {"rows": [{"id": "A-001", "host": "样例市检验检测院"}]})
    proposing.ask("listSyncProposals", "GET", "/sync/proposals")
    _of_call_backs(city, with_key("stations:write"))
    desk = f"/desk/requests/{number}"
    city.ask("listDeskRequests", "GET", "/desk/requests?limit=2")
    city.ask("writeDeskMessage", "POST", f"{desk}/messages", {"text": "请带样品。"})
    seen = city.ask("getDeskRequest", "GET", desk)
    takers = city.ask("listDeskTakers", "GET", f"{desk}/takers")["stations"]
    to = {"station_code": takers[0]["code"], "version": seen["version"], "note": "离企业更近"}
    moved = city.ask("transferDeskRequest", "POST", f"{desk}/transfer", to)
    step = {"move": "accept", "version": moved["version"]}
    taken = city.ask("takeDeskStep", "POST", f"{desk}/steps", step)
    done = {"service": SERVICE, "version": taken["version"], "performer": "样例市检验检测院", "result": "合格"}
    city.ask("deliverDeskService", "POST", f"{desk}/deliveries", done)
    city.ask("getChanges", "GET", f"/changes?since={start}&limit=2")
    del examples["-"]


class _Taker(BaseHTTPRequestHandler):
    """A receiver that takes every message."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Log nothing."""


def _of_call_backs(city: Exchange, other: Exchange) -> None:
    """``other``: a program that changes something; a system is not called back for what it did itself."""
    from portal.storage import engine
    from stations import clock
    from stations.notices.channels.webhook import read_settings
    from stations.partners.call_back_sending import call_back_due

    with ThreadingHTTPServer(("127.0.0.1", 0), _Taker) as receiver:
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        here = f"http://127.0.0.1:{receiver.server_port}/hook"
        code = city.ask("subscribeCallBacks", "POST", "/call-backs", {"url": here})["code"]
        city.ask("checkCallBack", "POST", f"/call-backs/{code}/check")
        other.ask("-", "POST", "/stations/bulk", {"rows": [{"id": "A-001", "hours": "Mo-Fr 09:00-17:00"}]})
        call_backs = read_settings(os.environ)
        assert call_backs is not None
        call_back_due(engine(), call_backs, clock.now)
        delivery = city.ask("listCallBackDeliveries", "GET", f"/call-backs/{code}/deliveries")["deliveries"][0]
        again = f"/call-backs/{code}/deliveries/{delivery['id']}/send"
        city.ask("sendCallBackAgain", "POST", again)
        city.ask("renewCallBackSecret", "POST", f"/call-backs/{code}/secret")
        city.ask("pauseCallBack", "POST", f"/call-backs/{code}/pause")
        city.ask("listCallBacks", "GET", "/call-backs")
        receiver.shutdown()
    shown = json.dumps({name: city.examples[name] for name in _OF_CALL_BACKS}).replace(here, "https://example.com/hook")
    city.examples.update(json.loads(shown))


_OF_CALL_BACKS = ("subscribeCallBacks", "renewCallBackSecret", "pauseCallBack", "listCallBacks")


def of_scenarios(get: Callable[[str], Any]) -> list[Any]:
    """Save two scenarios and return the answers about them. ``get``: asks the interface."""
    from portal.storage import engine
    from stations import clock
    from stations.database import transaction
    from stations.language import day_in_china
    from stations.planning.scenario import save_scenario
    from stations.planning.siting_question import SitingModel, SitingQuestion
    from stations.planning.station_siting import answer, pose
    from tests.stations.registry_factories import PROVINCE

    now, tokens = clock.now(), []
    today = day_in_china(now)
    with transaction(engine()) as session:
        for p in (1, 2):
            question = SitingQuestion(SitingModel.P_MEDIAN, p=p)
            posed = pose(session, question, as_of=today, samples=True)
            found = answer(posed, posed.task.solve())
            name = f"{p} 个新站"
            saved = save_scenario(session, PROVINCE, posed, found, name=name, as_of=today, samples=True, now=now)
            tokens.append(saved.token)
    both = "&".join(f"token={token}" for token in tokens)
    return [get(f"/scenarios?{both}"), get(f"/scenarios?token={tokens[0]}")]
