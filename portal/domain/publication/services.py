"""Releasing or withholding an outcome (公开、不予公开), and the public row that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.core.clock import local
from portal.core.db import db
from portal.core.errors import InvalidFieldsError
from portal.core.ids import random_key
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.casework.models import Finding
from portal.domain.casework.queries import current_finding
from portal.domain.publication.models import PublicCopy, Rounding, WithholdGround
from portal.domain.publication.redaction import redact_personal
from portal.domain.reports.models import Photo, PhotoStatus, Report
from portal.domain.reports.photos import photos_of
from portal.domain.reports.proofs import GuardError, SeparationError, proves
from portal.domain.reports.states import Action, Guard
from portal.domain.reports.workflow import Move, advance

Box = tuple[float, float, float, float]
DECIDABLE = frozenset({PhotoStatus.READY, PhotoStatus.RELEASED, PhotoStatus.WITHHELD})


@dataclass(frozen=True)
class PhotoDecision:
    """Release a photo with these rectangles blacked out (fractions of width and height), or not."""

    release: bool
    boxes: Sequence[Box] = ()


@dataclass(frozen=True)
class Release:
    """A publisher's decision: each photo by its upload id, and how exact the place is."""

    photos: Mapping[str, PhotoDecision]
    rounding: Rounding


def decidable_photos(report: Report) -> list[Photo]:
    """The photos a publisher decides on: all that could be read."""
    return [p for p in photos_of(report) if PhotoStatus(p.status) in DECIDABLE]


def publish_report(
    report: Report, release: Release, *, expected: int, by: Actor, at: datetime
) -> PublicCopy:
    """Release the desensitised copy; photos appear once they are rendered anew with their boxes."""
    finding = _finding(report)
    proved = frozenset({_not_drafter(finding, by), _photos_decided(report, release)})
    released = [_decide(p, release.photos[p.upload_id]) for p in decidable_photos(report)]
    copy = _write_copy(report, finding, release.rounding, by, at)
    data = {"photos": [photo_id for photo_id in released if photo_id], "revision": copy.revision}
    advance(report, Action.PUBLISH, Move(by, at, expected, proved, data))
    return copy


def withhold_report(
    report: Report, ground: WithholdGround, *, expected: int, by: Actor, at: datetime
) -> None:
    """Keep the outcome from the public on a legal ground; an earlier copy is taken back."""
    proved = frozenset({_not_drafter(_finding(report), by)})
    copy = db.session.get(PublicCopy, report.id)
    if copy is not None:
        copy.revoked_at = at
    for photo in photos_of(report):
        if photo.status == PhotoStatus.RELEASED:
            photo.status, photo.public_key, photo.released_at = PhotoStatus.WITHHELD, None, None
    db.session.flush()
    advance(report, Action.WITHHOLD, Move(by, at, expected, proved, {"ground": ground}))


def _finding(report: Report) -> Finding:
    finding = current_finding(report)
    if finding is None:
        raise GuardError(N_("还没有拟办结意见。"))
    return finding


def _decide(photo: Photo, decision: PhotoDecision) -> int | None:
    """Write the decision on the photo; a released one gets a fresh public key. Returns its id."""
    photo.boxes = [list(box) for box in decision.boxes]
    photo.released_at = None
    if not decision.release:
        photo.status, photo.public_key = PhotoStatus.WITHHELD, None
        return None
    photo.status, photo.public_key = PhotoStatus.RELEASED, random_key()
    return photo.id


def _write_copy(
    report: Report, finding: Finding, rounding: Rounding, by: Actor, at: datetime
) -> PublicCopy:
    copy = db.session.get(PublicCopy, report.id) or PublicCopy(report_id=report.id, revision=0)
    decimals = rounding.decimals
    has_point = decimals is not None and report.lat is not None and report.lng is not None
    copy.revision += 1
    copy.text = redact_personal(finding.public_text)
    copy.verdict, copy.rounding = finding.verdict, rounding
    copy.measures = [
        {"kind": m.kind, "amount_yuan": m.amount_yuan, "people": m.people} for m in finding.measures
    ]
    copy.lat = round(report.lat or 0.0, decimals) if has_point else None
    copy.lng = round(report.lng or 0.0, decimals) if has_point else None
    copy.released_at, copy.released_by_id = at, by.staff_id
    copy.revoked_at = copy.corrected_at = None
    copy.resolved_on = local(report.resolved_at or at).date()
    # What an objection had taken down stays down: only its answer brings it back.
    db.session.add(copy)
    db.session.flush()
    return copy


@proves(Guard.NOT_DRAFTER)
def _not_drafter(finding: Finding, by: Actor) -> None:
    """Whoever releases a text has not written it."""
    if by.user_id == finding.drafted_by_id:
        raise SeparationError(N_("公开文字的起草人不能自己放行。"))


@proves(Guard.PHOTOS_DECIDED)
def _photos_decided(report: Report, release: Release) -> None:
    """Every readable photo has a decision, every rectangle lies inside the picture."""
    for photo in decidable_photos(report):
        decision = release.photos.get(photo.upload_id)
        if decision is None:
            raise InvalidFieldsError.one(
                "photo_decisions", "missing", N_("每张照片都要选“放行”或“不公开”。")
            )
        if any(not _is_inside(box) for box in decision.boxes):
            raise InvalidFieldsError.one("photo_decisions", "box", N_("遮盖框超出了照片。"))


def _is_inside(box: Box) -> bool:
    left, top, width, height = box
    inside = 0 <= left <= 1 and 0 <= top <= 1 and 0 < width <= 1 and 0 < height <= 1
    return inside and left + width <= 1.001 and top + height <= 1.001
