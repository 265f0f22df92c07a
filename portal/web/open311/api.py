"""The Open311 door's chapter of /openapi.json: the JSON side of both formats."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from portal.web.open311.door import BASE
from portal.web.openapi import (
    Described,
    Operation,
    Part,
    answer,
    argument,
    many,
    maybe,
    ref,
    shape,
    text,
)

CHAPTER = "Open311"
_NUMBER: Described = {"type": "number"}
_FLAG: Described = {"type": "boolean"}


def part() -> Part:
    """GeoReport v2, in the reader's language."""
    words = _("Open311 GeoReport v2。地址以 .json 结尾；换成 .xml 就是 XML。")
    return Part(CHAPTER, words, _paths(), _schemas())


def _paths() -> dict[str, Described]:
    gets = {
        "/open311/discovery.json": Operation(
            "open311Discovery", _("入口在哪里"), _answers(ref("Open311Discovery"))
        ),
        f"{BASE}/services.json": Operation(
            "open311Services",
            _("能举报哪些污染"),
            _answers(many(ref("Open311Service"))),
            [_locale(), _jurisdiction()],
        ),
        f"{BASE}/services/{{service_code}}.json": Operation(
            "open311Service",
            _("一类污染要另外问什么"),
            _answers(ref("Open311Definition")),
            [argument("service_code", _("类型代码，如 air.odor"), where="path"), _locale()],
        ),
        f"{BASE}/requests.json": Operation(
            "open311Requests",
            _("公开的举报，最新的在前"),
            _answers(many(ref("Open311Request"))),
            _query(),
        ),
        f"{BASE}/requests/{{service_request_id}}.json": Operation(
            "open311Request",
            _("公开的一件"),
            _answers(many(ref("Open311Request"))),
            [
                argument("service_request_id", _("受理编号"), where="path"),
                argument("extensions", _("true：连同照片、公开经过"), {"type": "string"}),
                _locale(),
            ],
        ),
    }
    return {path: {"get": one.described(CHAPTER)} for path, one in gets.items()}


def _answers(schema: Described) -> dict[str, Described]:
    refused = many(ref("Open311Error"))
    return {
        "200": answer(_("可以"), json=schema),
        "400": answer(_("参数看不懂"), json=refused),
        "404": answer(_("没有，或没有公开"), json=refused),
        "429": answer(_("太频繁"), json=refused),
    }


def _locale() -> Described:
    return argument("locale", _("en：英文；不填：中文"), {"type": "string", "enum": ["zh", "en"]})


def _jurisdiction() -> Described:
    return argument("jurisdiction_id", _("只有一个辖区，可以不填"))


def _query() -> list[Described]:
    moment = {"type": "string", "format": "date-time"}
    return [
        argument("service_request_id", _("编号，可用逗号列多个；给了就不看其他条件")),
        argument("service_code", _("类型代码，可用逗号列多个")),
        argument("status", _("open 或 closed，可用逗号列多个")),
        argument("start_date", _("从哪天收到的起"), moment),
        argument("end_date", _("到哪天收到的止，和 start_date 最多相隔90天"), moment),
        argument("updated_after", _("这以后有变化的"), moment),
        argument("updated_before", _("这以前有变化的"), moment),
        argument("bbox", _("西,南,东,北，WGS-84度")),
        argument("lat", _("纬度，和 long、radius 一起"), _NUMBER),
        argument("long", _("经度"), _NUMBER),
        argument("radius", _("米，默认1000"), _NUMBER),
        argument("q", _("公开内容里的字")),
        argument("page", _("第几页，从1起"), {"type": "integer", "minimum": 1}),
        argument("page_size", _("每页几件，默认和最多1000"), {"type": "integer", "minimum": 1}),
        argument("extensions", _("true：连同照片、公开经过")),
        _locale(),
        _jurisdiction(),
    ]


def _schemas() -> dict[str, Described]:
    attribute = shape(
        {
            **{name: text() for name in ("code", "datatype_description", "description")},
            "variable": _FLAG,
            "required": _FLAG,
            "datatype": {"type": "string", "enum": ["singlevaluelist", "text"]},
            "order": {"type": "integer", "minimum": 1},
            "values": many(shape({"key": text(), "name": text()})),
        }
    )
    endpoint: dict[str, Any] = {
        **{name: text() for name in ("specification", "url", "changeset")},
        "type": {"type": "string", "enum": ["production", "test"]},
        "formats": many(text()),
    }
    return {
        "Open311Error": shape({"code": text(), "description": text()}),
        "Open311Discovery": shape(
            {
                **{name: text() for name in ("changeset", "contact", "key_service")},
                "endpoints": many(shape(endpoint)),
            }
        ),
        "Open311Service": shape(
            {
                **{name: text() for name in ("service_code", "service_name", "description")},
                "metadata": _FLAG,
                "type": {"type": "string", "enum": ["realtime"]},
                "keywords": text(),
                "group": text(),
            }
        ),
        "Open311Definition": shape({"service_code": text(), "attributes": many(attribute)}),
        "Open311Request": _request(),
    }


def _request() -> Described:
    moment = {"type": "string", "format": "date-time"}
    certain = {name: text() for name in ("service_request_id", "service_name", "service_code")}
    empty = ("status_notes", "description", "agency_responsible", "service_notice", "address")
    return shape(
        {
            **certain,
            "status": {"type": "string", "enum": ["open", "closed"]},
            **{name: maybe("string") for name in (*empty, "address_id", "zipcode", "media_url")},
            "requested_datetime": moment,
            "updated_datetime": moment,
            "expected_datetime": {"type": ["string", "null"], "format": "date-time"},
            "lat": maybe("number"),
            "long": maybe("number"),
        },
        extended_attributes={"type": "object"},
        attributes=many({"type": "object"}),
        notes=many({"type": "object"}),
    )
