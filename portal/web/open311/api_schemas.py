"""The shapes of Open311 for /openapi.json: what goes out, and the forms that come in."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from portal.web.open311.updates import CONTACTS, STATUSES
from portal.web.openapi import Described, many, maybe, shape, text

_NUMBER: Described = {"type": "number"}
_FLAG: Described = {"type": "boolean"}
_MOMENT: Described = {"type": "string", "format": "date-time"}
_FILES: Described = {"type": "array", "items": {"type": "string", "format": "binary"}}


def schemas() -> dict[str, Described]:
    """By name."""
    return {
        "Open311Error": shape({"code": text(), "description": text()}),
        "Open311Discovery": _discovery(),
        "Open311Service": _service(),
        "Open311Definition": shape({"service_code": text(), "attributes": many(_attribute())}),
        "Open311Request": _request(),
        "Open311Filed": shape(
            {"service_notice": text(), "account_id": maybe("string")},
            service_request_id=text(),
            token=text(),
        ),
        "Open311Token": shape({"service_request_id": text(), "token": text()}),
        "Open311Update": _update(),
        "Open311UpdateKept": shape({"update_id": text()}),
    }


def filing_form() -> Described:
    """The body of POST requests."""
    return _form(
        shape(
            {"api_key": text(_("写入密钥")), "service_code": text(_("类型代码，如 air.odor"))},
            lat=_NUMBER,
            long=_NUMBER,
            address_string=text(_("没有坐标时，写地址")),
            address_id=text(_("镇街或村社区的区划代码")),
            description={"type": "string", "maxLength": 4000},
            first_name=text(),
            last_name=text(),
            phone=text(_("姓名、电话、邮箱单独加密保存，从不公开")),
            email=text(),
            media_url=many(text()),
            **{"attribute[CODE]": text(_("CODE 换成问题的代码"))},
        )
    )


def telling_form() -> Described:
    """The body of POST servicerequestupdates."""
    return _form(
        shape(
            {
                **{name: text() for name in ("api_key", "update_id", "service_request_id")},
                "status": {"type": "string", "enum": sorted(STATUSES)},
                "updated_datetime": _MOMENT,
                "description": {"type": "string", "maxLength": 4000, "minLength": 1},
            },
            title=text(),
            media_url=many(text()),
            **dict.fromkeys(CONTACTS, text(_("不保存；只有提交举报时给的才加密保存"))),
        )
    )


def _form(plain: Described) -> Described:
    with_files = {**plain, "properties": {**plain["properties"], "media": _FILES}}
    return {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {"schema": plain},
            "multipart/form-data": {"schema": with_files},
        },
    }


def _discovery() -> Described:
    endpoint: dict[str, Any] = {
        **{name: text() for name in ("specification", "url", "changeset")},
        "type": {"type": "string", "enum": ["production", "test"]},
        "formats": many(text()),
    }
    named = {name: text() for name in ("changeset", "contact", "key_service")}
    return shape({**named, "endpoints": many(shape(endpoint))})


def _service() -> Described:
    return shape(
        {
            **{name: text() for name in ("service_code", "service_name", "description")},
            "metadata": _FLAG,
            "type": {"type": "string", "enum": ["realtime"]},
            "keywords": text(),
            "group": text(),
        }
    )


def _attribute() -> Described:
    return shape(
        {
            **{name: text() for name in ("code", "datatype_description", "description")},
            "variable": _FLAG,
            "required": _FLAG,
            "datatype": {"type": "string", "enum": ["singlevaluelist", "text"]},
            "order": {"type": "integer", "minimum": 1},
            "values": many(shape({"key": text(), "name": text()})),
        }
    )


def _request() -> Described:
    certain = {name: text() for name in ("service_request_id", "service_name", "service_code")}
    empty = ("status_notes", "description", "agency_responsible", "service_notice", "address")
    return shape(
        {
            **certain,
            "status": {"type": "string", "enum": ["open", "closed"]},
            **{name: maybe("string") for name in (*empty, "address_id", "zipcode", "media_url")},
            "requested_datetime": _MOMENT,
            "updated_datetime": _MOMENT,
            "expected_datetime": {"type": ["string", "null"], "format": "date-time"},
            "lat": maybe("number"),
            "long": maybe("number"),
        },
        extended_attributes={"type": "object"},
        attributes=many({"type": "object"}),
        notes=many({"type": "object"}),
    )


def _update() -> Described:
    certain = ("update_id", "service_request_id", "status", "description", "external_status_code")
    return shape(
        {
            **{name: text() for name in certain},
            "updated_datetime": _MOMENT,
            "media_url": maybe("string"),
        }
    )
