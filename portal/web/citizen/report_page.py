"""The filing page in every state: empty, prefilled, and refused with everything kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import make_response, render_template
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError, PortalError
from portal.core.text import clean
from portal.domain.ports import StorageFullError
from portal.domain.reports.receipts import KeyReusedError, kept_receipt
from portal.web.basemap import allow_tiles
from portal.web.citizen import forms, places
from portal.web.citizen.admission import ChallengedError
from portal.web.citizen.attempts import Attempt
from portal.web.citizen.consents import CONSENT_VERSION, CONSENTS
from portal.web.citizen.fields import messages
from portal.web.citizen.forms import photo_ids
from portal.web.citizen.neighbours import known_near
from portal.web.citizen.questionnaire import picker, villages
from portal.web.citizen.receipt_cookie import hand_over
from portal.web.citizen.signed_tokens import check_form_token, new_form_token
from portal.web.errors import say_when, translated
from portal.web.incoming_photos import receive_all, still_unclaimed, take_photos
from portal.web.limits import TooManyRequestsError

# Where the link of a fault leads, when the field's own id is not what can be mended.
_TARGETS = {
    "lat": "address",
    "lng": "address",
    "crs": "address",
    "accuracy_m": "address",
    "location_source": "address",
    "photo_ids": "photos",
    "photos_expected": "photos",
    "occurred": "occurred-now",
    "form_token": "send",
    "Idempotency-Key": "send",
}
_ORDER = (
    "photo_ids", "photos_expected", "category", "lat", "lng", "address", "grid_code",
    "consent_location", "description", "occurred", "occurred_at", "occurred_note", "accused_name",
    "contact_name", "contact_phone", "contact_email", "consent_contact", "consent", "website",
)  # fmt: skip


def empty_page(prefill: MultiDict[str, str]) -> str:
    """The page for a new filing, with what its address prefills."""
    known = {"category": prefill.get("category", ""), "grid_code": prefill.get("grid", "")}
    given = MultiDict({name: value for name, value in known.items() if value})
    return _page(given, token=new_form_token().text)


def asked_page(attempt: Attempt, at: datetime) -> str:
    """The page again, with what the category asks and what is known near by: a step of its own
    where no script runs.

    Raises StorageFullError when photos sent along cannot be kept.
    """
    photos = _keep_photos(attempt, None, at)
    return _page(
        attempt.form,
        photos=photos,
        token=_token_again(attempt, None),
        near=known_near(attempt.form, at),
    )


def refused_page(attempt: Attempt, fault: PortalError, at: datetime) -> Response:
    """The page again, with every input, every photo, and what to mend."""
    faults = messages(fault.faults) if isinstance(fault, InvalidFieldsError) else {}
    notice = "" if faults or isinstance(fault, ChallengedError) else translated(fault)
    photos = _keep_photos(attempt, fault, at)
    page = _page(
        attempt.form,
        faults=faults,
        notice=notice,
        photos=photos,
        token=_token_again(attempt, fault),
        fault=fault,
    )
    response = say_when(make_response(page, fault.http_status), fault)
    if isinstance(fault, KeyReusedError):
        _offer_receipt(response, attempt, at)
    return response


def _page(
    form: MultiDict[str, str],
    *,
    token: str,
    faults: dict[str, list[str]] | None = None,
    notice: str = "",
    photos: tuple[Sequence[str], Sequence[str]] = ((), ()),
    fault: PortalError | None = None,
    near: dict[str, Any] | None = None,
) -> str:
    found = faults or {}
    context: dict[str, Any] = {
        "form": form,
        "faults": found,
        "problems": _problems(found),
        "notice": notice,
        "earned": isinstance(fault, KeyReusedError),
        "challenge": fault if isinstance(fault, ChallengedError) else None,
        "kept": photos[0],
        "refused": photos[1],
        "form_token": token,
        "near": near,
        "picker": picker(),
        "towns": villages(clean(form.get("grid_code", ""))),
        "consent_version": CONSENT_VERSION,
        "consents": CONSENTS,
        "limits": forms,
        "address_most": places.ADDRESS_MOST,
    }
    allow_tiles()
    return render_template("citizen/report.html", **context)


def _problems(faults: dict[str, list[str]]) -> list[tuple[str, str]]:
    """The summary on top: one line a fault, in the order of the page."""
    names = sorted(faults, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
    return [(_TARGETS.get(name, name), words) for name in names for words in faults[name]]


def _keep_photos(
    attempt: Attempt, fault: PortalError | None, at: datetime
) -> tuple[list[str], list[str]]:
    """The photos the form carries on, and what to say about those that were refused."""
    may_keep = not isinstance(fault, StorageFullError | TooManyRequestsError)
    if may_keep and not attempt.taken:
        attempt.taken = take_photos(attempt.files)
    kept = still_unclaimed(photo_ids(attempt.form), at)
    if any(one.stored for one in attempt.taken):
        with transaction():
            kept += [photo.upload_id for photo in receive_all(attempt.taken, at)]
    return kept, [f"{one.name}：{one.reason}" for one in attempt.taken if one.reason]


def _token_again(attempt: Attempt, fault: PortalError | None) -> str:
    """The same token while it is good, so that sending twice stays one filing; else a new one."""
    if isinstance(fault, KeyReusedError):
        return new_form_token().text
    try:
        check_form_token(attempt.token)
    except InvalidFieldsError:
        return new_form_token().text
    return attempt.token


def _offer_receipt(response: Response, attempt: Attempt, at: datetime) -> None:
    """Whoever holds the form's token filed with it: they may see the receipt again."""
    for handle in attempt.handles:
        if answer := kept_receipt(handle, at):
            hand_over(response, answer, at)
            return
