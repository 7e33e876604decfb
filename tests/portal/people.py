"""People who sign in, in browser tests: accounts made as the operator makes them, and the form."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Page

from stations.accounts.accounts import add_user
from stations.database import open_engine, transaction
from stations.duty.roles import Role
from tests.conftest import NOW
from tests.portal.browsing import settle
from tests.portal.conftest import Server

PASSWORD = "long enough to be safe"


def make_account(server: Server, username: str, role: Role, area_code: str) -> None:
    """An account with one duty and the password above."""
    engine = open_engine(server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        add_user(
            session,
            username=username,
            name=f"管家 {username}",
            password=PASSWORD,
            role=role,
            area_code=area_code,
            by="test",
            now=NOW,
        )
    engine.dispose()


def new_account(server: Server, role: Role, area_code: str) -> str:
    """An account under a user name that nobody has, so that a test can run again on the same server."""
    username = f"{role}-{uuid4().hex[:8]}"
    make_account(server, username, role, area_code)
    return username


def sign_in(page: Page, server: Server, username: str) -> None:
    """Sign the page's browser in with a password, as the form does; which page it shows stays as it is."""
    answer = page.context.request.post(
        f"{server.url}/sign-in",
        form={"username": username, "password": PASSWORD, "next": "/desk"},
        headers={"Origin": server.url},
        max_redirects=0,
    )
    assert (answer.status, answer.headers.get("location")) == (303, "/desk")


def sign_in_by_form(page: Page, server: Server, username: str) -> None:
    """Sign in where people do; ends at the desk."""
    page.goto(f"{server.url}/sign-in?next=/desk")
    page.locator("#username").fill(username)
    page.locator("#password").fill(PASSWORD)
    page.locator("form[action='/sign-in'] button").first.click()
    page.wait_for_url("**/desk")
    settle(page)
