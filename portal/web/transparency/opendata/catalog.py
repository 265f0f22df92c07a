"""The data set for catalogues: DCAT-AP as JSON-LD, and schema.org for search engines."""

from __future__ import annotations

import json
from typing import Any

from portal.web.transparency.opendata import wording

_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
}
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/CONT"
_THEME = "http://publications.europa.eu/resource/authority/data-theme/ENVI"
_LANGUAGE = "http://publications.europa.eu/resource/authority/language/ZHO"
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"
_IANA = "https://www.iana.org/assignments/media-types/"
FILES = (
    ("csv", "text/csv", "CSV"),
    ("geojson", "application/geo+json", "GEOJSON"),
    ("atom", "application/atom+xml", "ATOM"),
)
Node = dict[str, Any]


def catalog(base_url: str, source: str, organiser: str) -> str:
    """The catalogue with its one data set, as DCAT-AP 3 asks."""
    here = f"{base_url}/open/data"
    agent = {"@id": f"{base_url}/#publisher", "@type": "foaf:Agent", "foaf:name": organiser}
    return json.dumps(
        {
            "@context": _CONTEXT,
            "@id": f"{here}/catalog.jsonld",
            "@type": "dcat:Catalog",
            "dct:title": _zh(source),
            "dct:description": _zh(wording.ABOUT),
            "dct:publisher": agent,
            "dct:language": {"@id": _LANGUAGE},
            "foaf:homepage": {"@id": here, "@type": "foaf:Document"},
            "dcat:dataset": _dataset(base_url, source, agent),
            "dcat:service": _services(base_url),
        },
        ensure_ascii=False,
        indent=1,
    )


def _dataset(base_url: str, source: str, agent: Node) -> Node:
    return {
        "@id": f"{base_url}/open/data#reports",
        "@type": "dcat:Dataset",
        "dct:title": _zh(wording.titled(source)),
        "dct:description": _zh(wording.ABOUT),
        "dct:publisher": {"@id": agent["@id"]},
        "dct:language": {"@id": _LANGUAGE},
        "dct:accrualPeriodicity": {"@id": _FREQUENCY},
        "dcat:theme": {"@id": _THEME},
        "dcat:keyword": [_zh(word) for word in wording.KEYWORDS],
        "dcat:landingPage": {"@id": f"{base_url}/open/data", "@type": "foaf:Document"},
        "dcat:distribution": [_distribution(base_url, *file) for file in FILES],
    }


def _distribution(base_url: str, ending: str, media: str, code: str) -> Node:
    address = f"{base_url}/open/data/reports.{ending}"
    return {
        "@id": address,
        "@type": "dcat:Distribution",
        "dct:title": _zh(code),
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": _IANA + media, "@type": "dct:MediaType"},
        "dct:format": {"@id": _FILE_TYPE + code, "@type": "dct:MediaTypeOrExtent"},
        "dct:license": {"@id": f"{base_url}/about/licence", "@type": "dct:LicenseDocument"},
    }


def _services(base_url: str) -> list[Node]:
    """The two interfaces that serve the same cases piece by piece."""
    named = (
        (
            "OGC API Features",
            f"{base_url}/open/ogc",
            "http://www.opengis.net/def/interface/ogcapi-features",
        ),
        ("Open311 GeoReport v2", f"{base_url}/open311/v2", "http://wiki.open311.org/GeoReport_v2"),
    )
    return [
        {
            "@id": address,
            "@type": "dcat:DataService",
            "dct:title": _zh(name),
            "dcat:endpointURL": {"@id": address},
            "dcat:endpointDescription": {"@id": f"{base_url}/openapi.json"},
            "dct:conformsTo": {"@id": standard, "@type": "dct:Standard"},
            "dcat:servesDataset": {"@id": f"{base_url}/open/data#reports"},
        }
        for name, address, standard in named
    ]


def _zh(text: str) -> Node:
    return {"@value": text, "@language": "zh"}


def dataset_markup(base_url: str, source: str, organiser: str) -> Node:
    """What search engines read on the page (schema.org Dataset)."""
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{base_url}/open/data#reports",
        "name": wording.titled(source),
        "description": wording.ABOUT,
        "url": f"{base_url}/open/data",
        "license": f"{base_url}/about/licence",
        "isAccessibleForFree": True,
        "inLanguage": "zh-CN",
        "keywords": list(wording.KEYWORDS),
        "creator": {"@type": "GovernmentOrganization", "name": organiser},
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": media,
                "contentUrl": f"{base_url}/open/data/reports.{ending}",
            }
            for ending, media, _ in FILES
        ],
    }
