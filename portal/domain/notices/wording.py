"""What each notice says: request, facts, decision, basis, remedies and terms (formats.md).

The documents are Chinese in every language of the interface: the notice itself is the act. No
name, phone or address of the reporter stands in them; a query code opened them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from portal.core.clock import local
from portal.core.documents.parts import Document, Heading, Paragraph, Part, written_day
from portal.domain.calendar.queries import work_calendar
from portal.domain.casework.models import Finding, Measure, MeasureKind, Verdict
from portal.domain.deadlines.clocks import Clock, DeadlineClass
from portal.domain.deadlines.models import ExtensionReason
from portal.domain.deadlines.queries import rule_for, term_for
from portal.domain.notices.kinds import Notice, NoticeKind
from portal.domain.notices.queries import finding_told, refusal_told
from portal.domain.reports.acceptance import DeclineReason
from portal.domain.reports.models import Channel, Report, Track

_ADDRESSEE = "举报人"
_BASES = {
    Track.COMPLAINT: "《环保举报热线工作管理办法》",
    Track.PETITION: "《信访工作条例》",
    Track.INQUIRY: "《信访工作条例》",
}
_FOLLOW = (
    "您可以凭编号{number}和查询码，在{address}/track查看办理进度、补充情况和照片；"
    "也可以拨打12345询问。查询码只在回执上，请妥善保管。"
)
_ANOTHER_OFFICER = "如不同意本决定，您可以在{day}前在查询页申诉一次，我们将换一位受理人员重新审查。"
_ONGOING = (
    "如不同意本答复，您可以在收到之日起30日内在查询页写明理由，或者拨打12345提出，"
    "由没有办过这一件的人员重新审核。"
)
_PETITION_REMEDY = (
    "本件按信访事项办理。如不服本处理意见，可以依照《信访工作条例》，自收到之日起30日内，"
    "请求{unit}的上一级机关复查；对复查意见仍不服的，自收到复查意见之日起30日内，"
    "请求复查机关的上一级机关复核。"
)


@dataclass(frozen=True)
class Issuer:
    """Who sends a notice: the city, the unit that runs the portal, and its address on the web."""

    city: str
    organiser: str
    address: str

    @property
    def unit(self) -> str:
        """Who signs; a city that names no unit has a centre."""
        return self.organiser or f"{self.city}环境污染投诉受理中心"


def write_notice(report: Report, notice: Notice, issuer: Issuer) -> Document:
    """The notice as a document, from the facts as they stood when it was decided."""
    parts = _WRITERS[notice.kind](report, notice, issuer)
    return Document(
        title=notice.kind.label,
        number=f"编号：{report.number}",
        addressee=_ADDRESSEE,
        parts=parts,
        signed_by=_signer(report, notice, issuer),
        signed_on=local(notice.at).date(),
    )


def _signer(report: Report, notice: Notice, issuer: Issuer) -> str:
    """Who handled the case answers for what was found; the centre for the rest."""
    if notice.kind is NoticeKind.REPLY and report.lead_department is not None:
        return f"{issuer.city}{report.lead_department.name_zh}"
    return issuer.unit


def _acceptance(report: Report, notice: Notice, issuer: Issuer) -> list[Part]:
    track = Track(notice.event.data.get("track", Track.COMPLAINT))
    basis = _BASES[track]
    return [
        Paragraph(
            f"{_request(report)}经审查，根据{basis}的有关规定，我们决定于{_moment(notice.at)}受理，"
            f"作为{track.label}办理。"
        ),
        Heading("一、办理期限"),
        Paragraph(
            f"本件为{_class(notice).label}件，交办后{_resolve_term(notice)}内办结。"
            "情况复杂、需要延长的，经批准可以延长一次，不超过30日，并书面告知您。"
        ),
        Heading("二、怎样知道进展"),
        Paragraph(_FOLLOW.format(number=report.number, address=issuer.address)),
        Heading("三、您的权利"),
        Paragraph(
            "办理中您可以随时补充情况；交办前可以撤回。您的个人信息依法保密，被举报方看不到。"
        ),
    ]


def _refusal(report: Report, notice: Notice, issuer: Issuer) -> list[Part]:
    data, said = notice.event.data, refusal_told(report, notice)
    reason = DeclineReason(data["reason"]).label
    ends = term_for(Clock.APPEAL, None, notice.at).due_at
    remedies = _ANOTHER_OFFICER.format(day=_last_day(ends))
    return [
        Paragraph(f"{_request(report)}经审查，决定不予受理。"),
        Heading("一、理由"),
        Paragraph(f"{reason}。" + (f"\n{said.text}" if said and said.text else "")),
        Heading("二、可以向哪里反映"),
        Paragraph(data.get("where_to") or "12345政务服务便民热线"),
        Heading("三、不同意本决定怎么办"),
        Paragraph(remedies),
        Paragraph(_FOLLOW.format(number=report.number, address=issuer.address)),
    ]


def _extension(report: Report, notice: Notice, issuer: Issuer) -> list[Part]:
    data = notice.event.data
    return [
        Paragraph(
            f"{_request(report)}正在办理。因情况复杂，不能在原定期限内办结，现延长办理期限。"
        ),
        Heading("一、新的期限"),
        Paragraph(f"延长{data['days']}日，至{_last_day(datetime.fromisoformat(data['due_at']))}。"),
        Heading("二、理由"),
        Paragraph(f"{_reason_of(data['reason'])}。"),
        Heading("三、怎样知道进展"),
        Paragraph(_FOLLOW.format(number=report.number, address=issuer.address)),
    ]


def _reason_of(code: object) -> str:
    """The reason in words; what was recorded as words already stays."""
    known = next((one for one in ExtensionReason if one == code), None)
    return known.label if known else str(code).rstrip("。")


def _reply(report: Report, notice: Notice, issuer: Issuer) -> list[Part]:
    finding = finding_told(report, notice)
    parts: list[Part] = [
        Paragraph(f"{_request(report)}现已办结，答复如下。"),
        Heading("一、您反映的问题"),
        Paragraph(report.description),
    ]
    if finding is not None:
        parts += _found(finding)
    hint = report.category.legal_hint_zh
    if hint:
        parts += [Heading("四、依据"), Paragraph(hint)]
    parts.append(Heading("五、不同意本答复怎么办" if hint else "四、不同意本答复怎么办"))
    parts.append(Paragraph(_remedy(report, notice, issuer)))
    return parts


def _found(finding: Finding) -> list[Part]:
    parts: list[Part] = [
        Heading("二、调查核实情况"),
        Paragraph(f"经核查，您反映的问题{Verdict(finding.verdict).label}。"),
        Paragraph(finding.reply),
        Heading("三、处理意见"),
    ]
    done = "；".join(_measure(measure) for measure in finding.measures)
    return [*parts, Paragraph(f"{done}。" if done else "没有需要处理的事项。")]


def _remedy(report: Report, notice: Notice, issuer: Issuer) -> str:
    if report.track == Track.PETITION:
        return _PETITION_REMEDY.format(unit=_signer(report, notice, issuer))
    return _ONGOING


def _measure(measure: Measure) -> str:
    words = MeasureKind(measure.kind).label
    if measure.amount_yuan:
        words += f"{measure.amount_yuan:,}元"
    if measure.people:
        words += f"{measure.people}人"
    return f"{words}（{measure.note}）" if measure.note else words


def _request(report: Report) -> str:
    """您于…反映的“…”问题收悉: how every notice begins."""
    where = report.address or (report.grid.name_zh if report.grid else "")
    place = f"，地点：{where}" if where else ""
    return (
        f"您于{_moment(report.received_at)}通过{Channel(report.channel).label}反映的"
        f"“{report.title}”问题（编号{report.number}{place}）收悉。"
    )


def _class(notice: Notice) -> DeadlineClass:
    return DeadlineClass(notice.event.data.get("deadline_class", DeadlineClass.ORDINARY))


def _resolve_term(notice: Notice) -> str:
    rule = rule_for(Clock.RESOLVE, _class(notice), local(notice.at).date())
    return f"{rule.amount}{rule.unit.label}"


def _moment(at: datetime) -> str:
    return f"{written_day(local(at).date())}{local(at):%H:%M}"


def _last_day(due_at: datetime) -> str:
    """A term that ends at midnight ends on the day before."""
    on: date = work_calendar().last_day(due_at)
    return written_day(on)


_WRITERS: dict[NoticeKind, Callable[[Report, Notice, Issuer], list[Part]]] = {
    NoticeKind.ACCEPTANCE: _acceptance,
    NoticeKind.REFUSAL: _refusal,
    NoticeKind.EXTENSION: _extension,
    NoticeKind.REPLY: _reply,
}
