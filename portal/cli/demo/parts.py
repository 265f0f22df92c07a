"""Assisting departments in the demo: most report before the lead proposes, some never do."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from portal.cli.demo.case import Case
from portal.cli.demo.staff import actor
from portal.domain.casework.measures import MeasureTaken
from portal.domain.casework.models import MeasureKind
from portal.domain.casework.parts import PartFound, parts_of, report_part
from portal.domain.reports.models import Report

_REPORTED = 0.75
_FOUND = (
    "和主办单位一起到现场看了，我们这边管的路面有积泥，其余正常。",
    "走访了周边八户，五户说晚上十点以后明显，白天没有。",
    "查了证照，营业执照和排污登记都在有效期内，没有超范围。",
    "现场没有遇到人，门口贴了通知，约好第二天再去。",
    "调了路口的监控，夜里有两辆无牌货车出入，车号已经给公安。",
)
_DONE = (
    "已经安排环卫每天冲洗两次，连续一周。",
    "已和村干部约谈经营人，写了承诺书。",
    "把巡查记录和照片转给主办单位，后面每周去一次。",
    "清走了路边的堆放物，约两车。",
)


def report_parts(case: Case, report: Report, at: datetime) -> None:
    """Let most of the assists that signed report an hour before the lead proposes."""
    rng = Random(f"parts:{case.plan.seed}:{report.reopened_count}")
    for part in parts_of(report):
        if part.signed_at is None or part.reported_at is not None or rng.random() > _REPORTED:
            continue
        measures = [MeasureTaken(MeasureKind.PROMPT)] if rng.random() < 0.5 else []
        told = PartFound(rng.choice(_FOUND), rng.choice(_DONE), measures)
        by = actor(f"clerk-{part.department.code}")
        report_part(report, told, by=by, at=max(part.signed_at, at - timedelta(hours=1)))
