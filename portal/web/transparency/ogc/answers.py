"""The documents of OGC API - Features (17-069r4): landing, conformance, collection, items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from portal.web.transparency.ogc.asking import CRS84
from portal.web.transparency.opendata.formats import feature
from portal.web.transparency.opendata.records import Record, stamp

JSON, HTML, GEOJSON = "application/json", "text/html", "application/geo+json"
COLLECTION = "reports"
_SPEC = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
_OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
Document = dict[str, Any]


class Links:
    """Addresses below /open/ogc, as the documents name each other."""

    def __init__(self, base_url: str) -> None:
        self.site = base_url
        self.root = f"{base_url}/open/ogc"
        self.collection = f"{self.root}/collections/{COLLECTION}"

    def pair(self, href: str, kind: str = JSON, **query: str) -> list[Document]:
        """A document and the same as a page."""
        return [
            link("self", href, kind, _("这份文档"), **query),
            link("alternate", href, HTML, _("同样内容的网页"), **{**query, "f": "html"}),
        ]


def link(rel: str, href: str, kind: str, title: str, **query: str) -> Document:
    """A link; `query` is put behind its address."""
    given = {name: value for name, value in query.items() if value}
    whole = f"{href}?{urlencode(given)}" if given else href
    return {"rel": rel, "href": whole, "type": kind, "title": title}


def landing(links: Links, title: str) -> Document:
    """Where everything begins."""
    return {
        "title": title,
        "description": _("公开的污染举报，可以用GIS软件直接打开。"),
        "links": [
            *links.pair(links.root),
            link("service-desc", f"{links.site}/openapi.json", _OPENAPI, _("接口说明")),
            link("service-doc", f"{links.site}/open/data", HTML, _("数据说明")),
            link("conformance", f"{links.root}/conformance", JSON, _("符合哪些标准")),
            link("data", f"{links.root}/collections", JSON, _("数据集")),
        ],
    }


def conformance(links: Links) -> Document:
    """What of the standard holds here."""
    classes = [_SPEC + name for name in ("core", "html", "geojson")]
    return {"conformsTo": classes, "links": links.pair(f"{links.root}/conformance")}


def collections(links: Links, box: list[float] | None) -> Document:
    """All there is: one collection."""
    found = links.pair(f"{links.root}/collections")
    return {"links": found, "collections": [collection(links, box)]}


def collection(links: Links, box: list[float] | None) -> Document:
    """The cases, where they lie, and where their items are; `box` is west, south, east, north."""
    items = f"{links.collection}/items"
    extent: Document = {"temporal": {"interval": [[None, None]]}}
    if box:
        extent["spatial"] = {"bbox": [box], "crs": CRS84}
    return {
        "id": COLLECTION,
        "title": _("公开的举报件"),
        "description": _("受理了的每一件；公开了结果的有取整后的位置，其他的没有位置。"),
        "itemType": "feature",
        "crs": [CRS84],
        "extent": extent,
        "links": [
            *links.pair(links.collection),
            link("items", items, GEOJSON, _("每一件")),
            link("items", items, HTML, _("每一件"), f="html"),
            link("license", f"{links.site}/about/licence", HTML, _("使用许可")),
            link("enclosure", f"{links.site}/open/data/reports.geojson", GEOJSON, _("整份下载")),
        ],
    }


def items(
    links: Links, records: Iterable[Record], asked: Mapping[str, str], after: str, at: datetime
) -> Document:
    """A page of cases; `after` is the cursor behind it, empty on the last one."""
    href, query = f"{links.collection}/items", {n: v for n, v in asked.items() if n != "f"}
    found = [feature(record) for record in records]
    ways = links.pair(href, GEOJSON, **query)
    if after:
        ways.append(link("next", href, GEOJSON, _("下一页"), **{**query, "after": after}))
    return {
        "type": "FeatureCollection",
        "features": found,
        "numberReturned": len(found),
        "timeStamp": stamp(at),
        "links": ways,
    }


def item(links: Links, record: Record) -> Document:
    """One case."""
    href = f"{links.collection}/items/{record['service_request_id']}"
    ways = [
        *links.pair(href, GEOJSON),
        link("collection", links.collection, JSON, _("数据集")),
        link("canonical", record["url"], HTML, _("这一件的公开页面")),
    ]
    return {**feature(record), "links": ways}
