"""The documents of the interface as pages for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from portal.api.ogc.answer import Answer
from portal.api.ogc.asking import Asking
from portal.api.ogc.items_question import ItemsQuestion
from portal.api.ogc.links import HTML, Link, address, with_parameters
from portal.api.ogc.openapi import document as openapi_document
from portal.api.ogc.selection import Selected
from portal.plain_page import plain_document
from stations.answers.columns import in_words
from stations.features.collection import Collection
from stations.features.collections import COLLECTIONS
from stations.features.properties import Property
from stations.features.snapshot import Snapshot
from stations.language import Language

COLUMNS = 6
"""Of a page of features; a feature's own page has all."""


def draw(asked: Asking, template: str, headers: Mapping[str, str] | None = None, **values: Any) -> Answer:
    """Return a page from a template of ``portal/templates``."""
    others = {"lang": "zh_CN" if asked.language.code == "en" else "en"}
    other = with_parameters(str(asked.request.url.path), {**asked.written, **others})
    page = plain_document(
        asked.language,
        template,
        base=asked.base,
        carried=asked.carried,
        address=lambda *parts, **more: address(asked.base, *parts, **{**asked.carried, **more}),
        other_language=other,
        **values,
    )
    said = {"Content-Security-Policy": page.policy, "Content-Language": asked.language.tag}
    return Answer(page.html.encode(), HTML, {**said, **(headers or {})})


def features_page(
    asked: Asking,
    snapshot: Snapshot,
    question: ItemsQuestion,
    found: Selected,
    links: Sequence[Link],
    headers: Mapping[str, str],
) -> Answer:
    """Return a page with a table of features."""
    shown = _telling(snapshot.collection)
    rows = [
        (
            snapshot.ids[row],
            [said(one, snapshot.columns[one.name][row], asked.language) for one in shown],
        )
        for row in found.rows
    ]
    turns = {one["rel"]: one["href"] for one in links}
    return draw(
        asked,
        "ogc_items.html",
        headers,
        collection=snapshot.collection,
        headings=[asked.language.translate(one.title) for one in shown],
        rows=rows,
        found=found,
        turns=turns,
        as_of=asked.language.format_date(question.days.as_of) if snapshot.collection.dated else "",
    )


def feature_page(
    asked: Asking, snapshot: Snapshot, row: int, links: Sequence[Link], headers: Mapping[str, str]
) -> Answer:
    """Return a page with all properties of a feature."""
    collection, language = snapshot.collection, asked.language
    facts = [
        (language.translate(one.title), said(one, snapshot.columns[one.name][row], language))
        for one in collection.properties
    ]
    geometry = snapshot.geometries[row]
    where = geometry.representative_point() if geometry is not None else None
    name = language.pick(snapshot.columns["name"][row], snapshot.columns["name_en"][row])
    return draw(
        asked,
        "ogc_item.html",
        headers,
        collection=collection,
        name=name,
        facts=facts,
        where=f"{where.x:.5f}, {where.y:.5f}" if where is not None else "",
        turns={one["rel"]: one["href"] for one in links},
    )


def document_page(asked: Asking, title: str, content: Mapping[str, Any], name: str) -> Answer:
    """Return a page of a document: its description, what it holds, its links."""
    return draw(asked, f"ogc_{name}.html", title=title, content=content, collections=tuple(COLLECTIONS.values()))


def api_page(asked: Asking) -> Answer:
    """Return the page that explains the parameters of every address."""
    content = openapi_document(asked.base)
    parameters = content["components"]["parameters"]
    return draw(asked, "ogc_api.html", content=content, parameters=parameters)


def said(one: Property[Any], value: Any, language: Language) -> str:
    """Return the value of a property in words; "" where it is not known."""
    if value is None or value == []:
        return ""
    return str(in_words(language.translate(one.choices[value]) if one.choices else value, language))


def _telling(collection: Collection[Any]) -> Sequence[Property[Any]]:
    """Return the properties that a table shows: identifier, names, what changes from day to day, and the place."""
    wanted = ("name", "name_en", "level", "kind", "status", "stage", "stations", "city", "county", "sample")
    return [one for name in wanted if (one := collection.property(name)) is not None][:COLUMNS]
