"""Taking an objection in: anybody may, nobody need say who they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from portal.core.clock import local
from portal.core.crypto import hmac_code
from portal.core.db import db
from portal.core.errors import ConflictError
from portal.core.ids import new_code, random_key
from portal.core.text import N_
from portal.domain.accounts.actor import REPORTER
from portal.domain.casework.models import Objection
from portal.domain.deadlines.clocks import Clock
from portal.domain.deadlines.queries import term_for
from portal.domain.exposures.models import Exposure, Stage
from portal.domain.objections.models import ObjectionKind, PublicObjection, Relation
from portal.domain.publication.models import PublicCopy
from portal.domain.reports.models import Report
from portal.domain.reports.vault import Contact, lookup_key, seal_contact
from portal.domain.reports.workflow import SUBJECT
from portal.domain.timeline.services import Happening, record_event

WORDS_LEAST, WORDS_MOST = 5, 1000
CODE_PURPOSE = "objection"


class NotPublicError(ConflictError):
    """Nothing of it is public: there is nothing to object to here."""

    code = "not_public"


@dataclass(frozen=True)
class NewObjection:
    """What was asked for, in whose words, and how to reach them if they said.

    `exposure` when that is what they object to, `relation` then who they are.
    """

    kind: ObjectionKind
    words: str
    contact: Contact = field(default_factory=Contact, repr=False)
    exposure: Exposure | None = None
    relation: Relation | None = None


@dataclass(frozen=True)
class FiledObjection:
    """What the sender keeps: number and code, and until when we answer."""

    number: str
    code: str
    due_at: datetime


def may_be_objected_to(report: Report) -> bool:
    """Whether a copy of the case is out, or was taken down only for the time being."""
    copy = db.session.get(PublicCopy, report.id)
    return copy is not None and copy.revoked_at is None


def may_be_contested(exposure: Exposure, at: datetime) -> bool:
    """Whether an exposure stands, or was taken down only for the time being."""
    return exposure.stage(local(at).date()) in {Stage.LIVE, Stage.HIDDEN}


def answer_clock(exposure: Exposure | None) -> Clock:
    """The term of the answer: exposures have one of their own."""
    return Clock.CORRECTION if exposure is None else Clock.EXPOSURE_ANSWER


def file_objection(report: Report, new: NewObjection, *, at: datetime) -> FiledObjection:
    """Take an objection in, start its clock, and keep the case from being struck off.

    Raises NotPublicError.
    """
    named = new.exposure
    if not (may_be_contested(named, at) if named else may_be_objected_to(report)):
        raise NotPublicError(N_("这一件现在没有公开的内容。有话要说，请打12345。"))
    barrier = Objection(report_id=report.id, kind="objection", opened_at=at)
    db.session.add(barrier)
    db.session.flush()
    code, term = new_code(), term_for(answer_clock(named), None, at)
    row = PublicObjection(
        number=random_key(),  # until its serial is known
        report_id=report.id,
        objection_id=barrier.id,
        exposure_id=named.id if named else None,
        kind=new.kind,
        relation=new.relation or "",
        words=new.words,
        code_mac=hmac_code(code, lookup_key(), CODE_PURPOSE),
        received_at=at,
        warn_at=term.warn_at,
        due_at=term.due_at,
    )
    db.session.add(row)
    db.session.flush()
    row.number = f"YY{local(at):%y%m%d}{row.id:06d}"
    seal_contact(row, new.contact, table=PublicObjection.__tablename__, row=row.id)
    db.session.flush()
    data: dict[str, Any] = {"objection": row.number, "kind": new.kind}
    data |= {"exposure": named.id} if named else {}
    who = REPORTER.kind
    record_event(Happening(SUBJECT, report.id, "objection_received", at, who, data=data))
    return FiledObjection(row.number, code, row.due_at)
