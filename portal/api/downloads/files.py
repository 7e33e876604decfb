"""The files of the data sets: each is made once for a day and a revision of the data."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import orjson
import shapely
from starlette.requests import Request

from portal.api.inquiry import Inquiry
from portal.api.kept_file import KeptFile, keep, kept_file
from portal.own_address import own_address
from portal.publisher import publisher
from portal.settings import settings
from stations.language import Bilingual
from stations.open_data.dataset import DataSet, Extract, extract
from stations.open_data.formats import Format
from stations.open_data.terms import Terms
from stations.province import portal_title
from stations.revision import current_revision

PAGE = "/downloads"


def terms_of(request: Request) -> Terms:
    """Return the terms of this installation, with the address of the page about the data."""
    who = publisher()
    name = Bilingual(who.name, who.name_en or None) if who.name else portal_title()
    return Terms(own_address(request) + PAGE, name, settings().data_licence)


def file_of(
    asked: Inquiry, terms: Terms, dataset: DataSet[object], form: Format, as_of: date, system: str
) -> KeptFile:
    """Return a data set as a file, made now or before."""
    with asked.reading() as session:

        def make() -> KeptFile:
            found = extract(session, dataset, as_of, samples=asked.samples)
            return keep(form.make(found, terms, system), _mark(found, form, terms, system), asked.now)

        revision = current_revision(session)
        return kept_file(make, dataset.name, form.suffix, system, as_of, asked.samples, revision, terms)


def _mark(found: Extract, form: Format, terms: Terms, system: str) -> str:
    """Return a hash of what a file says, which is the same on every server."""
    said = [found.names, found.rows, str(found.as_of), found.samples, form.suffix, system, repr(terms)]
    places = b"".join(shapely.to_wkb(place) for place in found.geometries if place is not None)
    return sha256(orjson.dumps(said) + places).hexdigest()[:32]
