"""Browser windows for visitors, each watched for requests that leave this machine and for errors.

Opening a browser context and parsing Streamlit's scripts in a new process costs more than drawing a page.
So contexts are used again by later tests, without their cookies, stored data and permissions, and every
visitor's page is opened from one that stays open, which keeps it in a process that knows the scripts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page

from tests.portal.browsing import PATIENCE, SCRIPT_RUNS, WITHOUT_ANIMATION

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
OPENER = "http://127.0.0.1/"  # the host of all servers under test, and so one process of the browser


@dataclass
class Watch:
    """What a browser context did: the addresses it asked for, and what went wrong."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("weberror", lambda error: self.errors.append(f"page error: {error.error}"))
        context.on("console", self._heard)
        context.on("page", lambda page: page.on("websocket", lambda socket: self.requests.append(socket.url)))

    def forget(self) -> None:
        self.requests.clear()
        self.errors.clear()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text} ({message.location.get('url', '')})")

    def foreign(self) -> list[str]:
        """Addresses beyond this machine. Those inside the browser (data:, blob:) are not requests."""
        own = {"127.0.0.1"}
        split = [(url, urlsplit(url)) for url in self.requests]
        return [
            url for url, parts in split if parts.scheme not in {"data", "blob", "about"} and parts.hostname not in own
        ]


class Visitor:
    """A browser context: cookies and storage of its own, empty whenever a visitor arrives."""

    def __init__(self, browser: Browser, locale: str, *, phone: bool) -> None:
        self.context = browser.new_context(
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport=PHONE if phone else DESKTOP,
            is_mobile=phone,
            has_touch=phone,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        for script in (SCRIPT_RUNS, WITHOUT_ANIMATION):
            self.context.add_init_script(path=script)
        self.watch = Watch()
        self.watch.over(self.context)
        self._opener = self.context.new_page()
        self._opener.route(OPENER, lambda route: route.fulfill(body="", content_type="text/html"))
        self._opener.goto(OPENER)

    def arrive(self) -> Page:
        """A new page of the visitor's."""
        self.watch.forget()
        # What a whole browser lets a page do at a press of a button, the headless shell would ask nobody for.
        self.context.grant_permissions(["clipboard-write"])
        with self.context.expect_page() as opened:
            self._opener.evaluate("() => { window.open('about:blank') }")
        return opened.value

    def see(self) -> list[tuple[str, str]]:
        """Return the address and the visible text of each open page, fields' values included."""
        return [(page.url, _text(page)) for page in self.context.pages if page is not self._opener]

    def leave(self) -> None:
        """Close all pages and forget all that the browser keeps of the visit."""
        origins = {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, self.watch.requests)}
        for page in self.context.pages:
            if page is not self._opener:
                page.close()
        devtools = self.context.new_cdp_session(self._opener)
        for origin in origins:
            if origin.startswith("http"):
                devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        devtools.detach()
        self.context.clear_cookies()
        self.context.clear_permissions()


def _text(page: Page) -> str:
    try:
        return page.evaluate(
            "() => [document.body.innerText, ...[...document.querySelectorAll('input, textarea')]"
            ".map((field) => `${field.getAttribute('aria-label')}: ${field.value}`)].join('\\n')"
        )
    except Error as error:
        return f"not to be seen: {error}"


class Visitors:
    """The visitors of a test process, by language and screen: those that left may come again."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._gone: dict[tuple[str, bool], list[Visitor]] = {}
        self._here: list[tuple[tuple[str, bool], Visitor]] = []

    def arrive(self, locale: str = "zh-CN", phone: bool = False, *, first: bool = False) -> Page:
        """A new visitor's page, with cookies of its own; ``first``: in a browser that has cached nothing yet."""
        kind = locale, phone
        gone = self._gone.setdefault(kind, [])
        visitor = gone.pop() if gone and not first else Visitor(self._browser, locale, phone=phone)
        self._here.append((kind, visitor))
        return visitor.arrive()

    def see(self) -> list[tuple[str, str]]:
        """Return the address and the visible text of each page that a visitor of this test has open."""
        return [seen for _, visitor in self._here for seen in visitor.see()]

    def leave(self) -> list[Watch]:
        """Send all visitors away; what each one's browser did."""
        left, self._here = self._here, []
        for kind, visitor in left:
            visitor.leave()
            self._gone[kind].append(visitor)
        return [visitor.watch for _, visitor in left]
