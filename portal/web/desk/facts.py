"""Parts of a case page made ready for templates: photos, pairs of label and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from portal.core.text import N_
from portal.domain.categories.models import Category
from portal.domain.categories.queries import category_tree
from portal.domain.deadlines.clocks import DeadlineClass
from portal.domain.departments.models import Department
from portal.domain.reports.models import Channel, Photo, PhotoKind, PhotoStatus, Report, Track
from portal.domain.reports.vault import MaskedContact
from portal.domain.writers.queries import writer_of
from portal.web import filters
from portal.web.desk.frame import name_of
from portal.web.filters import is_english

SHOWABLE = frozenset({PhotoStatus.READY, PhotoStatus.RELEASED, PhotoStatus.WITHHELD})
_OCCURRED = {"now": N_("正在发生"), "at": N_("发生过"), "recurring": N_("经常发生")}


def photo_view(
    photo: Photo, names: Mapping[int, str], departments: Mapping[int, Department]
) -> dict[str, Any]:
    """One photo for components/photos.html; its `src` is empty while it cannot be shown."""
    kind, status = PhotoKind(photo.kind), PhotoStatus(photo.status)
    shown = status in SHOWABLE
    taken = photo.taken_at
    by = departments.get(photo.department_id or 0)
    return {
        "id": photo.upload_id,
        "key": photo.key,
        "kind": kind,
        "status": _status(status),
        "src": f"/media/{photo.key}/400.jpg" if shown else "",
        "full": f"/media/{photo.key}/1600.jpg" if shown else "",
        "width": 400,
        "height": 300,
        "alt": " ".join(
            part for part in (_(kind.label), filters.moment(taken) if taken else "") if part
        ),
        "tag": (_(kind.label), filters.day(taken or photo.received_at)),
        "taken_at": taken,
        "received_at": photo.received_at,
        "distance_m": round(photo.distance_m) if photo.distance_m is not None else None,
        "who": name_of(by)
        if by
        else _("举报人")
        if kind is PhotoKind.EVIDENCE
        else names.get(photo.by_user_id or 0, ""),
        "is_public": status is PhotoStatus.RELEASED,
        "boxes": " ".join(",".join(f"{side:g}" for side in box) for box in photo.boxes or ()),
        "decision": {PhotoStatus.RELEASED: "release", PhotoStatus.WITHHELD: "withhold"}.get(
            status, ""
        ),
        "round": photo.round,
    }


def _status(status: PhotoStatus) -> str:
    if status in {PhotoStatus.RECEIVED, PhotoStatus.PROCESSING}:
        return "processing"
    return "broken" if status in {PhotoStatus.BROKEN, PhotoStatus.REFUSED} else ""


def place_facts(report: Report) -> list[tuple[str, str]]:
    """Where it is."""
    grid = (
        _("，").join(name_of(g) for g in (report.town, report.grid) if g)
        if report.town != report.grid
        else name_of(report.grid)
    )
    owner = report.grid.owner_name if report.grid and report.grid.owner_name else ""
    point = ""
    if report.lat is not None and report.lng is not None:
        point = f"{report.lat:.5f}, {report.lng:.5f}"
        if report.accuracy_m:
            point += " " + _("误差约%(n)s米", n=round(report.accuracy_m))
    return [
        (_("地点"), report.address or ""),
        (_("网格"), _("，").join(part for part in (grid, owner) if part)),
        (_("坐标"), point),
    ]


def matter_facts(report: Report, further: Sequence[Category]) -> list[tuple[str, str]]:
    """What it is about, since when, by whom."""
    kinds = [report.category, *further]
    top = report.category.parent
    first = name_of(report.category)
    kind = _("，").join([f"{name_of(top)} · {first}" if top else first, *map(name_of, kinds[1:])])
    return [
        (_("类型"), kind),
        (_("时间"), _occurrence(report)),
        (_("被举报方"), report.accused_name or ""),
        *_answers(report),
        (_("来源"), _source(report)),
        (_("外部编号"), report.external_number or ""),
        (_("办理途径"), _(Track(report.track).label) if report.track else ""),
        (
            _("时限类别"),
            _(DeadlineClass(report.deadline_class).label) if report.deadline_class else "",
        ),
    ]


def _source(report: Report) -> str:
    """The channel, and which system it came by."""
    channel, writer = _(Channel(report.channel).label), writer_of(report)
    return (
        _("%(channel)s（%(system)s）", channel=channel, system=writer.name) if writer else channel
    )


def _occurrence(report: Report) -> str:
    words = _(_OCCURRED.get(report.occurred, report.occurred))
    if report.occurred_at is not None:
        words += f" {filters.moment(report.occurred_at)}"
    return _("，").join((words, report.occurred_note)) if report.occurred_note else words


def _answers(report: Report) -> list[tuple[str, str]]:
    """The questions answered, whatever category the desk has put the report in since."""
    if not report.answers:
        return []
    lang = "text_en" if is_english() else "text_zh"
    branches = category_tree(with_inactive=True)
    every = [q for b in branches for c in (b.top, *b.children) for q in c.questions or ()]
    found = []
    for question in {question["code"]: question for question in every}.values():
        given = report.answers.get(question["code"])
        if given:
            names = {o["code"]: o[lang] for o in question.get("options") or ()}
            found.append((str(question[lang]), str(names.get(given, given))))
    return found


def reporter_facts(report: Report, contact: MaskedContact | None) -> list[tuple[str, str]]:
    """Who reported, masked."""
    if contact is None:
        return [(_("举报人"), _("匿名"))]
    return [
        (_("举报人"), contact.name or _("未留姓名")),
        (_("电话"), contact.phone),
        (_("邮箱"), contact.email),
        (_("希望回复"), _("是") if report.wants_reply else ""),
    ]
