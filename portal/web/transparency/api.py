"""The public door's chapter of /openapi.json: open data and the squares of the map."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.domain.publication.conditions import Sort
from portal.web.openapi import Described, Operation, Part, answer, argument, problem, shape, text

_TEXT: Described = {"type": "string"}


def part() -> Part:
    """What is public, as files; in the reader's language."""
    words = _("公开的举报整份下载或订阅，条件和网页上的一样。")
    return Part(_chapter(), words, _paths(), {"Features": _features()})


def _chapter() -> str:
    return _("开放数据")


def _paths() -> dict[str, Described]:
    features: Described = {"$ref": "#/components/schemas/Features"}
    found = {
        "/open/data/reports.csv": Operation(
            "reportsCsv",
            _("表格（CSV，列名同Open311）"),
            {**_told(answer(_("可以"), csv=_TEXT)), **_busy()},
            [*_filters(), argument("bom", _("1：开头带BOM，给Excel"))],
        ),
        "/open/data/reports.geojson": Operation(
            "reportsGeojson",
            _("地图数据（GeoJSON）"),
            {**_told(answer(_("可以"), geojson=features)), **_busy()},
            _filters(),
        ),
        "/open/data/reports.atom": Operation(
            "reportsAtom",
            _("订阅（Atom），最近变化的在前"),
            _told(answer(_("可以"), atom=_TEXT)),
            _filters(),
        ),
        "/open/map/cells": Operation(
            "mapCells",
            _("地图上每一格有几件，合起来是全部"),
            _told(answer(_("可以"), geojson=features)),
            [
                argument("bbox", _("西,南,东,北，WGS-84度")),
                argument("zoom", _("0到18"), {"type": "integer", "minimum": 0, "maximum": 18}),
                *_filters(),
            ],
        ),
    }
    return {path: {"get": one.described(_chapter())} for path, one in found.items()}


def _busy() -> dict[str, Described]:
    """What long downloads answer besides."""
    return {"503": problem(_("整份下载的人正多，过 Retry-After 秒再来"))}


def _told(found: Described) -> dict[str, Described]:
    """What a filter is answered with."""
    return {"200": found, "304": answer(_("没有变化")), "400": problem(_("参数看不懂"))}


def _filters() -> list[Described]:
    """The public filters; a day that is none is refused, any other nonsense finds nothing."""
    day: Described = {"type": "string", "format": "date"}
    return [
        argument("q", _("公开内容里的字，或者编号")),
        argument("category", _("类型代码，如 air 或 air.odor")),
        argument("town", _("镇街的区划代码")),
        argument("department", _("单位代码")),
        argument("state", _("open、closed、overdue，或者一种状态")),
        argument("from", _("从哪天收到的起"), day),
        argument("to", _("到哪天收到的止"), day),
        argument("sort", _("怎么排"), {"type": "string", "enum": [sort.value for sort in Sort]}),
    ]


def _features() -> Described:
    feature = shape({"type": text(), "geometry": {}, "properties": {"type": "object"}})
    return shape({"type": text(), "features": {"type": "array", "items": feature}})
