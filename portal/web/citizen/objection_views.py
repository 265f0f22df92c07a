"""更正/异议: anybody named or shown asks for what is public to be put right, and follows it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import local, now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, PortalError
from portal.core.ids import show_code
from portal.core.text import N_
from portal.domain.deadlines.queries import rule_for
from portal.domain.exposures.models import Exposure
from portal.domain.exposures.queries import Standing, approved_exposure, standing_of
from portal.domain.objections.filing import (
    WORDS_LEAST,
    WORDS_MOST,
    FiledObjection,
    NewObjection,
    answer_clock,
    file_objection,
    may_be_contested,
    may_be_objected_to,
)
from portal.domain.objections.models import (
    OF_CASES,
    OF_EXPOSURES,
    ObjectionKind,
    PublicObjection,
    Relation,
)
from portal.domain.objections.queries import objection_by_code, objection_number
from portal.domain.reports.models import Report
from portal.domain.reports.receipts import IDEMPOTENCY_DAYS, keep_receipt, reserve
from portal.domain.reports.tracking import (
    WrongCodeError,
    record_failure,
    refuse_hammering,
    report_by_number,
)
from portal.web.access import client_address, public
from portal.web.citizen.admission import ChallengedError, admitted
from portal.web.citizen.consents import CONSENT_VERSION, CONSENTS
from portal.web.citizen.entrance import bp
from portal.web.citizen.fields import Fields, messages
from portal.web.citizen.forms import NAME_MOST, read_contact
from portal.web.citizen.signed_tokens import check_form_token, new_form_token, nonce_of
from portal.web.errors import translated
from portal.web.filters import term

_NOT_CONTENT = frozenset({"form_token", "altcha"})
_CONTACT = "consent_contact"
Receipt = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """What is objected to: a published case, or the exposure of one; `href` is its public page."""

    report: Report
    href: str
    exposure: Exposure | None = None

    @property
    def kinds(self) -> tuple[ObjectionKind, ...]:
        """What may be asked for."""
        return OF_CASES if self.exposure is None else OF_EXPOSURES


@bp.get("/open/reports/<number>/objection")
@public
def objection_form(number: str) -> ResponseReturnValue:
    """The form; 404 where nothing is published."""
    return _form(_published(number))


@bp.post("/open/reports/<number>/objection")
@public
def send_objection(number: str) -> ResponseReturnValue:
    """Take it in, once however often it is sent; the answer is the receipt."""
    return _taken_in(_published(number))


@bp.get("/open/exposures/<int:exposure_id>/objection")
@public
def exposure_objection_form(exposure_id: int) -> ResponseReturnValue:
    """The form for whoever is exposed; 404 where nothing is."""
    return _form(_exposed(exposure_id))


@bp.post("/open/exposures/<int:exposure_id>/objection")
@public
def send_exposure_objection(exposure_id: int) -> ResponseReturnValue:
    """The same for an exposure."""
    return _taken_in(_exposed(exposure_id))


@bp.get("/objection")
@public
def objection_entry() -> ResponseReturnValue:
    """Number and code, to see what became of it."""
    return _entry(request.args.get("number", ""))


@bp.post("/objection")
@public
def follow_objection() -> ResponseReturnValue:
    """How it stands; 422 with the same words whatever is wrong."""
    number, at = objection_number(request.form.get("number", "")), now()
    try:
        check_form_token(request.form.get("form_token", ""))
        refuse_hammering(number, client_address(), at)
        row = objection_by_code(number, request.form.get("query_code", ""))
        if row is None:
            with transaction():
                record_failure(number, client_address(), at)
            raise WrongCodeError(N_("编号或查询码不对。请对照回执再试一次。"))
    except PortalError as fault:
        return _entry(number, fault)
    page = render_template("citizen/objection.html", row=row, href=_public_page(row, at))
    return _private(page, 200)


def _public_page(row: PublicObjection, at: datetime) -> str:
    """Where what was objected to is read; empty once an exposure is over."""
    if row.exposure_id is None:
        return f"/open/reports/{row.report.number}"
    is_out = standing_of(row.exposure_id, local(at).date()) is Standing.SHOWN
    return f"/open/exposures/{row.exposure_id}" if is_out else ""


def _published(number: str) -> Target:
    report = report_by_number(number)
    if report is None or not may_be_objected_to(report):
        abort(404)
    return Target(report, f"/open/reports/{report.number}")


def _exposed(exposure_id: int) -> Target:
    row = approved_exposure(exposure_id)
    if row is None or not may_be_contested(row, now()):
        abort(404)
    return Target(row.report, f"/open/exposures/{row.id}", row)


def _taken_in(target: Target) -> ResponseReturnValue:
    try:
        receipt = _file(target, now())
    except PortalError as fault:
        return _form(target, fault)
    page = render_template(
        "citizen/objection_receipt.html",
        receipt=receipt,
        target=target,
        due_at=datetime.fromisoformat(receipt["due_at"]),
    )
    return _private(page, 201)


def _file(target: Target, at: datetime) -> Receipt:
    """The receipt, filed now or earned by the same form before. Raises PortalError."""
    new = _read(target)
    handle = f"objection:{nonce_of(request.form.get('form_token', ''))}"
    with admitted(new.contact.phone, request.form.get("altcha", ""), at) as admission:
        with transaction():
            known = reserve(handle, _digest(target), at)
            receipt = known or _receipt(file_objection(target.report, new, at=at))
            keep_receipt(handle, receipt, at + timedelta(days=IDEMPOTENCY_DAYS))
        if known is not None:
            admission.undo()
    return receipt


def _receipt(filed: FiledObjection) -> Receipt:
    due_at = filed.due_at.isoformat()
    return {"number": filed.number, "code": show_code(filed.code), "due_at": due_at}


def _read(target: Target) -> NewObjection:
    """What was asked for. Raises InvalidFieldsError with every fault."""
    fields = Fields(request.form)
    try:
        check_form_token(request.form.get("form_token", ""))
    except InvalidFieldsError as refused:
        fields.include(refused)
    relation = None if target.exposure is None else _relation(fields)
    kind = fields.choice("kind", ObjectionKind, ObjectionKind.CORRECTION)
    if request.form.get("kind") not in target.kinds:
        fields.fault("kind", "required", _("请选您要做什么。"))
    words = fields.text("words", WORDS_MOST)
    if len(words) < WORDS_LEAST:
        fields.fault(
            "words",
            "too_short",
            _("请至少写%(least)s个字：哪里不对，应该怎样。", least=WORDS_LEAST),
        )
    contact = read_contact(fields)
    fields.refuse()
    return NewObjection(kind, words, contact, target.exposure, relation)


def _relation(fields: Fields) -> Relation:
    if not request.form.get("relation"):
        fields.fault("relation", "required", _("请选您是谁。"))
    return fields.choice("relation", Relation, Relation.OTHER)


def _digest(target: Target) -> str:
    pairs = sorted(pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_CONTENT)
    return hashlib.sha256(repr((target.href, pairs)).encode()).hexdigest()


def _form(target: Target, fault: PortalError | None = None) -> ResponseReturnValue:
    faults = messages(fault.faults) if isinstance(fault, InvalidFieldsError) else {}
    page = render_template(
        "citizen/objection_form.html" if target.exposure is None else "citizen/contest_form.html",
        target=target,
        form=request.form,
        form_token=new_form_token().text,
        kinds=[(kind.value, _(kind.label)) for kind in target.kinds],
        relations=[(one.value, _(one.label)) for one in Relation],
        faults=faults,
        problems=[(name, words) for name, group in faults.items() for words in group],
        notice=translated(fault) if fault and not faults else "",
        challenge=fault if isinstance(fault, ChallengedError) else None,
        consent=(CONSENT_VERSION, _(CONSENTS[_CONTACT])),
        most={"words": WORDS_MOST, "name": NAME_MOST},
        term=_term(target),
    )
    return _private(page, fault.http_status if fault else 200)


def _term(target: Target) -> str:
    rule = rule_for(answer_clock(target.exposure), None, local(now()).date())
    return term(rule.amount, rule.unit)


def _entry(number: str, fault: PortalError | None = None) -> ResponseReturnValue:
    page = render_template(
        "citizen/objection_entry.html",
        number=number[:40],
        form_token=new_form_token().text,
        notice=translated(fault) if fault else "",
    )
    return _private(page, fault.http_status if fault else 200)


def _private(page: str, status: int) -> ResponseReturnValue:
    """Nobody's copy is kept: the page holds a code, or what somebody wrote about themselves."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
