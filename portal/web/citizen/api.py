"""The residents' door's chapter of /openapi.json: filing over HTTP."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.core.geo import Crs
from portal.domain.reports.photos import MOST_PHOTOS
from portal.web.citizen import forms, places
from portal.web.openapi import (
    Described,
    Operation,
    Part,
    answer,
    argument,
    many,
    maybe,
    problem,
    ref,
    shape,
    text,
)

_NUMBER: Described = {"type": "number"}
_WHOLE: Described = {"type": "integer"}
_MOMENT: Described = {"type": "string", "format": "date-time"}
_FILE: Described = {"type": "string", "format": "binary"}
_MULTIPART = "multipart/form-data"


def part() -> Part:
    """Filing, in the reader's language."""
    words = _("直接举报：和网页上的表单一样，不用密钥。带上 Accept: application/json。")
    return Part(_chapter(), words, _paths(), _schemas())


def _chapter() -> str:
    return _("我要举报")


def _paths() -> dict[str, Described]:
    found = {
        "/report/schema.json": {
            "get": Operation(
                "filingSchema",
                _("类型、字数、同意书版本、能收的格式"),
                {"200": answer(_("可以"), json={"type": "object"})},
            )
        },
        "/report/token": {
            "get": Operation(
                "filingToken",
                _("领一个表单令牌，24小时内用一次；带 Idempotency-Key 就不用领"),
                {"200": answer(_("可以"), json=ref("FormToken")), "429": _refused(_("太频繁"))},
            )
        },
        "/report": {"post": _filing()},
        "/report/photos": {"post": _photo()},
    }
    return {
        path: {method: one.described(_chapter()) for method, one in item.items()}
        for path, item in found.items()
    }


def _filing() -> Operation:
    return Operation(
        "file",
        _("举报一件"),
        {
            "201": answer(_("收到了，这是回执"), json=ref("Receipt")),
            "303": answer(_("给浏览器：转到回执页")),
            "400": _refused(_("不是表单")),
            "403": _refused(_("从别的网站提交")),
            "409": _refused(_("同一个 Idempotency-Key，内容却不一样")),
            "413": _refused(_("内容太大")),
            "422": _refused(_("有几处要改，errors 里逐项说明")),
            "429": _refused(_("太频繁：等 Retry-After，或者解开 challenge 再交")),
            "503": _refused(_("系统正忙，稍后再交")),
            "507": _refused(_("存储空间不足")),
        },
        [_idempotency()],
        body={"required": True, "content": {_MULTIPART: {"schema": _form()}}},
    )


def _photo() -> Operation:
    fields = shape({"photo": _FILE}, upload_token=text(_("补到已经提交的一件")))
    return Operation(
        "sendPhoto",
        _("先传一张照片，得到的 id 放进 photo_ids"),
        {
            "201": answer(_("收到了"), json=ref("PhotoKept")),
            "403": problem(_("从别的网站提交")),
            "404": problem(_("没有，或没有公开")),
            "409": problem(_("同一个 Idempotency-Key，内容却不一样")),
            "413": problem(_("内容太大")),
            "415": problem(_("不是能收的照片")),
            "422": problem(_("有几处要改，errors 里逐项说明")),
            "429": problem(_("太频繁")),
            "507": problem(_("存储空间不足")),
        },
        [_idempotency()],
        body={"required": True, "content": {_MULTIPART: {"schema": fields}}},
    )


def _refused(words: str) -> Described:
    """A problem document for programs, the page with the form for browsers."""
    return answer(words, problem=ref("Problem"), html={"type": "string"})


def _idempotency() -> Described:
    words = _("一个UUID：同样的内容再交，7天内得到同样的回答，不会重复立案")
    return argument("Idempotency-Key", words, {"type": "string", "format": "uuid"}, where="header")


def _form() -> Described:
    length = {"minLength": forms.DESCRIPTION_LEAST, "maxLength": forms.DESCRIPTION_MOST}
    occurred = [kind.value for kind in forms.Occurred]
    return shape(
        {
            "category": many(text(_("类型代码，可以几个，第一个为主"))),
            "description": {"type": "string", **length},
            "consent": text(_("同意书版本，见 schema.json")),
        },
        lat=_NUMBER,
        lng=_NUMBER,
        crs={"type": "string", "enum": [crs.value for crs in Crs]},
        address={"type": "string", "maxLength": places.ADDRESS_MOST},
        grid_code=text(_("镇街或村社区的区划代码")),
        occurred={"type": "string", "enum": occurred},
        occurred_at=text(),
        occurred_note={"type": "string", "maxLength": forms.NOTE_MOST},
        accused_name={"type": "string", "maxLength": forms.ACCUSED_MOST},
        contact_name={"type": "string", "maxLength": forms.NAME_MOST},
        contact_phone=text(),
        contact_email={"type": "string", "maxLength": forms.MAIL_MOST},
        consent_contact=text(_("留了联系方式时要有")),
        consent_location=text(_("用手机或照片的位置时要有")),
        wants_reply={"type": "string", "enum": ["1"]},
        wants_reward={"type": "string", "enum": ["1"]},
        photos={"type": "array", "maxItems": MOST_PHOTOS, "items": _FILE},
        photo_ids=many(text(_("先传的照片"))),
        form_token=text(),
        altcha=text(),
    )


def _schemas() -> dict[str, Described]:
    photo = shape({"id": text(), "name": text(), "status": text(), "reason": maybe("string")})
    receipt = {
        "version": _WHOLE,
        "number": text(),
        "received_at": _MOMENT,
        "photo_count": _WHOLE,
        "nonce": text(),
        "content_commitment": text(),
        "leaf": {},
    }
    kept = {
        **{name: text() for name in ("number", "query_code", "track_url", "upload_token")},
        "reward_code": maybe("string"),
        "received_at": _MOMENT,
        "photos": many(photo),
        "receipt": shape(receipt),
    }
    return {
        "FormToken": shape({"form_token": text(), "expires_at": _MOMENT}),
        "Receipt": shape(kept),
        "PhotoKept": shape({"id": text(), "status": text()}),
    }
