"""The catalogues are whole, and pages speak the visitor's language."""

from __future__ import annotations

from collections.abc import Callable
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect

from portal.language import language_url, speak
from portal.own_path import is_own_path
from stations.language import LANGUAGES, STATIONS_CATALOGUE, Catalogue
from tests.portal.conftest import Server
from tests.tools.update_messages import ROOMS, messages_in


def catalogue_of(catalogue: Catalogue, code: str) -> Catalog:
    with catalogue.path(code).open("rb") as file:
        return read_po(file, locale=code, domain=catalogue.domain)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def as_tuple(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_every_message_is_translated(room: str, code: str) -> None:
    catalogue = catalogue_of(ROOMS[room], code)
    missing = []
    for message, file in messages_in(room).items():
        entry = catalogue.get(as_tuple(message)[0])
        if entry is None or entry.fuzzy or not all(as_tuple(entry.string)):
            missing.append(f"{file}: {message}")
    assert not missing, f"without {code} (run `make messages`, then translate):\n" + "\n".join(missing)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_translations_keep_the_placeholders(room: str, code: str) -> None:
    for entry in catalogue_of(ROOMS[room], code):
        wanted = placeholders(as_tuple(entry.id)[-1])
        for translation in as_tuple(entry.string):
            assert placeholders(translation) == wanted, f"{entry.id!r} → {translation!r}"


@pytest.mark.parametrize("room", ROOMS)
def test_no_translation_is_left_over(room: str) -> None:
    catalogue = catalogue_of(ROOMS[room], "zh_CN")
    used = {as_tuple(message)[0] for message in messages_in(room)}
    left_over = {as_tuple(entry.id)[0] for entry in catalogue if entry.id} - used
    assert not left_over
    assert not catalogue.obsolete


def test_the_portal_speaks_the_domains_messages_too() -> None:
    entry = next(entry for entry in catalogue_of(STATIONS_CATALOGUE, "zh_CN") if isinstance(entry.id, str) and entry.id)
    assert speak("zh_CN").translate(entry.id) == entry.string


def test_a_message_of_both_rooms_says_the_same_in_both() -> None:
    ours, theirs = (catalogue_of(ROOMS[room], "zh_CN") for room in ("portal", "stations"))
    shared = {entry.id for entry in ours if isinstance(entry.id, str) and entry.id} & {entry.id for entry in theirs}
    # The portal's catalogue is looked up first: a word of its own would replace the domain's.
    differing = {message: (ours[message].string, theirs[message].string) for message in shared}
    assert not {message: pair for message, pair in differing.items() if pair[0] != pair[1]}


def test_language_links_come_back_to_the_page() -> None:
    assert language_url("en", "/station?code=A&b=1") == "/language/en?next=%2Fstation%3Fcode%3DA%26b%3D1"


@pytest.mark.parametrize("path", ["/", "/coverage", "/station?code=JS-1#map", "/找服务"])
def test_pages_of_ours_are_own_paths(path: str) -> None:
    assert is_own_path(path)


def test_a_choice_outlasts_the_page_and_beats_the_browser(
    visitor: Callable[..., Page], serve: Callable[..., Server]
) -> None:
    server = serve("-m", "tests.tools.serve_script", "tests/portal/served/language_page.py")
    page = visitor(locale="en-GB")
    page.goto(server.url)
    expect(page.get_by_text("speaks en 24 November 2026")).to_be_visible(timeout=30_000)
    page.goto(server.url + language_url("zh_CN", "/"))
    expect(page.get_by_text("speaks zh_CN 2026年11月24日")).to_be_visible(timeout=30_000)
    page.goto(server.url)
    expect(page.get_by_text("speaks zh_CN 2026年11月24日")).to_be_visible(timeout=30_000)
    german = visitor(locale="de-DE")
    german.goto(server.url)
    expect(german.get_by_text("speaks zh_CN")).to_be_visible(timeout=30_000)
