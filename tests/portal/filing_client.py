"""A firm that files one request through the portal, and does not give up.

It does what a firm with a bad connection does: whatever breaks, it opens the page again with the same cookie, at the
address that its browser shows by then, which names its draft. There it finds either the receipt, or its draft, which it
sends again. Where the address of the draft was lost with the connection, it types the same into a new form, and is told
the number of the like request that it has filed already.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

import requests
from stdnum.cn import uscc
from websockets.exceptions import WebSocketException

from tests.portal.page_client import PATIENCE, ErrorPage, Page, browser_of, open_page, words_of_libraries

LINK = urlencode({"service": "metrology.calibration", "adcode": "320583"})
"""The query with which a firm opens the form."""
NO_ANSWER = (OSError, WebSocketException, TimeoutError, requests.RequestException)
_RECEIPT = re.compile(r"\bQ\d{6}-\w{6}\b")


@dataclass
class Filing:
    """One request as its firm knows it.

    ``product`` is in no other request. ``query``: of the address that the firm's browser shows. ``number``: of the
    receipt; "" before. ``told``: what the portal said instead of a receipt, in the firm's ``language``. ``raw``: what
    of it was no sentence for a firm.
    """

    product: str
    credit_code: str
    phone: str
    language: str
    query: str = LINK
    number: str = ""
    tries: int = 0
    told: list[str] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)


def new_filing(language: str) -> Filing:
    """Return a request that nobody has filed, of a firm that has filed no other."""
    body = f"91320583MB{uuid4().int % 10**7:07d}"
    credit_code = body + uscc.calc_check_digit(body)
    return Filing(f"trial {uuid4().hex}", credit_code, f"139{uuid4().int % 10**8:08d}", language)


def file_until_acknowledged(
    url: str,
    filing: Filing,
    stop: threading.Event,
    browser: requests.Session | None = None,
    patience: float = PATIENCE,
) -> bool:
    """Try until the receipt is seen, or ``stop`` is set; in a new browser by default. Return whether it was seen."""
    browser = browser or browser_of(filing.language)
    while not stop.is_set():
        filing.tries += 1
        try:
            with open_page(url, browser, "request", filing.query, patience) as page:
                filing.number = _number(page, filing)
                if filing.number:
                    return True
                _hear(filing, page.text)
        except ErrorPage as answer:
            _hear(filing, str(answer))
        except NO_ANSWER:
            pass
        stop.wait(0.2)
    return False


def send_form(page: Page, filing: Filing) -> None:
    """Fill the form of an open page and press its button."""
    typed = {
        "ask_product": filing.product,
        "ask_firm_name": "测试精密机械有限公司",
        "ask_credit_code": filing.credit_code,
        "ask_contact_name": "王测试",
        "ask_phone": filing.phone,
        "ask_consent": True,
    }
    try:
        page.run(typed, press="draft_send")
    finally:
        filing.query = page.query


def _number(page: Page, filing: Filing) -> str:
    """Return the number that the page tells the firm, at once or after its form was sent; "" if it tells none."""
    page.run()
    if page.has("draft_send"):
        send_form(page, filing)
    if page.has("draft_send") and not page.has("ask_despite_duplicate"):
        return ""
    found = _RECEIPT.search(page.text)
    return found.group() if found else ""


def _hear(filing: Filing, text: str) -> None:
    found = words_of_libraries(text)
    (filing.raw if found else filing.told).append(text[-2000:] if not found else f"{found}: {text[-2000:]}")
