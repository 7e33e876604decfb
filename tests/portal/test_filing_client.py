"""The firm of the trials of faults: what it files is there once, wherever its connection broke."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from stations.database import open_engine, reading
from stations.requests.service_request import ServiceRequest
from tests.portal.conftest import Server
from tests.portal.filing_client import LINK, Filing, file_until_acknowledged, new_filing, send_form
from tests.portal.page_client import browser_of, open_page


def _filed(server: Server, filing: Filing) -> list[str]:
    engine = open_engine(server.environment["DATABASE_URL"])
    with reading(engine) as session:
        found = session.scalars(select(ServiceRequest.number).where(ServiceRequest.product == filing.product))
        numbers = list(found)
    engine.dispose()
    return numbers


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_firm_sees_its_receipt_at_the_first_try(portal_server: Server, language: str) -> None:
    filing = new_filing(language)
    assert file_until_acknowledged(portal_server.url, filing, threading.Event())
    assert (filing.tries, [filing.number]) == (1, _filed(portal_server, filing))


@pytest.mark.parametrize("address", ["as the browser shows it", "as it was at first"])
def test_a_firm_that_lost_its_receipt_finds_it_and_files_nothing_twice(portal_server: Server, address: str) -> None:
    filing = new_filing("zh_CN")
    browser = browser_of(filing.language)
    with open_page(portal_server.url, browser, "request", LINK) as page:
        page.run()
        send_form(page, filing)
    if address == "as it was at first":
        filing.query = LINK
    assert file_until_acknowledged(portal_server.url, filing, threading.Event(), browser)
    assert [filing.number] == _filed(portal_server, filing)
