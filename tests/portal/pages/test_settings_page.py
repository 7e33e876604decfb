"""系统设置: its test buttons reach real servers (mail, text messages, sign-on, map tiles) and say what came of it."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from stations.duty.roles import Role
from tests.conftest import Made
from tests.portal.accounts.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, running_provider
from tests.portal.browsing import open_choices, settle, visit
from tests.portal.conftest import Server, served_portal
from tests.portal.pages.test_journey import SETTINGS, Setting, press
from tests.portal.people import new_account, sign_in
from tests.stations.receivers import HttpReceiver, MailReceiver, http_receiver, mail_receiver

SECRET = "a token that nobody reads"


@dataclass
class TileServer:
    """A server of map tiles. ``asked``: the paths."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


@contextmanager
def tile_server() -> Iterator[TileServer]:
    """Run a server that answers every address with a tile."""
    tiles, content = TileServer(), io.BytesIO()
    Image.new("RGB", (256, 256), "#d5e5ef").save(content, "PNG")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tiles.asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.send_header("Content-Length", str(len(content.getvalue())))
            self.end_headers()
            self.wfile.write(content.getvalue())

        def log_message(self, *arguments: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    tiles.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield tiles
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Installation:
    """A portal with everything set up, and the servers it is set to."""

    portal: Server
    texts: HttpReceiver
    mail: MailReceiver
    provider: IdentityProvider
    tiles: TileServer


@pytest.fixture(scope="module")
def installation(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with ExitStack() as servers:
        texts, mail = servers.enter_context(http_receiver()), servers.enter_context(mail_receiver())
        provider, tiles = servers.enter_context(running_provider()), servers.enter_context(tile_server())
        portal = served_portal(
            made,
            "sqlite",
            tmp_path_factory.mktemp("settings"),
            DELIVER_NOTICES="0",
            SMTP_URL=f"smtp://127.0.0.1:{mail.port}",
            SMTP_FROM="portal@example.com",
            SMS_GATEWAY_URL=f"{texts.url}/send",
            SMS_GATEWAY_TOKEN=SECRET,
            OIDC_ISSUER=provider.issuer,
            OIDC_CLIENT_ID=CLIENT_ID,
            OIDC_CLIENT_SECRET=CLIENT_SECRET,
            BASEMAP="osm",
            BASEMAP_URL=f"{tiles.url}/{{z}}/{{x}}/{{y}}.png",
        )
        yield Installation(servers.enter_context(portal), texts, mail, provider, tiles)


@pytest.fixture(params=SETTINGS, ids=["zh-desk", "en-phone"])
def setting(request: pytest.FixtureRequest) -> Setting:
    return request.param


@pytest.fixture
def page(installation: Installation, visitor: Callable[..., Page], setting: Setting) -> Page:
    """The page of settings, as the province sees it."""
    page = visitor(setting.locale, setting.phone)
    sign_in(page, installation.portal, new_account(installation.portal, Role.PROVINCE, "320000"))
    visit(page, f"{installation.portal.url}/settings")
    return page


def told(page: Page, tone: str) -> Locator:
    return page.locator(f".notice.{tone}:not(.sample)")


def test_what_is_secret_is_not_shown(page: Page, setting: Setting, installation: Installation) -> None:
    text = page.get_by_test_id("stMain").inner_text()
    assert SECRET not in text and CLIENT_SECRET not in text
    assert f"{installation.texts.url}/send" in text and installation.provider.issuer in text
    row = page.locator("tr").filter(has_text="SMS_GATEWAY_TOKEN")
    expect(row).to_contain_text(setting.say("set, not shown"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_test_notice_is_sent_and_a_refusal_is_told(page: Page, setting: Setting, installation: Installation) -> None:
    say, texts, mail = setting.say, installation.texts, installation.mail
    where, send = page.get_by_label(say("Where to"), exact=True), say("Send a test notice")

    def choose(channel: str) -> None:
        open_choices(page, say("Channel"))
        page.get_by_role("option", name=say(channel), exact=True).click()
        settle(page)

    choose("Text message")
    before = len(texts.taken)
    where.fill("no number")
    press(page, send)
    expect(told(page, "bad")).to_be_visible()
    assert len(texts.taken) == before
    where.fill("13800001234")
    press(page, send)
    expect(told(page, "good")).to_be_visible()
    _path, headers, body = texts.taken[-1]
    assert headers["authorization"].endswith(SECRET) and json.loads(body)["to"].endswith("13800001234")
    texts.answers.append(500)
    press(page, send)
    expect(told(page, "bad")).to_contain_text("500")
    assert len(texts.taken) == before + 2

    choose("E-mail")
    where.fill("office@example.com")
    press(page, send)
    expect(told(page, "good")).to_be_visible()
    assert mail.taken[-1][0] == "office@example.com"
    mail.refused.append("550 no such mailbox")
    press(page, send)
    expect(told(page, "bad")).to_contain_text("550")


def test_the_identity_provider_is_asked_what_it_is(page: Page, setting: Setting, installation: Installation) -> None:
    say, provider = setting.say, installation.provider
    press(page, say("Try the identity provider"))
    expect(told(page, "good")).to_contain_text(say("The identity provider answers."))
    provider.told_issuer = "http://127.0.0.1:9/another"
    try:
        press(page, say("Try the identity provider"))
        expect(told(page, "bad")).to_be_visible()
        expect(told(page, "good")).to_have_count(0)
    finally:
        provider.told_issuer = ""


def test_a_tile_is_fetched_as_on_every_map(page: Page, setting: Setting, installation: Installation) -> None:
    press(page, setting.say("Try the map tiles"))
    tile = page.locator(f"img[src^='{installation.tiles.url}/8/']")
    expect(tile).to_have_count(1)
    expect(tile).to_be_visible()
    page.wait_for_function("(tile) => tile.complete && tile.naturalWidth === 256", arg=tile.element_handle())
    assert installation.tiles.asked
