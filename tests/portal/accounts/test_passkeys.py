"""Passkeys in a real browser, with an authenticator that Chromium plays (DevTools, WebAuthn)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, CDPSession, Page, expect

from stations.accounts.operator_actions import issue_setup_code_as_operator
from stations.database import open_engine, transaction
from stations.duty.roles import Role
from tests.conftest import NOW
from tests.portal.accounts.test_second_factor import App, codes_on, set_up
from tests.portal.accounts.test_second_factor import Browser as Forms
from tests.portal.browsing import PATIENCE
from tests.portal.conftest import Server
from tests.portal.people import PASSWORD, new_account

HOST = "localhost"  # the only name without TLS to which browsers give passkeys


@dataclass
class Keyholder:
    """A browser with an authenticator, and what went wrong in it."""

    page: Page
    devtools: CDPSession
    authenticator: str
    url: str
    errors: list[str]

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def verify_user(self, verified: bool) -> None:
        self._tell("setUserVerified", isUserVerified=verified)

    def _tell(self, command: str, **given: Any) -> None:
        self.devtools.send(f"WebAuthn.{command}", {"authenticatorId": self.authenticator, **given})

    def forget_passkeys(self) -> None:
        self._tell("clearCredentials")

    def is_in(self) -> bool:
        return self.page.request.get(f"{self.url}/password", max_redirects=0).status == 200


def one_time_code(server: Server, username: str) -> str:
    engine = open_engine(server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        _, code = issue_setup_code_as_operator(session, username, now=NOW)
    engine.dispose()
    return code


@pytest.fixture
def keyholder(browser: Browser, portal_server: Server) -> Iterator[Keyholder]:
    context = browser.new_context(locale="en")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    url = portal_server.url.replace("127.0.0.1", HOST)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: errors.append(request.url) if not request.url.startswith(url) else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    yield Keyholder(page, devtools, made["authenticatorId"], url, errors)
    context.close()
    assert errors == []


def test_a_passkey_is_made_used_and_removed(portal_server: Server, keyholder: Keyholder) -> None:
    username = new_account(portal_server, Role.COUNTY, "320583")
    forms = Forms(portal_server)
    forms.give_password(username)
    app, _ = set_up(forms, username, password=PASSWORD)
    page = keyholder.page

    def give_password() -> None:
        page.context.clear_cookies()
        keyholder.go("/sign-in?next=/account")
        page.locator("#username").fill(username)
        page.locator("#password").fill(PASSWORD)
        keyholder.press("Sign in")

    def prove(app: App, press: str) -> None:
        keyholder.go("/second-factor/set-up")
        page.locator("#password").fill(PASSWORD)
        page.locator("#code").fill(app.code())
        keyholder.press(press)

    give_password()
    expect(page.get_by_role("button", name="Use a passkey instead")).to_have_count(0)
    page.locator("#code").fill(app.code())
    page.locator("form").first.get_by_role("button").click()
    page.wait_for_url("**/account")
    prove(app, "Add a passkey")
    page.locator("#name").fill("办公室电脑")
    keyholder.press("Make the passkey")
    page.wait_for_url("**/account?done=passkey")
    assert not forms.is_in, "who made it stays signed in, and nobody else"

    give_password()
    keyholder.press("Use a passkey instead")
    page.wait_for_url("**/account")
    assert keyholder.is_in()

    page.context.clear_cookies()
    keyholder.go("/sign-in?next=/account")
    keyholder.press("Sign in with a passkey")
    keyholder.verify_user(False)
    keyholder.press("Go on")
    expect(page.locator("[data-told='failed']")).to_be_visible()
    assert not keyholder.is_in(), "in place of a password only with a finger or a PIN"
    keyholder.verify_user(True)
    keyholder.press("Go on")
    page.wait_for_url("**/account")
    assert keyholder.is_in()

    keyholder.go("/second-factor/set-up")
    expect(page.locator("main")).to_contain_text("办公室电脑")
    expect(page.locator("main")).to_contain_text("last used on")
    prove(app, "Remove")
    page.wait_for_url("**/account?done=passkey_removed")
    give_password()
    expect(page.locator("#code")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey instead")).to_have_count(0)


def test_an_account_is_opened_and_turned_to_passkeys_alone_and_reopened_with_a_recovery_code(
    portal_server: Server, keyholder: Keyholder
) -> None:
    username = new_account(portal_server, Role.COUNTY, "320583")
    page, main = keyholder.page, keyholder.page.locator("main")

    def open_account(code: str) -> list[str]:
        page.context.clear_cookies()
        keyholder.go(f"/first-password?user={username}")
        page.locator("#code").fill(code)
        keyholder.press("Make a passkey instead of a password")
        page.locator("#name").fill("手机")
        keyholder.press("Make the passkey")
        expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
        return codes_on(page.content())

    def use_passkey() -> None:
        page.context.clear_cookies()
        keyholder.go("/sign-in?next=/account")
        keyholder.press("Sign in with a passkey")
        keyholder.press("Go on")
        page.wait_for_url("**/account")
        assert keyholder.is_in()

    codes = open_account(one_time_code(portal_server, username))
    page.get_by_role("link", name="I have kept them; go on").click()
    use_passkey()
    keyholder.go("/second-factor/set-up")
    expect(main).to_contain_text("You sign in with passkeys alone")
    keyholder.press("Remove")
    expect(main).to_contain_text("your only way in")
    keyholder.press("Make new recovery codes")
    assert len(renewed := codes_on(page.content())) == 10 and not set(renewed) & set(codes)
    assert Forms(portal_server).give_password(username).status_code == 401

    keyholder.forget_passkeys()
    open_account(renewed[7])
    use_passkey()
    keyholder.go("/second-factor/set-up")
    expect(page.get_by_role("button", name="Remove", exact=True)).to_have_count(2)

    other = new_account(portal_server, Role.COUNTY, "320583")
    forms = Forms(portal_server)
    forms.give_password(other)
    app, _ = set_up(forms, other, password=PASSWORD)
    keyholder.forget_passkeys()
    page.context.clear_cookies()
    page.context.add_cookies(
        [{"name": one.name, "value": str(one.value), "url": keyholder.url} for one in forms.session.cookies]
    )
    for press in ("Add a passkey", "Sign in by passkeys alone"):
        keyholder.go("/second-factor/set-up")
        page.locator("#password").fill(PASSWORD)
        page.locator("#code").fill(app.code())
        keyholder.press(press)
        if press == "Add a passkey":
            page.locator("#name").fill("手机")
            keyholder.press("Make the passkey")
            page.wait_for_url("**/account?done=passkey")
            use_passkey()
    expect(main).to_contain_text("there is no password")
    use_passkey()
    assert Forms(portal_server).give_password(other).status_code == 401


def test_elsewhere_there_are_no_passkeys_and_forged_answers_open_nothing(portal_server: Server) -> None:
    here = requests.get(f"{portal_server.url}/sign-in", timeout=30)
    assert "/passkey" not in here.text, "browsers give none to an address without a name"
    local = portal_server.url.replace("127.0.0.1", HOST)
    for origin, status in ((local, 200), ("http://elsewhere.example", 403)):
        answer = requests.post(f"{local}/passkey", headers={"Origin": origin}, timeout=30, allow_redirects=False)
        assert answer.status_code == status
    forged = requests.post(
        f"{local}/passkey",
        data={"credential": '{"id":"x"}', "next": "//elsewhere.example"},
        headers={"Origin": local},
        timeout=30,
        allow_redirects=False,
    )
    assert forged.status_code == 401 and "session" not in forged.headers.get("Set-Cookie", "")
    policy = forged.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy and "unsafe-eval" not in policy
