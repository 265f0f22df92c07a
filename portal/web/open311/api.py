"""The Open311 door's chapter of /openapi.json: the JSON side of both formats."""

from __future__ import annotations

from flask_babel import gettext as _

from portal.web.open311.api_schemas import filing_form, schemas, telling_form
from portal.web.open311.door import BASE
from portal.web.openapi import (
    Described,
    Operation,
    Part,
    answer,
    argument,
    many,
    ref,
)

CHAPTER = "Open311"
_MOMENT: Described = {"type": "string", "format": "date-time"}
_NUMBER: Described = {"type": "number"}


def part() -> Part:
    """GeoReport v2, in the reader's language."""
    words = _("Open311 GeoReport v2。地址以 .json 结尾；换成 .xml 就是 XML。")
    return Part(CHAPTER, words, _paths(), schemas())


def _paths() -> dict[str, Described]:
    found = {path: {"get": one.described(CHAPTER)} for path, one in _gets().items()}
    for path, one in _posts().items():
        found.setdefault(path, {})["post"] = one.described(CHAPTER)
    return found


def _posts() -> dict[str, Operation]:
    return {
        f"{BASE}/requests.json": Operation(
            "open311File",
            _("用密钥代人举报"),
            _written(many(ref("Open311Filed"))),
            body=filing_form(),
        ),
        f"{BASE}/servicerequestupdates.json": Operation(
            "open311Tell",
            _("给自己提交的一件补充"),
            _written(many(ref("Open311UpdateKept"))),
            body=telling_form(),
        ),
    }


def _gets() -> dict[str, Operation]:
    return {
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
                argument("api_key", _("可以不填；自己提交的一件还没列示就并案了，凭密钥看得到")),
                _locale(),
            ],
        ),
        f"{BASE}/tokens/{{token}}.json": Operation(
            "open311Token",
            _("凭据对应的受理编号"),
            _answers(many(ref("Open311Token"))),
            [argument("token", _("提交时得到的凭据"), where="path")],
        ),
        f"{BASE}/servicerequestupdates.json": Operation(
            "open311Updates",
            _("公开的进展，最早的在前"),
            _answers(many(ref("Open311Update"))),
            [
                argument("start_date", _("从什么时候起"), _MOMENT),
                argument("end_date", _("到什么时候止，和 start_date 最多相隔90天"), _MOMENT),
                argument("service_request_id", _("编号，可用逗号列多个")),
                *_paging(),
                _locale(),
                _jurisdiction(),
            ],
        ),
    }


def _answers(schema: Described) -> dict[str, Described]:
    refused = many(ref("Open311Error"))
    return {
        "200": answer(_("可以"), json=schema),
        "400": answer(_("参数看不懂"), json=refused),
        "404": answer(_("没有，或没有公开"), json=refused),
        "429": answer(_("太频繁"), json=refused),
    }


def _written(schema: Described) -> dict[str, Described]:
    refused = many(ref("Open311Error"))
    return {
        **_answers(schema),
        "403": answer(_("密钥不对"), json=refused),
        "413": answer(_("内容太大"), json=refused),
        "415": answer(_("不是表单"), json=refused),
        "507": answer(_("存储空间不足"), json=refused),
    }


def _locale() -> Described:
    return argument("locale", _("en：英文；不填：中文"), {"type": "string", "enum": ["zh", "en"]})


def _jurisdiction() -> Described:
    return argument("jurisdiction_id", _("只有一个辖区，可以不填"))


def _query() -> list[Described]:
    return [
        argument("service_request_id", _("编号，可用逗号列多个；给了就不看其他条件")),
        argument("service_code", _("类型代码，可用逗号列多个")),
        argument("status", _("open 或 closed，可用逗号列多个")),
        argument("start_date", _("从哪天收到的起"), _MOMENT),
        argument("end_date", _("到哪天收到的止，和 start_date 最多相隔90天"), _MOMENT),
        argument("updated_after", _("这以后有变化的"), _MOMENT),
        argument("updated_before", _("这以前有变化的"), _MOMENT),
        argument("bbox", _("西,南,东,北，WGS-84度")),
        argument("lat", _("纬度，和 long、radius 一起"), _NUMBER),
        argument("long", _("经度"), _NUMBER),
        argument("radius", _("米，默认1000"), _NUMBER),
        argument("q", _("公开内容里的字")),
        *_paging(),
        argument("extensions", _("true：连同照片、公开经过")),
        _locale(),
        _jurisdiction(),
    ]


def _paging() -> list[Described]:
    whole = {"type": "integer", "minimum": 1}
    return [
        argument("page", _("第几页，从1起"), whole),
        argument("page_size", _("每页几件，默认和最多1000"), whole),
    ]
