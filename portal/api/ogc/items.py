"""Pages of features, and single ones, as GeoJSON (RFC 7946)."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import orjson

from portal.api.ogc.answer import Answer
from portal.api.ogc.asking import Asking
from portal.api.ogc.items_question import ItemsQuestion
from portal.api.ogc.links import GEOJSON, HTML, JSON, Link, address, header_of, link, with_parameters
from portal.api.ogc.selection import Selected
from stations.features.collection import Collection
from stations.features.reference_systems import ReferenceSystem
from stations.features.snapshot import Snapshot
from stations.language import N_

_PAGING = frozenset({"offset", "after", "before", "f"})


def page_links(asked: Asking, collection: Collection[Any], found: Selected) -> list[Link]:
    """Return the links of a page of features; those to other pages keep every parameter."""
    path = address(asked.base, "collections", collection.id, "items")
    say = asked.language.translate
    kept = {name: value for name, value in asked.written.items() if name not in _PAGING}
    here = {name: value for name, value in asked.written.items() if name != "f"}
    forms = {"json": GEOJSON, "html": HTML}
    titles = {"json": N_("This document as GeoJSON"), "html": N_("This document as a page")}
    links = [
        link(
            with_parameters(path, {**here, "f": form}),
            "self" if form == asked.form else "alternate",
            media_type,
            say(titles[form]),
        )
        for form, media_type in forms.items()
    ]
    turns = (("next", "after", found.after, N_("Next page")), ("prev", "before", found.before, N_("Page before")))
    for rel, name, identifier, title in turns:
        if identifier is not None:
            turned = with_parameters(path, {**kept, name: identifier, "f": asked.form})
            links.append(link(turned, rel, forms[asked.form], say(title)))
    described = address(asked.base, "collections", collection.id, **asked.carried)
    return [*links, link(described, "collection", JSON, say(collection.title))]


def feature_collection(
    asked: Asking, snapshot: Snapshot, question: ItemsQuestion, found: Selected
) -> Answer:
    """Return a page of features."""
    links = page_links(asked, snapshot.collection, found)
    texts = [snapshot.text(row, question.crs.lat_first) for row in found.rows]
    features = b"[" + b"},".join(texts) + (b"}" if texts else b"") + b"]"
    counts = {"numberMatched": found.matched, "numberReturned": len(found.rows)}
    head = b'{"type":"FeatureCollection","links":' + orjson.dumps(links) + b"," + orjson.dumps(counts)[1:-1]
    stamp = b',"timeStamp":"' + _moment(asked) + b'"'
    return Answer(
        b"".join((head, stamp, b',"features":', features, b"}")),
        GEOJSON,
        headers_of(asked, links, question.crs),
        stable=(head, features),
    )


def feature(asked: Asking, snapshot: Snapshot, row: int, crs: ReferenceSystem) -> Answer:
    """Return one feature."""
    links = feature_links(asked, snapshot.collection, snapshot.ids[row])
    body = snapshot.text(row, crs.lat_first) + b',"links":' + orjson.dumps(links) + b"}"
    return Answer(body, GEOJSON, headers_of(asked, links, crs))


def feature_links(asked: Asking, collection: Collection[Any], identifier: str) -> list[Link]:
    """Return the links of a feature."""
    path = address(asked.base, "collections", collection.id, "items", identifier)
    here = {name: value for name, value in asked.written.items() if name != "f"}
    forms = {"json": (GEOJSON, N_("This document as GeoJSON")), "html": (HTML, N_("This document as a page"))}
    return [
        *(
            link(
                with_parameters(path, {**here, "f": form}),
                "self" if form == asked.form else "alternate",
                media_type,
                asked.language.translate(title),
            )
            for form, (media_type, title) in forms.items()
        ),
        link(
            address(asked.base, "collections", collection.id, **asked.carried),
            "collection",
            JSON,
            asked.language.translate(collection.title),
        ),
    ]


def headers_of(asked: Asking, links: list[Link], crs: ReferenceSystem) -> dict[str, str]:
    """Return the headers of an answer with features."""
    return {**header_of(links), "Content-Crs": f"<{crs.uri}>", "Content-Language": asked.language.tag}


def _moment(asked: Asking) -> bytes:
    return asked.inquiry.now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z").encode()
