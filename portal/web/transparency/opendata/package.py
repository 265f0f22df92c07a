"""The CSV described for programs: a Frictionless Data Package with a Table Schema."""

from __future__ import annotations

import json
from typing import Any

from portal.web.transparency.opendata import wording
from portal.web.transparency.opendata.columns import COLUMNS, Column


def datapackage(base_url: str, source: str) -> str:
    """The descriptor as JSON; its one resource lies where the CSV is served."""
    resource: dict[str, Any] = {
        "name": "reports",
        "title": wording.TITLE,
        "path": f"{base_url}/open/data/reports.csv",
        "profile": "tabular-data-resource",
        "scheme": base_url.partition(":")[0],
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
        "schema": {
            "fields": [_field(column) for column in COLUMNS],
            "primaryKey": "service_request_id",
            "missingValues": [""],
        },
    }
    package = {
        "profile": "tabular-data-package",
        "name": "suishoupai-reports",
        "title": wording.titled(source),
        "description": wording.ABOUT,
        "homepage": f"{base_url}/open/data",
        "licenses": [{"title": wording.RIGHTS, "path": f"{base_url}/about/licence"}],
        "sources": [{"title": source, "path": f"{base_url}/open"}],
        "resources": [resource],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": column.type,
        "title": column.title,
        "description": wording.since(column.about, column.since),
    }
    if column.type == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.name == "service_request_id":
        field["constraints"] = {"required": True, "unique": True}
    return field
