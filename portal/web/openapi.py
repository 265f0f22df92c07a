"""What programs may rely on, put together as OpenAPI 3.1: each door describes its own part.

A door contributes with `bp.record_once(lambda state: openapi.contribute(state.app, part))`, where
`part` is called for every reading, so that its words come in the reader's language. Shapes that
several doors use stand here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import current_app
from flask.sansio.app import App
from flask_babel import gettext as _

from portal.config import Settings
from portal.web.city import city_name

Described = dict[str, Any]
_KEPT = "portal.openapi"


@dataclass(frozen=True)
class Part:
    """One chapter: paths as OpenAPI has them, and the schemas they refer to by name."""

    name: str
    description: str
    paths: Mapping[str, Described]
    schemas: Mapping[str, Described] = field(default_factory=dict)


@dataclass(frozen=True)
class Operation:
    """One method of a path. `name` is its operationId."""

    name: str
    summary: str
    responses: Mapping[str, Described]
    parameters: Sequence[Described] = ()
    body: Described | None = None
    description: str = ""

    def described(self, chapter: str) -> Described:
        """As OpenAPI has it."""
        found: Described = {
            "operationId": self.name,
            "summary": self.summary,
            "tags": [chapter],
            "responses": dict(self.responses),
        }
        found |= {"description": self.description} if self.description else {}
        found |= {"parameters": list(self.parameters)} if self.parameters else {}
        return found | ({"requestBody": self.body} if self.body else {})


def contribute(app: App, part: Callable[[], Part]) -> None:
    """Add a chapter."""
    app.extensions.setdefault(_KEPT, []).append(part)


def parts() -> list[Part]:
    """Every chapter, in the reader's language."""
    return [part() for part in current_app.extensions.get(_KEPT, [])]


def document() -> Described:
    """The whole description."""
    settings: Settings = current_app.extensions["portal.settings"]
    chapters = parts()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _("%(city)s 随手拍·及时查：给程序用的接口", city=city_name()),
            "version": "2026.11",
            "description": _("公开数据不用密钥。照片和文字都是审核后公开的版本。"),
            "license": {
                "name": _("数据使用说明"),
                "url": f"{settings.base_url}/about/licence",
            },
        },
        "servers": [{"url": settings.base_url}],
        "tags": [{"name": part.name, "description": part.description} for part in chapters],
        "paths": {path: item for part in chapters for path, item in part.paths.items()},
        "components": {
            "schemas": {
                **SHARED,
                **{name: schema for part in chapters for name, schema in part.schemas.items()},
            }
        },
    }


def argument(
    name: str, words: str, schema: Described | None = None, *, where: str = "query"
) -> Described:
    """A parameter; what stands in the path is required."""
    found: Described = {"name": name, "in": where, "description": words}
    found["schema"] = schema or {"type": "string"}
    return found | ({"required": True} if where == "path" else {})


def answer(words: str, **contents: Described) -> Described:
    """A response; `contents` by the short names of _TYPES: json, problem, xml, html, csv …"""
    if not contents:
        return {"description": words}
    return {
        "description": words,
        "content": {_TYPES[name]: {"schema": schema} for name, schema in contents.items()},
    }


def problem(words: str) -> Described:
    """A refusal as RFC 9457 has it."""
    return answer(words, problem=ref("Problem"))


def ref(name: str) -> Described:
    """The schema of this name."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(schema: Described) -> Described:
    """A list of them."""
    return {"type": "array", "items": schema}


def text(words: str = "") -> Described:
    """A string."""
    return {"type": "string"} | ({"description": words} if words else {})


def maybe(kind: str) -> Described:
    """A value that may be null."""
    return {"type": [kind, "null"]}


def shape(required: Mapping[str, Described], **optional: Described) -> Described:
    """An object with these members; others may follow later."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
    }


_TYPES = {
    "json": "application/json",
    "problem": "application/problem+json",
    "xml": "text/xml",
    "html": "text/html",
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "jsonld": "application/ld+json",
    "atom": "application/atom+xml",
}
SHARED: dict[str, Described] = {
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "errors", "request_id"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "request_id": {"type": "string"},
            "errors": {
                "type": "object",
                "additionalProperties": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["code", "message"],
                        "properties": {
                            "code": {"type": "string"},
                            "message": {"type": "string"},
                        },
                    },
                },
            },
        },
    }
}
