"""The page about the data that everybody may download: ``/downloads``."""

from __future__ import annotations

import json

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from portal import language
from portal.api.downloads import interface
from portal.api.downloads.catalogue import DESCRIPTION, TITLE
from portal.api.downloads.files import PAGE, terms_of
from portal.api.downloads.search_engines import for_search_engines
from portal.language import other_languages
from portal.plain_page import plain_page
from portal.publisher import publisher
from portal.storage import domain_settings
from stations import clock
from stations.language import day_in_china
from stations.open_data.datasets import DATASETS
from stations.open_data.formats import offered
from stations.open_data.terms import NONE_SET


def _page(request: Request) -> Response:
    spoken, terms, today = language.of_request(request), terms_of(request), day_in_china(clock.now())
    catalogue = json.dumps(for_search_engines(terms, today, spoken), ensure_ascii=False).replace("<", "\\u003c")
    return plain_page(
        request,
        "downloads.html",
        page=PAGE,
        title=spoken.translate(TITLE),
        lead=spoken.translate(DESCRIPTION),
        today=spoken.format_date(today),
        samples=domain_settings().samples,
        datasets=[(dataset, offered(dataset)) for dataset in DATASETS.values()],
        licence=terms.licence,
        licence_name=spoken.pick(*terms.licence.name) if terms.licence else spoken.translate(NONE_SET),
        publisher=spoken.pick(publisher().name, publisher().name_en),
        other_languages=other_languages(spoken, PAGE),
        catalogue=Markup(catalogue),
    )


routes: list[BaseRoute] = [Route(PAGE, _page), Mount(PAGE, interface.api)]
