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
    """Sign in with a password; ends at the desk."""
    page.goto(f"{server.url}/sign-in?next=/desk")
    page.locator("#username").fill(username)
    page.locator("#password").fill(PASSWORD)
    page.locator("form[action='/sign-in'] button").first.click()
    page.wait_for_url("**/desk")
    settle(page)
