"""The whole way of the second factor on the real server: by forms as a browser sends them, and in a browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape

import pyotp
import pytest
import requests
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from stations.accounts.accounts import User
from stations.accounts.second_factor import OFFER_LASTS, STEP_SECONDS, SecondFactor
from stations.database import open_engine, transaction
from stations.duty.roles import Role
from tests.conftest import NOW
from tests.portal.browsing import settle, visit
from tests.portal.conftest import Server
from tests.portal.people import PASSWORD, new_account, sign_in

STEP = timedelta(seconds=STEP_SECONDS)


class Browser:
    """Sends forms of our own pages, and keeps cookies."""

    def __init__(self, server: Server, language: str = "en") -> None:
        self.server = server
        self.session = requests.Session()
        self.session.headers.update({"Origin": server.url, "Accept-Language": language})

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.server.url + path, timeout=30, allow_redirects=False)

    def send(self, path: str, **form: str) -> requests.Response:
        return self.session.post(self.server.url + path, data=form, timeout=60, allow_redirects=False)

    def give_password(self, username: str, next_page: str = "/account") -> requests.Response:
        return self.send("/sign-in", username=username, password=PASSWORD, next=next_page)

    @property
    def is_in(self) -> bool:
        return self.get("/password").status_code == 200


def where(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.headers.get("Location", "")


@dataclass
class App:
    """The authenticator app of a user, and how far the server's clock is ahead of this process's."""

    server: Server
    username: str
    secret: str
    ahead: timedelta = field(init=False)

    def __post_init__(self) -> None:
        with self._stored() as factor:
            self.ahead = factor.offered_until - OFFER_LASTS - self._here()

    def code(self) -> str:
        """A code as if those used before were long ago: that of the next step, taken for another minute at least.

        The server's time is not before the one computed here, so the code is not too early.
        """
        self.forget_uses()
        return pyotp.TOTP(self.secret).at(self._here() + self.ahead + STEP)

    def forget_uses(self) -> None:
        """Do as if the codes used before were long ago."""
        with self._stored() as factor:
            factor.last_step = 0

    @contextmanager
    def _stored(self) -> Iterator[SecondFactor]:
        engine = open_engine(self.server.environment["DATABASE_URL"])
        with transaction(engine) as session:
            of_user = sa.select(SecondFactor).join(User, User.id == SecondFactor.user_id)
            yield session.scalars(of_user.where(User.username == self.username)).one()
        engine.dispose()

    @staticmethod
    def _here() -> datetime:
        return NOW + timedelta(seconds=time.monotonic())


def secret_on(page: str) -> str:
    found = re.search(r'<code class="key">([A-Z2-7 ]+)</code>', page)
    assert found, page
    return found[1].replace(" ", "")


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>(\S+)</code>", page)


def set_up(browser: Browser, username: str, **proof: str) -> tuple[App, list[str]]:
    """Set up a second factor; return the app and the recovery codes."""
    shown = browser.send("/second-factor/set-up", action="begin", **proof)
    assert shown.status_code == 200, shown.text
    app = App(browser.server, username, secret_on(shown.text))
    assert f"secret={app.secret}" in unescape(shown.text) and "<svg" in shown.text
    done = browser.send("/second-factor/set-up/code", code=app.code())
    assert done.status_code == 200 and done.headers["Cache-Control"] == "no-store", done.text
    codes = codes_on(done.text)
    assert len(codes) == 10
    return app, codes


def test_from_setting_it_up_to_signing_in_with_it(portal_server: Server) -> None:
    username = new_account(portal_server, Role.COUNTY, "320583")
    browser = Browser(portal_server)
    assert where(browser.get("/second-factor/set-up")) == (303, "/sign-in?next=/second-factor/set-up")
    assert where(browser.get("/second-factor")) == (303, "/sign-in?done=late")
    assert where(browser.give_password(username)) == (303, "/account")
    assert browser.send("/second-factor/set-up", action="begin", password="wrong").status_code == 401
    app, codes = set_up(browser, username, password=PASSWORD)

    other = Browser(portal_server)
    half = other.give_password(username, "/desk?x=1")
    assert where(half) == (303, "/second-factor") and not other.is_in
    cookie = half.headers["Set-Cookie"]
    assert "sign_in_step=" in cookie and "HttpOnly" in cookie and "session=" not in cookie
    assert "Two-step sign-in" in other.get("/second-factor").text
    wrong = other.send("/second-factor", code="000000")
    assert wrong.status_code == 401 and "was used before" in wrong.text and "000000" not in wrong.text
    seen = app.code()
    assert where(other.send("/second-factor", code=seen)) == (303, "/desk?x=1")
    assert other.is_in and "sign_in_step" not in other.session.cookies

    third = Browser(portal_server)
    third.give_password(username)
    assert third.send("/second-factor", code=seen).status_code == 401  # seen over a shoulder
    app.forget_uses()
    late = Browser(portal_server)
    late.give_password(username)
    assert late.send("/second-factor", code=seen).status_code == 303  # refused for its use, then: it has not run out
    assert where(third.send("/second-factor", recovery_code=codes[3])) == (303, "/account")
    assert third.is_in


def test_changing_it_needs_password_and_code_and_says_what_is_wrong(portal_server: Server) -> None:
    username = new_account(portal_server, Role.AUDITOR, "320583")
    browser = Browser(portal_server)
    browser.give_password(username)
    _, codes = set_up(browser, username, password=PASSWORD)
    for form in ({"password": PASSWORD}, {"password": "x", "code": codes[0]}, {"code": codes[0]}):
        for action in ("begin", "renew", "remove", "what"):
            assert browser.send("/second-factor/set-up", action=action, **form).status_code == 401
        browser.send("/second-factor/set-up", action="begin", password=PASSWORD)
    waiting = browser.send("/second-factor/set-up", action="renew", password=PASSWORD, code=codes[0])
    assert waiting.status_code == 401 and "quarter of an hour" in waiting.text  # too many by now


def test_new_codes_replace_the_old_and_removing_asks_for_one(portal_server: Server) -> None:
    username = new_account(portal_server, Role.AUDITOR, "320583")
    browser = Browser(portal_server)
    browser.give_password(username)
    app, old = set_up(browser, username, password=PASSWORD)
    renewed = browser.send("/second-factor/set-up", action="renew", password=PASSWORD, code=old[0])
    new = codes_on(renewed.text)
    assert len(new) == 10 and not set(old) & set(new)
    assert browser.send("/second-factor/set-up", action="remove", password=PASSWORD, code=old[1]).status_code == 401
    removed = browser.send("/second-factor/set-up", action="remove", password=PASSWORD, code=app.code())
    assert where(removed) == (303, "/account?done=factor_removed")
    assert where(Browser(portal_server).give_password(username)) == (303, "/account")


@pytest.mark.parametrize("path", ["/second-factor", "/second-factor/set-up", "/second-factor/set-up/code"])
def test_forms_of_another_site_are_refused(portal_server: Server, path: str) -> None:
    foreign = requests.post(
        portal_server.url + path, data={"code": "1"}, headers={"Origin": "https://evil.example"}, timeout=30
    )
    assert foreign.status_code == 403


def test_an_invented_person_has_nothing_to_set_up(portal_server: Server) -> None:
    browser = Browser(portal_server)
    browser.send("/sign-in", sample="sample-province")
    for answer in (browser.get("/second-factor/set-up"), browser.send("/second-factor/set-up", action="begin")):
        assert where(answer) == (303, "/account")


def test_a_half_sign_in_is_no_sign_in(portal_server: Server) -> None:
    username = new_account(portal_server, Role.COUNTY, "320583")
    browser = Browser(portal_server)
    browser.give_password(username)
    set_up(browser, username, password=PASSWORD)
    thief = Browser(portal_server)
    thief.give_password(username)
    half = thief.session.cookies["sign_in_step"]
    thief.session.cookies.set("session", half)
    assert not thief.is_in
    assert thief.get("/second-factor/set-up").status_code == 303  # who has one can't set up another so
    assert thief.send("/second-factor/set-up", action="begin").status_code == 303


def test_where_it_is_required_the_first_page_comes_after_it(strict_portal_server: Server) -> None:
    server = strict_portal_server
    looks, edits = new_account(server, Role.AUDITOR, "320583"), new_account(server, Role.STATION, "S-3201-002")
    assert where(Browser(server).give_password(looks)) == (303, "/account")
    browser = Browser(server)
    assert where(browser.give_password(edits)) == (303, "/second-factor")
    assert where(browser.get("/second-factor")) == (303, "/second-factor/set-up")
    assert "Your duties need" in browser.get("/second-factor/set-up").text and not browser.is_in
    wrong = browser.send("/second-factor/set-up/code", code="123456")
    assert where(wrong) == (303, "/second-factor/set-up")  # nothing was offered yet
    app, _ = set_up(browser, edits)
    assert browser.is_in
    kept = browser.send("/second-factor/set-up", action="remove", password=PASSWORD, code=app.code())
    assert kept.status_code == 422 and "it stays" in kept.text and "Remove" not in kept.text


def test_what_is_offered_in_one_browser_is_neither_shown_nor_confirmed_in_another(portal_server: Server) -> None:
    username = new_account(portal_server, Role.COUNTY, "320583")
    owner, thief = Browser(portal_server), Browser(portal_server)
    owner.give_password(username)
    thief.give_password(username)
    shown = owner.send("/second-factor/set-up", action="begin", password=PASSWORD)
    app = App(portal_server, username, secret_on(shown.text))
    for code in ("000000", app.code()):
        answer = thief.send("/second-factor/set-up/code", code=code)
        assert where(answer) == (303, "/second-factor/set-up") and app.secret not in answer.text
    again = owner.send("/second-factor/set-up/code", code="000000")
    assert again.status_code == 422 and secret_on(again.text) == app.secret
    assert owner.is_in and owner.send("/second-factor/set-up/code", code=app.code()).status_code == 200


def test_signing_out_ends_also_what_owes_the_second_factor(portal_server: Server) -> None:
    username = new_account(portal_server, Role.COUNTY, "320583")
    browser = Browser(portal_server)
    browser.give_password(username)
    set_up(browser, username, password=PASSWORD)
    half = Browser(portal_server)
    half.give_password(username)
    token = half.session.cookies["sign_in_step"]
    half.send("/sign-out")
    assert "sign_in_step" not in half.session.cookies
    half.session.cookies.set("sign_in_step", token)
    assert where(half.get("/second-factor")) == (303, "/sign-in?done=late")


def test_codes_of_no_second_factor_can_not_be_renewed_and_that_is_said(portal_server: Server) -> None:
    username = new_account(portal_server, Role.AUDITOR, "320583")
    browser = Browser(portal_server)
    browser.give_password(username)
    for action in ("renew", "remove"):
        answer = browser.send("/second-factor/set-up", action=action, password=PASSWORD)
        assert answer.status_code == 422 and "no second step yet" in answer.text


def test_the_whole_way_in_a_browser(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page, admin = visitor(phone=True), visitor()
    username = new_account(portal_server, Role.COUNTY, "320583")
    sign_in(page, portal_server, username)
    visit(page, f"{portal_server.url}/account")
    page.get_by_role("link", name="设置两步验证").click()
    page.wait_for_url("**/second-factor/set-up")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="开始设置").click()
    expect(page.locator(".qr svg")).to_be_visible()
    app = App(portal_server, username, page.locator("code.key").inner_text().replace(" ", ""))
    page.locator("#code").fill(app.code())
    page.get_by_role("button", name="继续").click()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="已保存，继续").click()
    page.wait_for_url("**/account")
    settle(page)
    expect(page.get_by_text("还剩 10 个恢复码")).to_be_visible()

    def give_password() -> None:
        page.goto(f"{portal_server.url}/sign-out")
        page.locator("form[action='/sign-out'] button").click()
        page.wait_for_url(f"{portal_server.url}/")
        page.goto(f"{portal_server.url}/sign-in?next=/account")
        page.locator("#username").fill(username)
        page.locator("#password").fill(PASSWORD)
        page.locator("form[action='/sign-in'] button").first.click()
        page.wait_for_url(f"{portal_server.url}/second-factor")

    give_password()
    page.locator("#code").fill(app.code())
    page.locator("#code").press("Enter")
    page.wait_for_url("**/account")
    settle(page)
    give_password()
    page.get_by_text("手机不在身边？").click()
    page.locator("#recovery_code").fill(codes[0].lower())
    page.get_by_role("button", name="用恢复码登录").click()
    page.wait_for_url("**/account")
    settle(page)
    expect(page.get_by_text("还剩 9 个恢复码")).to_be_visible()

    sign_in(admin, portal_server, new_account(portal_server, Role.PROVINCE, "320000"))
    visit(admin, f"{portal_server.url}/accounts?user={username}")
    admin.get_by_role("button", name="重置两步验证").click()
    settle(admin)
    expect(admin.get_by_text("两步验证已重置")).to_be_visible()
    expect(admin.get_by_role("button", name="重置两步验证")).to_have_count(0)
    visit(page, f"{portal_server.url}/account")
    expect(page.get_by_text("您尚未登录")).to_be_visible()
    sign_in(page, portal_server, username)
