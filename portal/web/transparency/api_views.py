"""What programs may rely on: /openapi.json, and the same as a page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, current_app, make_response, render_template, request
from flask.json import dumps
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.web import i18n, openapi
from portal.web.access import public
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp

_KINDS = {"string": "text", "array": "list"}
_SHOWN_VALUES = 8


@bp.get("/openapi.json")
@public
def openapi_document() -> ResponseReturnValue:
    """Every public door for programs, as OpenAPI 3.1; `locale=en` gives English."""
    i18n.speak(request.args.get("locale", ""))
    response = make_response(dumps(openapi.document()))
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    return response.make_conditional(request)


@bp.get("/open/data/api")
@public
def api_page() -> Response:
    """The same for people: chapter by chapter, each address with an example."""
    return cached_page(
        lambda: render_template("open/api.html", chapters=[_chapter(p) for p in openapi.parts()]),
        sheet="api",
    )


def _chapter(part: openapi.Part) -> dict[str, Any]:
    calls = [
        _call(method, path, operation)
        for path, item in part.paths.items()
        for method, operation in item.items()
    ]
    return {"name": part.name, "words": part.description, "calls": calls}


def _call(method: str, path: str, operation: openapi.Described) -> dict[str, Any]:
    """One operation: what it takes, what it answers, and how it is called from a shell."""
    content = operation.get("requestBody", {}).get("content", {})
    form: openapi.Described = next((one["schema"] for one in content.values()), {})
    asked = [_argument(one) for one in operation.get("parameters", ())]
    asked += [*_fields(form)]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "words": operation.get("description", ""),
        "asked": asked,
        "answers": [(s, a["description"]) for s, a in operation["responses"].items()],
        "example": _example(method, path, form),
    }


def _argument(one: openapi.Described) -> dict[str, Any]:
    return _asked(one["name"], one["schema"], one["description"], one.get("required", False))


def _fields(form: openapi.Described) -> Iterator[dict[str, Any]]:
    for name, schema in form.get("properties", {}).items():
        words = schema.get("description") or schema.get("items", {}).get("description", "")
        yield _asked(name, schema, words, name in form.get("required", ()))


def _asked(name: str, schema: openapi.Described, words: str, is_needed: bool) -> dict[str, Any]:
    values = schema.get("enum", [])
    return {
        "name": name,
        "kind": _kind(schema),
        "words": words,
        "is_needed": is_needed,
        "choices": values[:_SHOWN_VALUES],
        "most": schema.get("maxLength"),
    }


def _kind(schema: openapi.Described) -> str:
    """text, number, date-time, file … as a programmer reads it."""
    if schema.get("format") == "binary" or schema.get("items", {}).get("format") == "binary":
        return "file"
    kind = str(schema.get("type", "text"))
    return str(schema.get("format") or _KINDS.get(kind, kind))


def _example(method: str, path: str, form: openapi.Described) -> str:
    settings: Settings = current_app.extensions["portal.settings"]
    address = settings.base_url + path
    if method == "get":
        return f"curl '{address}'"
    needed = " ".join(f"-F '{name}=…'" for name in form.get("required", ()))
    return f"curl -H 'Accept: application/json' {needed} '{address}'"
