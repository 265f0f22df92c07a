"""The columns of the open data, once: what is written, described and checked.

The first fourteen are those of Open311's bulk publishing, in its order; the rest are ours. A column
keeps its name and meaning; new ones are added behind, with the month they came in.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.text import N_

FIRST = "2026-11"


@dataclass(frozen=True)
class Column:
    """A column: its name, its type as Table Schema says it, what it is in words."""

    name: str
    type: str
    title: str
    about: str
    published_only: bool = False  # empty while a case is only listed
    since: str = FIRST


COLUMNS = (
    Column("service_request_id", "string", N_("编号"), N_("公开编号，不会再给别的件")),
    Column("requested_datetime", "date", N_("收到日期"), N_("收到举报的日子；只公开到天")),
    Column("updated_datetime", "datetime", N_("更新时间"), N_("公开内容最后一次变化的时间")),
    Column("closed_date", "date", N_("办结日期"), N_("还在办的是空的；重新办理后又变空")),
    Column("status_description", "string", N_("办到哪一步"), N_("状态的中文")),
    Column("status_notes", "string", N_("说明"), N_("重新办理、依法不公开、回头看的结果")),
    Column("source", "string", N_("来源"), N_("发布这份数据的平台；举报人怎么报的不公开")),
    Column("service_name", "string", N_("类型"), N_("污染类型的大类")),
    Column("service_subtype", "string", N_("细类"), N_("污染类型的小类"), published_only=True),
    Column(
        "description", "string", N_("结果"),
        N_("公开审核员放行的文字，不是举报人的原话"), published_only=True,
    ),
    Column("agency_responsible", "string", N_("主办单位"), N_("没有交办的是空的")),
    Column("address", "string", N_("地点"), N_("镇街；公开后可能到村社区，没有门牌")),
    Column(
        "lat", "number", N_("纬度"),
        N_("WGS-84；按放行的精度取整，多数约100米，有的1公里，有的不公开"), published_only=True,
    ),
    Column("long", "number", N_("经度"), N_("同纬度"), published_only=True),
    Column("status", "string", N_("状态"), N_("open在办，closed办结")),
    Column("state", "string", N_("状态代码"), N_("程序用的代码")),
    Column("level", "string", N_("公开程度"), N_("listed已列示，published已公开")),
    Column("service_code", "string", N_("类型代码"), N_("如air；公开后到细类，如air.odor")),
    Column("town_code", "string", N_("镇街代码"), N_("九位")),
    Column("department_code", "string", N_("单位代码"), N_("程序用的代码")),
    Column("days", "integer", N_("用时"), N_("从收到到办结的天数；还在办的是空的")),
    Column(
        "finding", "string", N_("核查结论"),
        N_("verified属实，partly部分属实，unfounded不属实，undetermined无法查实"),
        published_only=True,
    ),
    Column(
        "measures", "string", N_("处理措施"),
        N_("代码，分号隔开；罚款后面是元，追责后面是人数，如order;fine:20000"), published_only=True,
    ),
    Column("reopened", "boolean", N_("重新办理"), N_("办结后又在办的是true")),
    Column(
        "look_back", "string", N_("回头看"),
        N_("passed没有反弹，failed又反弹了；没有看过的是空的"), published_only=True,
    ),
    Column("look_back_date", "date", N_("回头看日期"), N_("现场复查的日子"), published_only=True),
    Column(
        "photo_before", "string", N_("整改前照片"), N_("网址；撤回后打不开"), published_only=True,
    ),
    Column(
        "photo_after", "string", N_("整改后照片"), N_("网址；撤回后打不开"), published_only=True,
    ),
    Column("url", "string", N_("网页"), N_("这一件的公开页面")),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)
