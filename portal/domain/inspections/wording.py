"""The report an inspection ends with 督查情况报告. Chinese in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from portal.core.clock import local
from portal.core.documents.parts import Document, Grid, Heading, Paragraph, Part, written_day
from portal.domain.inspections.models import Inspection, InspectionLine, ListReason, Result

_HEADINGS = ("序号", "编号", "地点和类型", "承办单位", "列入原因", "现场结果")
_WIDTHS = (12, 38, 28, 26, 28, 24)  # mm, the text block in all


@dataclass(frozen=True)
class Papers:
    """What the report is made of: the lines its reader sees, how many are kept from the reader,
    and the orders that followed, by report.
    """

    lines: Sequence[InspectionLine]
    withheld: int = 0
    orders: Mapping[int, Sequence[str]] = field(default_factory=dict)


def write_inspection(inspection: Inspection, papers: Papers, city: str, unit: str) -> Document:
    """The report of an inspection; before the sign-off it is a draft of the day it was started."""
    signed = inspection.closed_at or inspection.started_at or inspection.listed_at
    return Document(
        title=f"{city}每周督查情况报告",
        number=_week(inspection.monday),
        parts=[
            Heading("一、基本情况"),
            Paragraph(_basis(inspection, papers)),
            Heading("二、现场结果"),
            Paragraph(_results(papers.lines)),
            *([Paragraph(inspection.summary)] if inspection.summary else []),
            Heading("三、督查清单"),
            _table(papers.lines),
            *_withheld(papers.withheld),
            Heading("四、督办要求"),
            *_demands(inspection, papers),
            Heading("五、抽查办法"),
            Paragraph(_draw(inspection)),
        ],
        signed_by=unit,
        signed_on=local(signed).date(),
    )


def _week(monday: date) -> str:
    return f"（{written_day(monday)}至{written_day(monday + timedelta(days=6))}）"


def _basis(inspection: Inspection, papers: Papers) -> str:
    who = "、".join(person.display_name for person in inspection.inspectors) or "未定"
    counts = Counter(reason for line in papers.lines for reason in line.reasons)
    parts = "，".join(
        f"{reason.label}{counts[reason]}件" for reason in ListReason if counts[reason]
    )
    listed = f"列入清单{len(papers.lines)}件"
    return f"督查人员：{who}。{listed}{f'（同一件可有几个原因：{parts}）' if parts else ''}。"


def _results(lines: Sequence[InspectionLine]) -> str:
    counts = Counter(line.result for line in lines)
    parts = [f"{result.label}{counts[result]}件" for result in Result if counts[result]]
    if counts[None]:
        parts.append(f"没有去看{counts[None]}件")
    return "，".join(parts) + "。" if parts else "清单上没有案件。"


def _table(lines: Sequence[InspectionLine]) -> Grid:
    return Grid(_HEADINGS, [_row(n, line) for n, line in enumerate(lines, 1)], _WIDTHS)


def _row(n: int, line: InspectionLine) -> list[str]:
    report = line.report
    return [
        str(n),
        report.number,
        f"{report.town.name_zh if report.town else ''}{report.category.name_zh}",
        report.lead_department.name_zh if report.lead_department else "",
        _why(line),
        line.result.label if line.result else "没有去看",
    ]


def _why(line: InspectionLine) -> str:
    """逾期没办完（3月4日到期）；督办员加入（群众来电）."""
    words = []
    for reason in map(ListReason, line.reasons):
        detail = ""
        if reason is ListReason.OVERDUE and line.overdue_since is not None:
            due = local(line.overdue_since - timedelta(seconds=1))
            detail = f"{due.month}月{due.day}日到期"
        elif reason is ListReason.ADDED:
            detail = line.why
        words.append(f"{reason.label}（{detail}）" if detail else reason.label)
    return "；".join(words)


def _withheld(count: int) -> list[Part]:
    return [Paragraph(f"另有{count}件，按回避规定不在这里列出。")] if count else []


def _demands(inspection: Inspection, papers: Papers) -> list[Part]:
    failing = [line for line in papers.lines if line.result and line.result.fails]
    found: list[Part] = [Paragraph(inspection.demands)] if inspection.demands else []
    found += [Paragraph(_demand(n, line, papers)) for n, line in enumerate(failing, 1)]
    return found or [Paragraph("本次督查没有发现需要督办的问题。")]


def _demand(n: int, line: InspectionLine, papers: Papers) -> str:
    report, seen = line.report, line.checks[-1].note if line.checks else ""
    lead = report.lead_department.name_zh if report.lead_department else "承办单位"
    label = line.result.label if line.result else ""
    words = f"{n}. {report.number}（{lead}）：{label}。{_sentence(seen)}"
    orders = "、".join(papers.orders.get(report.id, ()))
    return words + (f"已发出{orders}，按督办单要求答复。" if orders else "请立即整改并书面报告。")


def _sentence(words: str) -> str:
    text = words.strip()
    return text if not text or text[-1] in "。！？" else f"{text}。"


def _draw(inspection: Inspection) -> str:
    return (
        f"从{len(inspection.numbers)}件可以抽查的案件中抽取{inspection.draw_size}件。"
        f"随机种子：{inspection.seed}。种子、冒号、编号连起来计算SHA-256，从小到大取前几件，"
        "任何人可以照样再抽一遍。"
    )


def pressing_words(line: InspectionLine) -> str:
    """What an order that follows from a failing line demands, to begin with."""
    seen = line.checks[-1].note if line.checks else ""
    monday = line.inspection.monday
    label = line.result.label if line.result else ""
    return (
        f"{monday.month}月{monday.day}日这一周督查，现场{label}。{_sentence(seen)}"
        "请立即整改，并书面答复整改措施、完成时间和责任人。"
    )
