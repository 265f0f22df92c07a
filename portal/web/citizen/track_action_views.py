"""What the reporter does on the tracking page: add words and photos, withdraw, appeal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms import ValidationError

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, PortalError
from portal.domain.accounts.actor import REPORTER
from portal.domain.ports import StorageFullError
from portal.domain.reports.acceptance import (
    add_information,
    answer_question,
    appeal_decline,
    withdraw_report,
)
from portal.domain.reports.models import Report
from portal.domain.reports.photos import MOST_PHOTOS, unclaimed_photos
from portal.domain.reports.sent_later import add_photos
from portal.domain.reports.states import State
from portal.web.access import public
from portal.web.citizen.entrance import bp
from portal.web.citizen.fields import Fields
from portal.web.citizen.forms import photo_ids
from portal.web.citizen.reporter_actions import allowed
from portal.web.citizen.track_page import case_page, load_case
from portal.web.citizen.track_views import NoSessionError, opened
from portal.web.errors import wants_json
from portal.web.incoming_photos import (
    Taken,
    chosen,
    receive_all,
    still_unclaimed,
    take_photos,
)

WORDS_LEAST, WORDS_MOST = 2, 500
Act = Callable[[Report, datetime], str]


@bp.post("/track/<number>/info")
@public
def add_info(number: str) -> ResponseReturnValue:
    """Answer the city's question, or add what became known; photos may come along."""
    return _act(number, "info", lambda report, at: _add(report, at, needs_words=True))


@bp.post("/track/<number>/photos")
@public
def add_track_photos(number: str) -> ResponseReturnValue:
    """Add photos alone."""
    return _act(number, "photos", lambda report, at: _add(report, at, needs_words=False))


@bp.get("/track/<number>/withdraw")
@public
def confirm_withdraw(number: str) -> ResponseReturnValue:
    """Ask once before withdrawing."""
    report = opened(number)
    if report is None or "withdraw" not in load_case(report, now()).allowed:
        return _back(number)
    return render_template("citizen/withdraw.html", report=report)


@bp.post("/track/<number>/withdraw")
@public
def withdraw(number: str) -> ResponseReturnValue:
    """Withdraw; after the dispatch the wish is passed on."""
    return _act(number, "withdraw", _withdraw)


@bp.post("/track/<number>/appeal")
@public
def appeal(number: str) -> ResponseReturnValue:
    """Appeal a refusal, once, within 30 days."""
    return _act(number, "appeal", _appeal)


def _act(number: str, name: str, act: Act) -> ResponseReturnValue:
    """Session, token and permission; then `act`, whose words are shown on the page."""
    report, at = opened(number), now()
    if report is None:
        if wants_json():
            raise NoSessionError
        return _back(number)
    _check_csrf()
    try:
        _refuse_closed(report, name, at)
        said = act(report, at)
    except PortalError as fault:
        if wants_json():
            raise
        kept = [] if isinstance(fault, StorageFullError) else _keep_photos(at)
        return case_page(report, at, fault=fault, typed=request.form, kept=kept)
    flash(said)
    return _back(number)


def _check_csrf() -> None:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError as fault:
        raise CSRFError from fault


def _refuse_closed(report: Report, name: str, at: datetime) -> None:
    case = load_case(report, at)
    if name not in allowed(report, case.events, at):
        raise PortalError(
            _("现在不能做这一步，请看页面上的说明。"), code="wrong_state", http_status=409
        )


def _add(report: Report, at: datetime, *, needs_words: bool) -> str:
    words, taken = _words("text"), _take_photos()
    ids = photo_ids(request.form)
    count = len(ids) + sum(1 for one in taken if one.stored)
    if not words and not count:
        field, hint = (
            ("text", _("请写几个字，或加一张照片。"))
            if needs_words
            else (
                "photos",
                _("请先选照片。"),
            )
        )
        raise InvalidFieldsError.one(field, "required", hint)
    with transaction():
        photos = [*unclaimed_photos(ids, at), *receive_all(taken, at)]
        if report.state == State.NEED_INFO:
            answer_question(report, words, by=REPORTER, at=at)
        elif words:
            add_information(report, words, by=REPORTER, at=at)
        add_photos(report, photos, by=REPORTER, at=at)
    for one in taken:
        if one.reason:
            flash(f"{one.name} {one.reason}")
    return _("收到您的补充了，谢谢。")


def _withdraw(report: Report, at: datetime) -> str:
    with transaction():
        gone = withdraw_report(report, by=REPORTER, at=at)
    return _("已经撤回。") if gone else _("您的意思已经转告。污染还是会查下去，结果照样告诉您。")


def _appeal(report: Report, at: datetime) -> str:
    reason = _words("reason", least=5)
    if not reason:
        message = _("请写明为什么不同意，至少5个字。")
        raise InvalidFieldsError.one("reason", "required", message)
    with transaction():
        appeal_decline(report, reason, by=REPORTER, at=at)
    return _("申诉收到了，会由另一位受理员重新看。")


def _words(name: str, least: int = WORDS_LEAST) -> str:
    fields = Fields(request.form)
    words = fields.text(name, WORDS_MOST)
    if words and len(words) < least:
        hint = _("写得太短，至少%(least)s个字，现在%(have)s个字", least=least, have=len(words))
        fields.fault(name, "too_short", hint)
    fields.refuse()
    return words


def _take_photos() -> list[Taken]:
    room = MOST_PHOTOS - len(photo_ids(request.form))
    return take_photos(chosen(request.files.getlist("photos")), room=max(0, room))


def _keep_photos(at: datetime) -> list[str]:
    """The photos that a refused form carries on: those sent ahead, and those that came with it."""
    taken = _take_photos()
    with transaction():
        fresh = [photo.upload_id for photo in receive_all(taken, at)]
        return [*still_unclaimed(photo_ids(request.form), at), *fresh]


def _back(number: str) -> ResponseReturnValue:
    return redirect(url_for("citizen.track_case", number=number), code=303)
