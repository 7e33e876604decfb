"""The life of a request by program, over real HTTP, on both databases and in both languages."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from PIL import Image

from stations.audit.log import AuditEntry
from stations.database import reading, transaction
from stations.registry.station import Station
from stations.requests.attached_file import check_file
from stations.requests.consent import current_consent
from stations.requests.handling import deliver_item, move_as_station
from stations.requests.idempotency import IdempotencyKey
from stations.requests.moves import MoveName
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW
from tests.portal.api.conftest import Interface
from tests.stations.factories import add_station
from tests.stations.request_factories import KUNSHAN, SERVICES, new_credit_code, steward_of

LANGUAGES = {"zh_CN": ("等待受理", "请"), "en": ("Submitted", "Read")}


@pytest.fixture(scope="module")
def station(interface: Interface) -> Station:
    with transaction(interface.engine) as session:
        return add_station(session, KUNSHAN)


def body(station: Station, **changes: Any) -> dict[str, Any]:
    written = {
        "services": [{"service": SERVICES[0], "quantity": "24 台"}, {"service": SERVICES[1]}],
        "station_code": station.code,
        "firm_name": "测试精密机械有限公司",
        "credit_code": new_credit_code(),
        "contact_name": "王测试",
        "phone": f"139{uuid4().int % 10**8:08d}",
        "county": "昆山市",
        "product": "数控机床主轴",
        "consent": True,
        "consent_version": current_consent().version,
    }
    return {**written, **changes}


def file(interface: Interface, written: dict[str, Any], key: str = "", **headers: str) -> Any:
    sent = {"Idempotency-Key": key or f'"{uuid4()}"', "Accept-Language": "en", **headers}
    return interface.ask("POST", "/api/v1/requests", json=written, headers=sent)


def filed(interface: Interface, station: Station, **changes: Any) -> tuple[str, dict[str, str]]:
    answer = file(interface, body(station, **changes))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    return f"/api/v1/requests/{told['number']}", {"X-Request-Code": told["code"], "Accept-Language": "en"}


def picture_with_place() -> bytes:
    written = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at a secret place"
    Image.new("RGB", (8, 8), "red").save(written, "JPEG", exif=exif)
    return written.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_is_filed_followed_answered_rated_and_its_data_taken_along(
    interface: Interface, station: Station, language: str
) -> None:
    answer = file(interface, body(station), **{"Accept-Language": language.replace("_", "-")})
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    where = answer.headers["location"]
    headers = {"X-Request-Code": receipt["code"], "Accept-Language": language.replace("_", "-")}

    def ask(method: str, path: str = "", status: int = 200, **options: Any) -> Any:
        got = interface.ask(method, where + path, headers=headers | options.pop("headers", {}), **options)
        assert got.status_code == status, got.text
        return got

    seen = ask("GET")
    told = seen.json()
    assert (told["state"], told["turn"], told["version"]) == ("submitted", "station", 1)
    assert told["state_label"] == ("Submitted" if language == "en" else "已提交")
    assert seen.headers["etag"] == '"1"'
    assert set(told["can"]) == {"cancel", "message"}
    assert [one["quantity"] for one in told["services"]] == ["24 台", ""]

    wrote = ask("POST", "/messages", 201, data={"text": "见附件"}, files=[("files", ("a.jpg", picture_with_place()))])
    [picture] = wrote.json()["files"]
    content = ask("GET", f"/files/{picture['code']}").content
    assert b"secret place" not in content and Image.open(io.BytesIO(content)).size == (8, 8)

    steward = steward_of(station)
    with transaction(interface.engine) as session:
        number, version = told["number"], told["version"]
        move_as_station(
            session, steward, number, MoveName.RETURN, version=version, note="什么型号？", now=NOW
        )
    asked = ask("GET").json()
    assert asked["question"]["text"] == "什么型号？" and "answer" in asked["can"]
    stale = ask("POST", "/answer", 412, json={"text": "X-1"}, headers={"If-Match": '"1"'})
    assert stale.headers["content-type"] == "application/problem+json"
    tag = {"If-Match": f'"{asked["version"]}"'}
    answered = ask("POST", "/answer", json={"text": "X-1"}, headers=tag).json()
    assert answered["state"] == "submitted" and answered["steps"][-1]["note"] == "X-1"

    with transaction(interface.engine) as session:
        version = answered["version"]
        request = move_as_station(session, steward, number, MoveName.ACCEPT, version=version, now=NOW)
        for code in SERVICES:
            report = check_file("report.pdf", b"%PDF-1.7\n%%EOF")
            request = deliver_item(
                session, steward, number, code, version=request.version, performer="院", result="好", files=[report],
                now=NOW,
            )
            session.flush()
    delivered = ask("GET").json()
    assert {"close", "reopen", "rate", "erase"} <= set(delivered["can"])
    grades = {"overall": 5, "efficiency": 4, "services": {SERVICES[0]: 3}, "comment": "谢谢"}
    rated = ask("PUT", "/rating", json=grades).json()
    assert rated["rating"] == {
        "questions": {"overall": 5, "efficiency": 4}, "services": {SERVICES[0]: 3}, "comment": "谢谢",
    }
    tag = {"If-Match": f'"{rated["version"]}"'}
    closed = ask("POST", "/closing", headers=tag).json()
    assert closed["state"] == "closed"
    data = ask("GET", "/data").json()
    assert data["firm"]["contact"] == "王测试" and len(data["files"]) == 3

    tag = {"If-Match": f'"{closed["version"]}"'}
    ask("POST", "/erasure", 400, json={"erase": False}, headers=tag)
    ask("POST", "/erasure", 204, json={"erase": True}, headers=tag)
    ask("GET", "", 404)
    with reading(interface.engine) as session:
        actions = session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.subject == number).order_by(AuditEntry.id)
        ).all()
    assert actions[:3] == ["file_request", "attach", "write_message"]
    assert {"rate", "close", "erase_request", "answer"} <= set(actions)


def test_a_request_is_withdrawn(interface: Interface, station: Station) -> None:
    where, headers = filed(interface, station)
    assert interface.ask("POST", f"{where}/cancellation", json={"note": "x"}, headers=headers).status_code == 428
    tag = {"If-Match": '"1"'}
    empty = interface.ask("POST", f"{where}/cancellation", json={"note": " "}, headers=headers | tag)
    assert (empty.status_code, empty.json()["errors"][0]["name"]) == (400, "note")
    done = interface.ask("POST", f"{where}/cancellation", json={"note": "已不需要"}, headers=headers | tag)
    assert (done.status_code, done.json()["state"]) == (200, "cancelled")
    closing = interface.ask("POST", f"{where}/closing", headers=headers | {"If-Match": done.headers["etag"]})
    assert closing.status_code == 409


def test_contact_and_code_are_changed(interface: Interface, station: Station) -> None:
    where, headers = filed(interface, station)
    contact = {"contact_name": "李", "phone": "0512-5555 0001", "email": "li@example.com"}
    changed = interface.ask("PUT", f"{where}/contact", json=contact, headers=headers).json()
    assert changed["firm"]["contact"] == "李"
    renewed = interface.ask("POST", f"{where}/code", headers=headers)
    assert interface.ask("GET", where, headers=headers).status_code == 404
    assert interface.ask("GET", where, headers={"X-Request-Code": renewed.json()["code"]}).status_code == 200


def test_a_session_opens_what_was_filed_under_it_and_nothing_else(interface: Interface, station: Station) -> None:
    token = uuid4().hex * 2
    answer = file(interface, body(station), **{"X-Request-Session": token})
    where, _ = answer.headers["location"], filed(interface, station)
    assert interface.ask("GET", where, headers={"X-Request-Session": token}).status_code == 200
    other, _ = filed(interface, station)
    assert interface.ask("GET", other, headers={"X-Request-Session": token}).status_code == 404


def test_the_same_key_and_body_give_the_first_answer_again_and_another_body_is_refused(
    interface: Interface, station: Station
) -> None:
    key, written = f'"{uuid4()}"', body(station)
    first, again = file(interface, written, key), file(interface, written, key.strip('"'))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json() and again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    other = file(interface, {**written, "product": "别的"}, key)
    assert (other.status_code, other.headers["content-type"]) == (422, "application/problem+json")
    with reading(interface.engine) as session:
        kept = str([vars(row) for row in session.scalars(sa.select(IdempotencyKey))])
    for secret in (first.json()["code"], written["phone"], written["firm_name"], written["credit_code"], key):
        assert secret.strip('"') not in kept
    where, code = first.headers["location"], {"X-Request-Code": first.json()["code"]}
    interface.ask("POST", f"{where}/code", headers=code)
    assert file(interface, written, key).json() == {**first.json(), "code": None}


def test_eight_at_once_with_one_key_file_one_request(interface: Interface, station: Station) -> None:
    key, written = str(uuid4()), body(station)
    with ThreadPoolExecutor(8) as senders:
        answers = list(senders.map(lambda _: file(interface, written, key), range(8)))
    assert {one.status_code for one in answers} <= {201, 409}
    assert len({one.text for one in answers if one.status_code == 201}) == 1
    with reading(interface.engine) as session:
        mine = sa.select(sa.func.count()).where(ServiceRequest.credit_code == written["credit_code"])
        assert session.scalar(mine) == 1


def test_what_is_put_right_can_be_sent_again_under_its_key(interface: Interface, station: Station) -> None:
    key, written = str(uuid4()), body(station)
    assert file(interface, {**written, "contact_name": " "}, key).status_code == 400
    assert file(interface, written, key).status_code == 201


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"consent": False}, "consent"),
        ({"consent_version": "1999"}, "consent_version"),
        ({"services": [{"service": "metrology"}]}, "services"),
        ({"services": []}, "services"),
        ({"services": [{"service": SERVICES[0]}, {"service": SERVICES[0]}]}, "services"),
        ({"county": "上海"}, "county"),
        ({"wanted_on": "2026-02-30"}, "wanted_on"),
        ({"wanted_on": "2026-01-01"}, "wanted_on"),
        ({"place": {"lon": 118.8, "lat": 32.06}}, "place"),
        ({"phone": "12\x00"}, "phone"),
        ({"firm_name": "a\ud800"}, "firm_name"),
        ({"notice_channel": "pigeon"}, "notice_channel"),
        ({"language": "de"}, "language"),
        ({"product": "x" * 500}, "product"),
        ({"nonsense": 1}, "nonsense"),
        ({"on_site": "yes"}, "on_site"),
        ({"credit_code": "91320583MA0TEXT000"}, "credit_code"),
    ],
)
def test_what_cannot_be_used_is_named(
    interface: Interface, station: Station, changes: dict[str, Any], name: str
) -> None:
    answer = file(interface, body(station, **changes))
    assert answer.status_code == 400, answer.text
    assert [(one["in"], one["name"]) for one in answer.json()["errors"]] == [("body", name)]


def test_keys_and_proofs_that_cannot_be_used(interface: Interface, station: Station) -> None:
    for key in ("short", "ä" * 20, '"' + "x" * 300 + '"'):
        refused = file(interface, body(station), key.encode("latin-1"))  # type: ignore[arg-type]
        assert (refused.status_code, refused.json()["errors"][0]["in"]) == (400, "header")
    none = interface.ask("POST", "/api/v1/requests", json=body(station))
    assert (none.status_code, none.json()["errors"][0]["name"]) == (400, "Idempotency-Key")
    where, headers = filed(interface, station)
    bare = interface.ask("GET", where)
    assert bare.status_code == 401 and "X-Request-Code" in bare.headers["www-authenticate"]
    wrong = interface.ask("GET", where, headers={**headers, "X-Request-Code": "0000000000"})
    nobody = interface.ask("GET", "/api/v1/requests/Q261124-000000", headers=headers)
    assert (wrong.status_code, nobody.status_code) == (404, 404)
    assert wrong.json()["detail"] == nobody.json()["detail"]
    line_break = interface.ask("GET", "/api/v1/requests/a%0Ab", headers=headers)
    assert (line_break.status_code, line_break.headers["content-type"]) == (404, "application/problem+json")
    in_address = interface.ask("GET", f"{where}?code={headers['X-Request-Code']}")
    assert in_address.status_code == 400


def test_files_are_checked_as_on_the_page(interface: Interface, station: Station) -> None:
    where, headers = filed(interface, station)
    bad = interface.ask("POST", f"{where}/files?name=a.pdf", data=b"MZ", headers=headers)
    assert (bad.status_code, bad.json()["errors"][0]["name"]) == (400, "attachments")
    good = interface.ask("POST", f"{where}/files?name=a.pdf", data=b"%PDF-1.7\n%%EOF", headers=headers)
    assert good.status_code == 201 and good.json()["files"][0]["name"] == "a.pdf"
    xml = interface.ask("POST", f"{where}/messages", data=b"<a/>", headers={**headers, "Content-Type": "text/xml"})
    assert xml.status_code == 415
    empty = interface.ask("POST", f"{where}/messages", json={"text": ""}, headers=headers)
    assert empty.status_code == 400
    large = interface.ask("POST", f"{where}/files?name=a.pdf", data=b"0" * (33 * 2**20), headers=headers)
    assert large.status_code == 413


def test_the_routing_is_told_before_anything_is_filed(interface: Interface, station: Station) -> None:
    asked = f"/api/v1/requests/routing?services={','.join(SERVICES)}&county={KUNSHAN}&station={station.code}&lang=en"
    told = interface.ask("GET", asked)
    assert told.status_code == 200, told.text
    assert station.code in {one["station_code"] for one in told.json()["stations"]}
    unknown = interface.ask("GET", "/api/v1/requests/routing?services=nothing&county=320583")
    assert (unknown.status_code, unknown.json()["errors"][0]["name"]) == (400, "services")
    half = interface.ask("GET", f"/api/v1/requests/routing?services={SERVICES[0]}&county=320583&lon=120")
    assert (half.status_code, half.json()["errors"][0]["name"]) == (400, "lat")


def test_the_text_to_agree_to(interface: Interface) -> None:
    told = interface.ask("GET", "/api/v1/requests/consent?lang=en").json()
    assert told["version"] == current_consent().version and told["text"] == current_consent().text_en
