"""Names that look like Markdown are shown as they are, wherever Streamlit would read them as Markdown."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from portal.markdown_text import plain
from stations.catalogue.chain import IndustrialChain
from stations.database import open_engine, transaction
from tests.conftest import NOW
from tests.portal.browsing import visit
from tests.portal.conftest import Server

NASTY = (
    "[点此](https://evil.example) **粗** ![](https://evil.example/a.png) `a` $x^2$ :red[红] :material/home: :smile: "
    "<b>b</b> https://evil.example www.evil.example a@evil.example -> # 1. ~~x~~"
)
# What reads Markdown in any of its arguments; lists to choose from take their options as they are.
HEADINGS = {
    "title",
    "header",
    "subheader",
    "caption",
    "markdown",
    "expander",
    "popover",
    "info",
    "warning",
    "error",
    "success",
}
LABELS = {
    "button",
    "form_submit_button",
    "download_button",
    "checkbox",
    "toggle",
    "radio",
    "pills",
    "selectbox",
    "multiselect",
    "segmented_control",
    "text_input",
    "text_area",
    "number_input",
    "date_input",
    "toast",
    "tabs",
    "metric",
}
OPTIONS = {"radio", "pills", "segmented_control"}
# Parameters of messages that are made by us: numbers, days, names of fields.
OURS = {
    "count",
    "day",
    "days",
    "date",
    "end",
    "field",
    "hours",
    "km",
    "label",
    "limit",
    "minutes",
    "most",
    "reference",
    "start",
    "statuses",
    "number",
}


def is_record_text(node: ast.expr) -> bool:
    """Whether an argument, as it is written, has the text of a record or of a visitor in it, not made plain."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in {"_", "ngettext"}:
            own = [keyword.value for keyword in node.keywords if keyword.arg not in OURS]
            return any(not isinstance(value, ast.Constant) and is_record_text(value) for value in own)
        return node.func.id not in {"plain", "county_name", "label", "field_name"}  # our own words
    if isinstance(node, ast.IfExp):
        return is_record_text(node.body) or is_record_text(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) and is_record_text(part.value) for part in node.values)
    return isinstance(node, ast.Attribute | ast.Name) and getattr(node, "attr", "") in {
        "name",
        "title",
        "name_zh",
        "name_en",
    }


def drawn_as_markdown(tree: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in HEADINGS | LABELS:
            yield from node.args[:1]
            yield from (one.value for one in node.keywords if one.arg == "help")
        if node.func.attr in OPTIONS:
            functions = [one.value for one in node.keywords if one.arg == "format_func"]
            yield from (one.body for one in functions if isinstance(one, ast.Lambda))


def test_no_heading_label_or_option_shows_the_text_of_a_record_as_markdown() -> None:
    for path in Path("portal").rglob("*.py"):
        for node in drawn_as_markdown(ast.parse(path.read_text(encoding="utf-8"))):
            assert not is_record_text(node), f"{path}:{node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize(
    "code",
    [
        "st.title(one.name)",
        "st.title(pick(a, b))",
        "st.expander(_('Of {name}', name=one.name))",
        "st.pills('a', b, format_func=lambda one: f'{one.name} x')",
        "left.button('a', help=one.title)",
    ],
)
def test_one_that_did_would_be_found(code: str) -> None:
    assert any(is_record_text(node) for node in drawn_as_markdown(ast.parse(code)))


@given(st.text())
def test_every_sign_of_markdown_is_escaped(text: str) -> None:
    escaped = plain(text)
    assert not re.search(r"(?<!\\)(?:\\\\)*[!-/:-@\[\]-`{-~]", escaped.replace("\\\\", "")) and "\n" not in escaped
    assert re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", escaped).replace("\u2060", "") == " ".join(text.split()).replace(
        "\u2060", ""
    )


def test_the_page_of_a_record_with_such_a_name_shows_it_as_it_is(portal_server: Server, page: Page) -> None:
    engine = open_engine(portal_server.environment["DATABASE_URL"])
    with transaction(engine) as session:
        session.add(
            IndustrialChain(
                code="nasty", name_zh=NASTY, name_en="", tier=None, source="test", created_at=NOW, updated_at=NOW
            )
        )
    try:
        visit(page, f"{portal_server.url}/chain?code=nasty")
        title = page.get_by_role("heading", level=1)
        expect(title).to_contain_text("粗")
        assert title.inner_text().replace("\u2060", "") == NASTY
        assert title.locator("a[href^='http'], a[href^='mailto'], img, strong, em, code, b, .katex, del").count() == 0
    finally:
        with transaction(engine) as session:
            session.delete(session.get(IndustrialChain, "nasty"))
        engine.dispose()


def test_an_address_in_a_link_is_no_link_in_a_label(portal_server: Server, visitor: Callable[..., Page]) -> None:
    page = visitor()
    visit(page, f"{portal_server.url}/find?address=鼓楼区[点此](https://evil.example) https://evil.example")
    expect(page.get_by_text("鼓楼区").first).to_be_visible()
    assert page.locator("a[href^='https://evil']").count() == 0
