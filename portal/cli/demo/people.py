"""The staff of the demo city: every login of contracts.md, with invented names."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.accounts.permissions import Role

PASSWORD = "suishoupai-demo"  # noqa: S105 - contracts.md prints it; production refuses it
BUREAU_CODES = ("sthj", "zj", "cg", "ga", "nyny", "sl", "ly", "zrzy", "jt", "gxj")
TOWN_CODES = tuple(f"zhen-{number:02}" for number in range(1, 7))
DEPARTMENT_CODES = (*BUREAU_CODES, *TOWN_CODES)


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A login, the name on screen, and what the person may do where (codes)."""

    username: str
    name: str
    role: Role
    department: str | None = None
    grid: str | None = None


_CENTRAL = (
    DemoUser("triage", "韦兰", Role.TRIAGE),
    DemoUser("triage2", "陆一鸣", Role.TRIAGE),
    DemoUser("reviewer", "莫问之", Role.REVIEWER),
    DemoUser("reviewer2", "覃秋水", Role.REVIEWER),
    DemoUser("publisher", "梁知白", Role.PUBLISHER),
    DemoUser("publisher2", "罗晓棠", Role.PUBLISHER),
    DemoUser("supervisor", "岑定远", Role.SUPERVISOR),
    DemoUser("rewards", "黎清和", Role.REWARDS),
    DemoUser("rewards2", "农雨桐", Role.REWARDS),
    DemoUser("leader", "秦怀民", Role.LEADER),
    DemoUser("observer", "甘老师", Role.OBSERVER),
    DemoUser("admin", "蒙工", Role.ADMIN),
    DemoUser("admin2", "潘工", Role.ADMIN),
    DemoUser("security", "邓守安", Role.SECURITY),
    DemoUser("auditor", "冯鉴", Role.AUDITOR),
)
_CLERKS = "卢晨 苏念 仇远 廖敏 石磊 宁可 曾琪 龚凡 陶然 蓝天 凌霜 滕飞 骆宾 温言 詹平 兰芷".split()
# A second one where there is most to do, so that a head has somebody to choose.
_SECOND_CLERKS = {"sthj": "黎明远", "zj": "韦小满", "cg": "陆青山"}
_HEADS = (
    "唐正 隆志 欧阳明 闭守信 白致和 邱实 方准 尹衡 严肃 安平 覃山 罗川 潘海 邓原 冯湖 宁街"
).split()
_OFFICERS = "覃巡 罗望 潘步 邓看 冯行 宁察".split()


def demo_users() -> tuple[DemoUser, ...]:
    """Return every login: central staff, clerks and a head per department, six grid officers."""
    clerks = (
        DemoUser(f"clerk-{code}", name, Role.CLERK, code)
        for code, name in zip(DEPARTMENT_CODES, _CLERKS, strict=True)
    )
    second = (
        DemoUser(f"clerk2-{code}", name, Role.CLERK, code) for code, name in _SECOND_CLERKS.items()
    )
    heads = (
        DemoUser(f"head-{code}", name, Role.HEAD, code)
        for code, name in zip(DEPARTMENT_CODES, _HEADS, strict=True)
    )
    officers = (
        DemoUser(f"grid-{code}", name, Role.GRID, code, f"999901{number:03}")
        for number, (code, name) in enumerate(zip(TOWN_CODES, _OFFICERS, strict=True), 1)
    )
    return (*_CENTRAL, *clerks, *second, *heads, *officers)
