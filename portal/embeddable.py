"""Which pages of ours other sites may show, as small pages in a frame, and how they find them (oEmbed 1.0)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from markupsafe import Markup

from stations.language import N_, Language
from stations.province import example

SMALLEST, WIDEST = 240, 1200
"""Pixels. A phone is 320 wide; a page of an article leaves less."""


@dataclass(frozen=True)
class Embeddable:
    """A small page and the page that it stands for.

    ``page``: the paths of the page. ``kept``: parameter of the page → of the small page. ``needed``: one that the page
    must have. ``ratio``: height of the small page to its width, ``more``: pixels besides.
    """

    title: str
    page: str
    path: str
    kept: Mapping[str, str]
    ratio: float
    more: int
    example: Callable[[], Mapping[str, str]] = dict
    needed: str = ""

    def height(self, width: int) -> int:
        """Return the height in pixels that the small page needs at a width."""
        return round(width * self.ratio) + self.more

    def address(self, base: str, parameters: Mapping[str, str], spoken: Language) -> str:
        """Return the address of the small page. ``parameters``: of the page that it stands for."""
        kept = {self.kept[name]: value for name, value in parameters.items() if name in self.kept}
        return f"{base}{self.path}?{urlencode({**kept, 'lang': spoken.code})}"

    def code(self, base: str, parameters: Mapping[str, str], spoken: Language, width: int = 600, most: int = 0) -> str:
        """Return the HTML that shows the small page in a frame. ``most``: pixels of height at most; 0 for no limit."""
        height = min(self.height(width), most) if most else self.height(width)
        return Markup(
            '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy"'
            ' style="border:0;max-width:100%" referrerpolicy="no-referrer"></iframe>'
        ).format(self.address(base, parameters, spoken), width, height, spoken.translate(self.title))


EMBEDDABLE = (
    Embeddable(
        N_("Coverage of a county"),
        "/county",
        "/embed/coverage",
        {"code": "county", "as_of": "as_of"},
        ratio=0.9,
        more=190,
        example=lambda: {"code": example().county.adcode},
        needed="code",
    ),
    Embeddable(
        N_("Coverage by service stations"), "/coverage", "/embed/coverage", {"as_of": "as_of"}, ratio=1.05, more=190
    ),
    Embeddable(N_("The nearest service stations"), "/find", "/embed/nearest", {}, ratio=0, more=520),
    Embeddable(
        N_("A service station"), "/station", "/embed/station", {"code": "code"}, ratio=0, more=260, needed="code"
    ),
)
"""What other sites may show; where two have the same small page, the one that needs a parameter first."""


def embeddable(address: str, base: str) -> tuple[Embeddable, Mapping[str, str]] | None:
    """Return what stands for a page of ours, and the page's parameters; None if it is no such page."""
    try:
        parts, own = urlsplit(address), urlsplit(base)
    except ValueError:
        return None
    if parts.netloc.lower() != own.netloc.lower() or parts.scheme not in {"http", "https"}:
        return None
    parameters = {name: values[0] for name, values in parse_qs(parts.query).items()}
    for one in EMBEDDABLE:
        if parts.path not in {one.page, one.path}:
            continue
        back = {there: here for here, there in one.kept.items()} if parts.path == one.path else {}
        named = {back.get(name, name): value for name, value in parameters.items()}
        if not one.needed or named.get(one.needed):
            return one, named
    return None


def discovery_links(path: str, query: str, base: str) -> str:
    """Return the links in the head of a page of ours that lead to its small page; "" for a page that has none.

    ``path``, ``query``: of the page; ``base``: the address of this portal.
    """
    address = f"{base}{path}{'?' if query else ''}{query}"
    if embeddable(address, base) is None:
        return ""
    return "".join(
        Markup('<link rel="alternate" type="{}" href="{}">').format(
            media_type, f"{base}/oembed?format={form}&url={quote(address, safe='')}"
        )
        for form, media_type in (("json", "application/json+oembed"), ("xml", "text/xml+oembed"))
    )
