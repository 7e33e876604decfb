"""Addresses of pages: every page with any query, for a stranger and for an administrator, in both languages.

Each is drawn by Streamlit without a browser (``AppTest``). It may say that there is no such record; it may not fail.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import PropertyMock, patch

import streamlit as st_app
from hypothesis import strategies as st
from sqlalchemy import select
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

import portal.storage
from portal import language
from portal.navigation import ENTRIES
from portal.visit import SESSION_COOKIE
from stations import clock
from stations.accounts.accounts import User
from stations.accounts.sign_ins import Client, Method, open_sign_in
from stations.database import transaction
from tests.fuzz.target import Target, database
from tests.fuzz.texts import ANY_TEXT

FOLDER = Path(__file__).resolve().parents[2] / "portal" / "pages"
_PARAMETERS = """accuracy adcode address after all as_of before bucket by by_county by_population category chain city
code compare crs done duty figure from group kind lat level limit lon measure method month name new
number objective open p period place point q record result role s sample service source state
station status subject text tier to town type unit until user within year action since view show k
tab page sort"""
PARAMETERS = tuple(_PARAMETERS.split())
_VALUES = """320583 320500 320000 S-3201-001 metrology.calibration
qi_centres 2026-11-24 2026-10 2026 1 0 -1 120.98 31.38
wgs84 gcj02 nan inf 1e309 99999999999999999999 station centre county city chain active open accept 120.98,31.38 new all
p-median lscp mclp sample-province 0001-01-01 9999-12-31"""
HUGE = "9" * 5000
_SCRIPT = """
from contextlib import suppress
from pathlib import Path
from portal.page_end import PageEnd
from tests.fuzz.pages import failed
try:
    with suppress(PageEnd):
        exec(compile(Path({file!r}).read_text(), {file!r}, "exec"), {{"__name__": "__main__"}})
except Exception as error:
    failed.append(error)
"""
_scan_once = cache(manifest_scanner.scan_component_manifests)
"""Streamlit reads the description of every installed package for each ``AppTest``, which took four fifths of a case."""
failed: list[Exception] = []
"""What the page that was drawn last raised; Streamlit itself shows it without its cause."""


@st.composite
def addresses(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the address of a page, and who looks at it."""
    value = st.one_of(
        st.sampled_from(_VALUES.split()),
        st.sampled_from(_VALUES.split()),
        ANY_TEXT.map(lambda text: text[:2000].encode("utf-8", "ignore").decode()),
        st.just(HUGE),
    )
    values = st.lists(value, min_size=1, max_size=2)
    return {
        "page": draw(st.sampled_from([entry.name for entry in ENTRIES])),
        "query": draw(st.dictionaries(st.sampled_from(PARAMETERS), values, max_size=4)),
        "signed_in": draw(st.booleans()),
        "language": draw(st.sampled_from(("zh_CN", "en"))),
    }


@cache
def _token() -> str:
    with transaction(database()) as session:
        user = session.scalar(select(User).where(User.username == "sample-province"))
        assert user is not None
        return open_sign_in(session, user, Method.SAMPLE, Client(), clock.now() + timedelta(hours=1))


@cache
def _prepare(_url: str) -> None:
    os.environ["DATABASE_URL"] = _url
    for cached in (portal.storage.domain_settings, portal.storage.engine):
        cached.cache_clear()


def draw(page: str, query: dict[str, list[str]], cookies: dict[str, str]) -> None:
    """Draw a page of the portal on the database of the targets; raise what it raises."""
    _prepare(str(database().url))
    script = _SCRIPT.format(file=str(FOLDER / f"{page}.py"))
    app = AppTest.from_string(script, default_timeout=3600)  # seconds: a long run comes last on its machine
    failed.clear()
    for name, values in query.items():
        app.query_params[name] = values
    with ExitStack() as patches:
        patches.enter_context(patch.object(manifest_scanner, "scan_component_manifests", _scan_once))
        for name, value in (("cookies", cookies), ("url", f"http://testserver/{page}")):
            patches.enter_context(patch.object(type(st_app.context), name, PropertyMock(return_value=value)))
        app.run()
    if failed:
        raise failed[0]
    assert not app.exception, [one.message for one in app.exception]


def _check(address: dict[str, Any]) -> None:
    cookies = {language.COOKIE: address["language"]}
    if address["signed_in"]:
        cookies[SESSION_COOKIE] = _token()
    draw(address["page"], address["query"], cookies)


PAGES = [Target("addresses of pages", addresses(), _check, short=12)]
