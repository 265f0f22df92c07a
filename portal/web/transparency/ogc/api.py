"""OGC API - Features, and what describes the data, in /openapi.json."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.web.openapi import Described, Operation, Part, answer, argument, problem, text
from portal.web.transparency.ogc.asking import FEW, MOST

CHAPTER = "OGC API Features"
_OBJECT: Described = {"type": "object"}
_ROOT = "/open/ogc"
_COLLECTION = f"{_ROOT}/collections/reports"


def part() -> Part:
    """This chapter, in the reader's language."""
    words = _("公开的污染举报，可以用GIS软件直接打开。")
    return Part(CHAPTER, words, {**_described(), **_documents(), **_features()})


def _described() -> dict[str, Described]:
    """The two documents about the data."""
    named = {
        "/open/data/datapackage.json": ("datapackage", _("列的类型和含义"), "json"),
        "/open/data/catalog.jsonld": ("catalog", _("给数据目录的说明（DCAT-AP）"), "jsonld"),
    }
    answers = {kind: {"200": answer(_("可以"), **{kind: _OBJECT})} for kind in ("json", "jsonld")}
    return {
        path: {"get": Operation(name, words, answers[kind]).described(CHAPTER)}
        for path, (name, words, kind) in named.items()
    }


def _documents() -> dict[str, Described]:
    named = {
        _ROOT: ("ogcLanding", _("给GIS软件用的接口")),
        f"{_ROOT}/conformance": ("ogcConformance", _("符合哪些标准")),
        f"{_ROOT}/collections": ("ogcCollections", _("数据集")),
        _COLLECTION: ("ogcCollection", _("公开的举报件")),
    }
    answers = {
        "200": answer(_("可以"), json=_OBJECT, html=text()),
        "400": problem(_("参数看不懂")),
    }
    return {
        path: {"get": Operation(name, words, answers, _form()).described(CHAPTER)}
        for path, (name, words) in named.items()
    }


def _features() -> dict[str, Described]:
    answers = {
        "200": answer(_("可以"), geojson={"$ref": "#/components/schemas/Features"}, html=text()),
        "400": problem(_("参数看不懂")),
    }
    items = Operation("ogcItems", _("每一件"), answers, [*_form(), *_narrowing()])
    number = argument("number", _("编号"), where="path")
    one = {
        "200": answer(_("可以"), geojson=_OBJECT, html=text()),
        "400": problem(_("参数看不懂")),
        "404": problem(_("没有公开，或者没有这一件")),
    }
    item = Operation("ogcItem", _("一件"), one, [number, *_form()])
    return {
        f"{_COLLECTION}/items": {"get": items.described(CHAPTER)},
        f"{_COLLECTION}/items/{{number}}": {"get": item.described(CHAPTER)},
    }


def _form() -> list[Described]:
    return [argument("f", _("json或html"), {"type": "string", "enum": ["json", "html"]})]


def _narrowing() -> list[Described]:
    limit: Described = {"type": "integer", "minimum": 1, "maximum": MOST, "default": FEW}
    numbers: Described = {"type": "array", "items": {"type": "number"}}
    box: Described = {"oneOf": [{**numbers, "minItems": n, "maxItems": n} for n in (4, 6)]}
    bbox = argument("bbox", _("西,南,东,北，WGS-84度"), box) | {"style": "form", "explode": False}
    return [
        bbox,
        argument("limit", _("最多几件"), limit),
        argument("bbox-crs", _("只有CRS84")),
        argument("datetime", _("收到的日子或时段，如2026-01-01/..")),
        argument("after", _("上一页给的位置")),
        argument("q", _("公开内容里的字，或者编号")),
        argument("category", _("类型代码，如 air 或 air.odor")),
        argument("town", _("镇街的区划代码")),
        argument("department", _("单位代码")),
        argument("state", _("open、closed、overdue，或者一种状态")),
    ]
