"""Cases written out as CSV, GeoJSON and Atom, piece by piece."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from portal.core.text import inert
from portal.web.transparency.opendata import wording
from portal.web.transparency.opendata.columns import COLUMNS, NAMES
from portal.web.transparency.opendata.records import Record, stamp

BOM = "\ufeff"
_PIECE = 200  # rows for one write to the network
_ATOM, _GEORSS = "http://www.w3.org/2005/Atom", "http://www.georss.org/georss"
_NO_PROPERTY = frozenset({"lat", "long"})
_TEXTS = frozenset(c.name for c in COLUMNS if c.type == "string")


def as_csv(records: Iterable[Record]) -> Iterator[str]:
    """RFC 4180: a header, CRLF, quotes where needed; no cell starts a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(NAMES)
    for count, record in enumerate(records, 1):
        writer.writerow([_cell(name, record[name]) for name in NAMES])
        if count % _PIECE == 0:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return inert(value) if name in _TEXTS else str(value)


def as_geojson(records: Iterable[Record], head: dict[str, Any]) -> Iterator[str]:
    """RFC 7946: a FeatureCollection; a case whose place is not public has no geometry."""
    yield json.dumps({"type": "FeatureCollection", **head}, ensure_ascii=False)[:-1]
    yield ', "features": ['
    pieces: list[str] = []
    lead = "\n"
    for record in records:
        pieces.append(lead + json.dumps(feature(record), ensure_ascii=False))
        lead = ",\n"
        if len(pieces) == _PIECE:
            yield "".join(pieces)
            pieces.clear()
    yield "".join(pieces) + "\n]}\n"


def feature(record: Record) -> dict[str, Any]:
    """A case as a GeoJSON feature."""
    point = None
    if record["lat"] is not None:
        point = {"type": "Point", "coordinates": [record["long"], record["lat"]]}
    properties = {name: record[name] for name in NAMES if name not in _NO_PROPERTY}
    number = record["service_request_id"]
    return {"type": "Feature", "id": number, "geometry": point, "properties": properties}


def as_atom(records: Iterable[Record], feed: dict[str, str], at: datetime) -> str:
    """RFC 4287 with GeoRSS Simple; `feed` holds title, self, page, author, licence and tag."""
    entries = list(records)
    root = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-CN"})
    updated = max((record["updated_datetime"] for record in entries), default=stamp(at))
    for name, text in (("id", feed["self"]), ("title", feed["title"]), ("updated", updated)):
        _add(root, name, text)
    _add(_add(root, "author"), "name", feed["author"])
    _add(root, "link", rel="self", type="application/atom+xml", href=feed["self"])
    _add(root, "link", rel="alternate", type="text/html", href=feed["page"])
    _add(root, "link", rel="license", href=feed["licence"])
    _add(root, "rights", wording.RIGHTS)
    for record in entries:
        _entry(root, record, feed["tag"])
    ET.register_namespace("", _ATOM)
    ET.register_namespace("georss", _GEORSS)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode")


def _entry(root: ET.Element, record: Record, tag: str) -> None:
    entry = _add(root, "entry")
    number = record["service_request_id"]
    _add(entry, "id", f"{tag}:{number}")
    _add(entry, "title", headline(record))
    _add(entry, "updated", record["updated_datetime"])
    _add(entry, "published", f"{record['requested_datetime']}T00:00:00+08:00")
    _add(entry, "link", rel="alternate", type="text/html", href=record["url"])
    _add(entry, "category", term=record["service_code"], label=record["service_name"])
    words = [record["status_description"], record["status_notes"], record["description"]]
    _add(entry, "summary", "。".join(word.rstrip("。") for word in words if word) + "。")
    for name in ("photo_before", "photo_after"):
        if record[name]:
            _add(entry, "link", rel="enclosure", type="image/jpeg", href=record[name])
    if record["lat"] is not None:
        point = ET.SubElement(entry, f"{{{_GEORSS}}}point")
        point.text = f"{record['lat']} {record['long']}"


def headline(record: Record) -> str:
    """东河镇·排污口：已公开."""
    kind = record["service_subtype"] or record["service_name"]
    where = [word for word in (record["address"], kind) if word]
    return f"{'·'.join(where)}：{record['status_description']}"


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if text:
        child.text = text
    return child
