"""The record of a look-back 回头看记录 (formats.md). Chinese in every language."""

from __future__ import annotations

from collections.abc import Mapping

from portal.core.clock import local
from portal.core.documents.parts import Document, Heading, Paragraph, Part, written_day
from portal.domain.lookback.models import LookBack, LookBackReason, Outcome, Visit


def write_record(row: LookBack, names: Mapping[int, str], unit: str) -> Document:
    """What the look-back was planned for and what every visit found; `unit` signs for the city.

    `names` are those of whoever went there, by user id. Raises LookupError before the first visit.
    """
    if not row.visits:
        raise LookupError("nobody went there yet")
    last = row.done_at or row.visits[-1].at
    return Document(
        title="回头看记录",
        number=f"（{row.report.number}）",
        parts=[
            Heading("一、案件"),
            Paragraph(_case(row)),
            Heading("二、为什么回头看"),
            Paragraph(_why(row)),
            Heading("三、现场复查"),
            *(_visit(n, visit, names) for n, visit in enumerate(row.visits, 1)),
            Heading("四、结论"),
            Paragraph(_outcome(row)),
        ],
        signed_by=unit,
        signed_on=local(last).date(),
    )


def _case(row: LookBack) -> str:
    report = row.report
    places = [grid.name_zh for grid in (report.town, report.grid) if grid]
    where = "，".join([*dict.fromkeys(places), *([report.address] if report.address else [])])
    lead = report.lead_department.name_zh if report.lead_department else ""
    kind = report.category.name_zh
    led = f"，{lead}主办" if lead else ""
    return f"{kind}问题，编号{report.number}{led}。地点：{where or '未定位'}。"


def _why(row: LookBack) -> str:
    words = f"{row.clock.label}，{row.reason.label}。应在{written_day(row.due_on)}前到现场。"
    draw = row.draw
    if row.reason is not LookBackReason.SAMPLED or draw is None:
        return words
    return (
        f"{words}{draw.month.year}年{draw.month.month}月销号的{draw.population}件中抽取{draw.size}件，"
        f"随机种子：{draw.seed}。"
    )


def _visit(n: int, visit: Visit, names: Mapping[int, str]) -> Part:
    at = local(visit.at)
    when = f"{written_day(at.date())}{at:%H:%M}"
    who = names.get(visit.by_user_id, "")
    note = visit.note.strip()
    said = f"所见：{note}{'' if note.endswith(('。', '！', '？')) else '。'}" if note else ""
    photos = f"拍照{len(visit.photos)}张。" if visit.photos else "没有拍照。"
    return Paragraph(
        f"{n}. {when}，{who}到现场：{visit.outcome.label}。{said}{photos}{_spot(visit)}"
    )


def _spot(visit: Visit) -> str:
    if visit.lat is None or visit.lng is None:
        return "没有记下位置。"
    words = f"位置：北纬{visit.lat:.5f}度，东经{visit.lng:.5f}度"
    if visit.distance_m is not None:
        words += f"，离所报地点约{visit.distance_m:.0f}米"
    if visit.accuracy_m is not None:
        words += f"，误差约{visit.accuracy_m:.0f}米"
    return f"{words}。"


def _outcome(row: LookBack) -> str:
    if row.outcome is Outcome.PASSED:
        return "没有反弹，整改有效。"
    if row.outcome is Outcome.FAILED:
        return "问题反弹，案件重新办理，按红色督办。"
    return "尚未看清，需要再次复查。"
