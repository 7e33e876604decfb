"""The catalogue of the data sets in the words of schema.org, for search engines."""

from __future__ import annotations

from datetime import date
from typing import Any

from geo.counties import county_layer
from portal.api.downloads.catalogue import DESCRIPTION, TITLE
from stations.language import Language
from stations.open_data.dataset import DataSet
from stations.open_data.datasets import DATASETS
from stations.open_data.formats import offered
from stations.open_data.terms import Terms, in_every_language
from stations.province import portal_title


def for_search_engines(terms: Terms, day: date, language: Language) -> dict[str, Any]:
    """Return the catalogue as JSON-LD, to be put into the page."""
    say = language.translate
    return {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "name": say(TITLE),
        "description": say(DESCRIPTION),
        "url": terms.address,
        "provider": _publisher(terms, language),
        "inLanguage": [one.tag for one in in_every_language()],
        "isPartOf": {"@type": "WebSite", "name": language.pick(*portal_title())},
        "license": _licence(terms),
        "dataset": [_dataset(dataset, terms, day, language) for dataset in DATASETS.values()],
    }


def _publisher(terms: Terms, language: Language) -> dict[str, str]:
    return {"@type": "Organization", "name": language.pick(*terms.publisher)}


def _licence(terms: Terms) -> str:
    return terms.licence.url if terms.licence else f"{terms.address}#licence"


def _dataset(dataset: DataSet[Any], terms: Terms, day: date, language: Language) -> dict[str, Any]:
    west, south, east, north = county_layer().total_bounds
    address = f"{terms.address}#{dataset.name}"
    return {
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": language.translate(dataset.title),
        "description": language.translate(dataset.description),
        "keywords": [language.translate(keyword) for keyword in dataset.keywords],
        "creator": _publisher(terms, language),
        "license": _licence(terms),
        "isAccessibleForFree": True,
        "dateModified": day.isoformat(),
        "spatialCoverage": {"@type": "Place", "geo": {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}},
        "variableMeasured": [field.name for field in dataset.fields],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": form.media_type.partition(";")[0],
                "contentUrl": f"{terms.address}/{dataset.name}.{form.suffix}",
            }
            for form in offered(dataset)
        ],
    }
