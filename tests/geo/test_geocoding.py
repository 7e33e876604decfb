"""Outside geocoders, asked of a real HTTP server that answers as they do."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

import geo.geocoding
from geo.coordinates import wgs84_to_gcj02
from geo.geocoding import Geocoder, GeocodingFailed

PLACE = (120.9807, 31.3846)
ADDRESS = "昆山市玉山镇前进中路1号"


class Service:
    """Answers in turn what it is given, the last for ever; keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[dict[str, list[str]]] = []
        self.url = ""

    def will(self, *answers: object, status: int = 200) -> None:
        self.answers += [
            (status, answer if isinstance(answer, bytes) else json.dumps(answer).encode()) for answer in answers
        ]


@pytest.fixture
def service() -> Iterator[Service]:
    standing = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            standing.asked.append(parse_qs(urlsplit(self.path).query))
            status, body = standing.answers.pop(0) if len(standing.answers) > 1 else standing.answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    standing.url = f"http://127.0.0.1:{server.server_port}/geo"
    yield standing
    server.shutdown()
    server.server_close()
    thread.join()


def of_tianditu(lon: float, lat: float, level: str = "门址") -> dict:
    return {"msg": "ok", "status": "0", "location": {"lon": str(lon), "lat": str(lat), "level": level, "score": 100}}


def of_amap(lon: float, lat: float, level: str = "门牌号") -> dict:
    return {
        "status": "1",
        "info": "OK",
        "infocode": "10000",
        "geocodes": [{"location": f"{lon},{lat}", "level": level}],
    }


def test_tianditu_is_asked_as_it_wants_and_taken_as_wgs84(service: Service) -> None:
    service.will(of_tianditu(*PLACE))
    place = Geocoder("tianditu", "secret", service.url).find(ADDRESS)
    assert (place.lon, place.lat, place.level) == (*PLACE, "门址")
    assert json.loads(service.asked[0]["ds"][0]) == {"keyWord": ADDRESS}
    assert service.asked[0]["tk"] == ["secret"]


def test_what_amap_answers_is_put_back_to_wgs84(service: Service) -> None:
    lon, lat = (float(value) for value in wgs84_to_gcj02(*PLACE))
    service.will(of_amap(lon, lat))
    place = Geocoder("amap", "secret", service.url).find(ADDRESS)
    assert (place.lon, place.lat) == pytest.approx(PLACE, abs=1e-7)
    assert abs(place.lon - lon) > 0.003
    assert service.asked[0]["address"] == [ADDRESS]
    assert service.asked[0]["key"] == ["secret"]


@pytest.mark.parametrize(
    ("provider", "answer"),
    [
        ("tianditu", {"status": "0", "msg": "ok"}),
        ("amap", {"status": "1", "count": "0", "geocodes": []}),
        ("amap", of_amap(120.98, 31.38, "区县")),
    ],
)
def test_what_it_does_not_know_or_no_finer_than_a_county_is_no_place(
    service: Service, provider: str, answer: dict
) -> None:
    service.will(answer)
    assert Geocoder(provider, "k", service.url).find(ADDRESS) is None


def test_the_same_address_is_asked_once(service: Service) -> None:
    service.will(of_tianditu(*PLACE))
    geocoder = Geocoder("tianditu", "k", service.url)
    assert geocoder.find(ADDRESS) == geocoder.find(f" {ADDRESS} ")
    assert len(service.asked) == 1


def test_a_busy_service_is_asked_again(service: Service) -> None:
    service.will({}, {}, status=503)
    service.will(of_tianditu(*PLACE))
    assert Geocoder("tianditu", "k", service.url).find(ADDRESS).lon == PLACE[0]
    assert len(service.asked) == 3


@pytest.mark.parametrize(
    ("status", "answer", "told"),
    [
        (503, b"", "503|RetryError"),
        (403, b"", "403"),
        (200, b"<html>", "JSON"),
        (200, b"[]", "AttributeError"),
        (200, b'{"status": "0", "location": {"lon": "x", "lat": "1"}}', "ValueError"),
        (200, '{"status": "401", "msg": "权限错误"}'.encode(), "权限错误"),
    ],
)
def test_a_failure_is_named_without_the_key_and_not_remembered(
    service: Service, status: int, answer: bytes, told: str
) -> None:
    geocoder = Geocoder("tianditu", "secret", service.url)
    service.will(answer, status=status)
    with pytest.raises(GeocodingFailed, match=told) as failed:
        geocoder.find(ADDRESS)
    assert "secret" not in str(failed.value)
    service.answers.clear()
    service.will(of_tianditu(*PLACE))
    assert geocoder.find(ADDRESS) is not None


def test_a_service_out_of_reach_or_silent_is_given_up(
    service: Service, monkeypatch: pytest.MonkeyPatch, silent_port: Callable[[], int]
) -> None:
    monkeypatch.setattr(geo.geocoding, "READ_SECONDS", 0.05)
    monkeypatch.setattr(geo.geocoding, "RETRIES", 0)
    for url in (f"http://127.0.0.1:{silent_port()}/", "http://127.0.0.1:9/"):
        with pytest.raises(GeocodingFailed, match="ConnectionError|ReadTimeout|ConnectTimeout"):
            Geocoder("amap", "secret", url).find(ADDRESS)


@pytest.fixture
def silent_port() -> Iterator[Callable[[], int]]:
    """A port where connections are taken and nothing is ever answered."""

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    yield lambda: listening.getsockname()[1]
    listening.close()
