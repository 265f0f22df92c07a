"""One answer in the two formats of GeoReport v2, by the suffix that was asked for.

XML: no namespaces, no schema, a declaration that names UTF-8. JSON follows Spark: the outer wrapper
is dropped and containers become arrays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree as ET  # written here, never read

from flask import Response, current_app, request
from werkzeug.wrappers import Response as Answer

from portal.config import Settings

Row = dict[str, Any]
Value = str | int | float | bool | Mapping[str, "Value"] | Sequence["Value"] | None
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
# What XML 1.0 cannot carry; some of it may stand in words that were kept long ago.
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What each entry of a list is called.
_ENTRIES = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "media_urls": "media_url",
    "notes": "note",
    "photos": "photo",
    "service_request_updates": "request_update",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}


class Format(StrEnum):
    """The formats of the contract."""

    XML = "xml"
    JSON = "json"

    @property
    def content_type(self) -> str:
        """What the answer says of itself."""
        kind = "text/xml" if self is Format.XML else "application/json"
        return f"{kind}; charset=utf-8"


def wanted_format() -> Format:
    """By the suffix; without one as the caller accepts it, XML unless JSON is named."""
    suffix = _suffix()
    if suffix is not None:
        return suffix
    best = request.accept_mimetypes.best_match(("text/xml", "application/xml", "application/json"))
    return Format.JSON if best == "application/json" else Format.XML


def _suffix() -> Format | None:
    """The format that the address itself names."""
    ending = request.path.rpartition(".")[2]
    return Format(ending) if ending in set(Format) else None


def rendered(root: str, content: Value, status: int = 200) -> Response:
    """`content`, a list or an object, in the format asked for; `root` names it in XML."""
    form = wanted_format()
    body = _as_xml(root, content) if form is Format.XML else _as_json(content)
    response = Response(body, status=status, content_type=form.content_type)
    if _suffix() is None:
        response.vary.add("Accept")
    return response


def human_page() -> str:
    """Where people read how the addresses below /open311 are used."""
    settings: Settings = current_app.extensions["portal.settings"]
    return f"{settings.base_url}/open/data/api"


def unless_known(response: Response) -> Answer:
    """The answer, or a 304 when the client holds it as it is."""
    response.add_etag()
    return response.make_conditional(request)


def _as_json(content: Value) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _as_xml(root: str, content: Value) -> bytes:
    element = ET.Element(root)
    _fill(element, content)
    body: bytes = ET.tostring(element, encoding="utf-8", xml_declaration=False)
    return _DECLARATION + body


def _fill(element: ET.Element, content: Value) -> None:
    if content is None:
        return
    if isinstance(content, Mapping):
        for name, value in content.items():
            _fill(ET.SubElement(element, name), value)
    elif isinstance(content, str):
        element.text = _UNFIT.sub("", content)
    elif isinstance(content, Sequence):
        for entry in content:
            _fill(ET.SubElement(element, _ENTRIES[element.tag]), entry)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    else:
        element.text = str(content)
