"""The catalogue of the data sets: DCAT-AP as JSON-LD and Turtle, and schema.org for search engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from fastapi import APIRouter
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, XSD
from rdflib.term import Node
from starlette.requests import Request
from starlette.responses import Response

from geo.counties import county_layer
from portal.api.downloads.files import PAGE, terms_of
from portal.api.inquiry import Asked, Inquiry
from portal.api.kept_file import KeptFile, keep, kept_file, send
from portal.api.strict_route import StrictRoute
from portal.publisher import Publisher, publisher
from stations.language import N_, Bilingual
from stations.open_data.dataset import DataSet, Shape
from stations.open_data.datasets import DATASETS
from stations.open_data.formats import Format, offered
from stations.open_data.terms import NONE_SET, Terms, in_every_language
from stations.revision import current_revision

router = APIRouter(route_class=StrictRoute, tags=["catalogue"])

TITLE = N_("Open data of the quality infrastructure service stations")
DESCRIPTION = N_("The registers of stations, centres and institutions, the catalogue, and the counties with coverage.")
_EU = "http://publications.europa.eu/resource/authority/"
_MEDIA_TYPES = "http://www.iana.org/assignments/media-types/"
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_FILE_TYPES = {"geojson": "GEOJSON", "csv": "CSV", "xlsx": "XLSX", "gpkg": "GPKG"}
"""Suffix → code of the EU's list of file types, where it has one."""
SERVICES = (
    ("/api/v1", "/api/v1/openapi.json", N_("Questions and requests (JSON over HTTP)")),
    ("/hsds/", "/hsds/openapi.json", N_("Directory of services (HSDS of Open Referral)")),
    ("/ogc", "/ogc/api", N_("Counties, stations, centres and towns (OGC API – Features)")),
)
"""The interfaces that serve the same data: address, description, title."""


@dataclass(frozen=True)
class Serialization:
    """A form of the catalogue. ``name``: as rdflib knows it."""

    name: str
    media_type: str


SERIALIZATIONS = {
    "jsonld": Serialization("json-ld", "application/ld+json"),
    "ttl": Serialization("turtle", "text/turtle; charset=utf-8"),
}


def _said(message: str) -> Iterator[Literal]:
    """Yield a message in every language."""
    for language in in_every_language():
        yield Literal(language.translate(message), lang=language.tag)


def _named(name: Bilingual) -> Iterator[Literal]:
    yield Literal(name.zh, lang="zh-CN")
    if name.en:
        yield Literal(name.en, lang="en")


class _Catalogue:
    """The graph while it is built."""

    def __init__(self, terms: Terms, who: Publisher, day: date) -> None:
        self.graph = Graph()
        for prefix, namespace in (("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("vcard", _VCARD)):
            self.graph.bind(prefix, namespace)
        self._terms, self._day = terms, day
        self._base = terms.address.removesuffix(PAGE)
        self._publisher = self._agent()
        self._contact = self._contact_point(who)
        self._licence = self._licence_document()

    def _add(self, subject: Node, *pairs: tuple[URIRef, Node | Iterator[Literal]]) -> None:
        for predicate, value in pairs:
            for one in [value] if isinstance(value, Node) else value:
                self.graph.add((subject, predicate, one))

    def _agent(self) -> URIRef:
        agent = URIRef(f"{self._base}/#publisher")
        self._add(agent, (RDF.type, FOAF.Agent), (FOAF.name, _named(self._terms.publisher)))
        return agent

    def _contact_point(self, who: Publisher) -> BNode | None:
        if not (who.email or who.hotline):
            return None
        contact = BNode("contact")
        self._add(contact, (RDF.type, _VCARD.Organization), (_VCARD.fn, _named(self._terms.publisher)))
        if who.email:
            self._add(contact, (_VCARD.hasEmail, URIRef(f"mailto:{who.email}")))
        if who.hotline:
            self._add(contact, (_VCARD.hasURL, URIRef(f"{self._base}/")))
        return contact

    def _licence_document(self) -> URIRef:
        licence = self._terms.licence
        document = URIRef(licence.url if licence else f"{self._terms.address}#licence")
        self._add(document, (RDF.type, DCTERMS.LicenseDocument))
        self._add(document, (DCTERMS.title, _named(licence.name) if licence else _said(NONE_SET)))
        return document

    def whole(self) -> Graph:
        """Return the graph of the whole catalogue."""
        catalogue = URIRef(f"{self._terms.address}#catalogue")
        self._add(
            catalogue,
            (RDF.type, DCAT.Catalog),
            (DCTERMS.title, _said(TITLE)),
            (DCTERMS.description, _said(DESCRIPTION)),
            (DCTERMS.publisher, self._publisher),
            (DCTERMS.license, self._licence),
            (DCTERMS.modified, Literal(self._day, datatype=XSD.date)),
            (FOAF.homepage, URIRef(self._terms.address)),
            (DCTERMS.language, URIRef(f"{_EU}language/ZHO")),
            (DCTERMS.language, URIRef(f"{_EU}language/ENG")),
        )
        for dataset in DATASETS.values():
            self._add(catalogue, (DCAT.dataset, self._dataset(dataset)))
        for path, description, title in SERVICES:
            service = URIRef(f"{self._base}{path}")
            self._add(
                service,
                (RDF.type, DCAT.DataService),
                (DCTERMS.title, _said(title)),
                (DCAT.endpointURL, service),
                (DCAT.endpointDescription, URIRef(f"{self._base}{description}")),
                (DCTERMS.publisher, self._publisher),
                (DCTERMS.license, self._licence),
            )
            self._add(catalogue, (DCAT.service, service))
        return self.graph

    def _dataset(self, dataset: DataSet[Any]) -> URIRef:
        subject = URIRef(f"{self._terms.address}#{dataset.name}")
        self._add(
            subject,
            (RDF.type, DCAT.Dataset),
            (DCTERMS.identifier, Literal(dataset.name)),
            (DCTERMS.title, _said(dataset.title)),
            (DCTERMS.description, _said(dataset.description)),
            (DCTERMS.publisher, self._publisher),
            (DCTERMS.modified, Literal(self._day, datatype=XSD.date)),
            (DCTERMS.accrualPeriodicity, URIRef(f"{_EU}frequency/DAILY")),
            (DCTERMS.accessRights, URIRef(f"{_EU}access-right/PUBLIC")),
            (DCTERMS.spatial, self._province()),
            (DCAT.landingPage, URIRef(self._terms.address)),
            (DCAT.theme, URIRef(f"{_EU}data-theme/{'REGI' if dataset.shape is Shape.AREA else 'GOVE'}")),
            *((DCAT.keyword, _said(keyword)) for keyword in dataset.keywords),
        )
        if self._contact is not None:
            self._add(subject, (DCAT.contactPoint, self._contact))
        for form in offered(dataset):
            self._add(subject, (DCAT.distribution, self._distribution(dataset, form)))
        return subject

    def _distribution(self, dataset: DataSet[Any], form: Format) -> URIRef:
        file = URIRef(f"{self._terms.address}/{dataset.name}.{form.suffix}")
        subject = URIRef(f"{self._terms.address}#{dataset.name}-{form.suffix}")
        self._add(
            subject,
            (RDF.type, DCAT.Distribution),
            (DCTERMS.title, (Literal(f"{one}: {form.label}", lang=one.language) for one in _said(dataset.title))),
            (DCAT.accessURL, URIRef(self._terms.address)),
            (DCAT.downloadURL, file),
            (DCAT.mediaType, URIRef(_MEDIA_TYPES + form.media_type.partition(";")[0])),
            (DCTERMS.license, self._licence),
            (DCTERMS.modified, Literal(self._day, datatype=XSD.date)),
        )
        if form.suffix in _FILE_TYPES:
            self._add(subject, (DCTERMS.format, URIRef(f"{_EU}file-type/{_FILE_TYPES[form.suffix]}")))
        return subject

    def _province(self) -> BNode:
        place = BNode("province")
        west, south, east, north = county_layer().total_bounds
        box = f"POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
        wkt = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
        self._add(place, (RDF.type, DCTERMS.Location), (DCAT.bbox, Literal(box, datatype=wkt)))
        return place


def catalogue_graph(terms: Terms, who: Publisher, day: date) -> Graph:
    """Return the catalogue by DCAT-AP. ``day``: on which the files are as they are named."""
    return _Catalogue(terms, who, day).whole()


def _serialized(graph: Graph, form: Serialization) -> bytes:
    if form.name != "json-ld":
        return graph.serialize(format=form.name, encoding="utf-8")
    context = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}
    return graph.serialize(format=form.name, encoding="utf-8", context=context)


def _send(request: Request, asked: Inquiry, suffix: str) -> Response:
    form, terms, who = SERIALIZATIONS[suffix], terms_of(request), publisher()

    def make() -> KeptFile:
        content = _serialized(catalogue_graph(terms, who, asked.today), form)
        mark = sha256(repr((terms, who, asked.today, suffix)).encode()).hexdigest()[:32]
        return keep(content, mark, asked.now)

    with asked.reading() as session:
        file = kept_file(make, "catalogue", suffix, asked.today, current_revision(session), terms, who)
    return send(request, file, form.media_type, {})


@router.get("/catalogue.jsonld", operation_id="getCatalogueJsonLd", response_class=Response)
def get_json_ld(request: Request, asked: Asked) -> Response:
    """Return the catalogue by DCAT-AP as JSON-LD. 数据目录（DCAT-AP，JSON-LD）。"""
    return _send(request, asked, "jsonld")


@router.get("/catalogue.ttl", operation_id="getCatalogueTurtle", response_class=Response)
def get_turtle(request: Request, asked: Asked) -> Response:
    """Return the catalogue by DCAT-AP as Turtle. 数据目录（DCAT-AP，Turtle）。"""
    return _send(request, asked, "ttl")
