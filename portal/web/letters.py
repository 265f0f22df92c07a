"""Handing out official documents: as a .docx to download, and the list of a report's notices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from flask import Response, current_app

from portal.config import Settings
from portal.core.documents.parts import Document
from portal.domain.notices.kinds import Notice, notices_among
from portal.domain.notices.queries import notice_of
from portal.domain.notices.wording import Issuer, write_notice
from portal.domain.reports.models import Report
from portal.domain.timeline.models import TimelineEvent


def docx_response(document: Document, name: str) -> Response:
    """`document` as a file that a browser saves as `name`.docx."""
    # Here and not above: a web process that nobody asks for a file should not hold lxml.
    from portal.core.documents.docx import MIME, as_docx  # noqa: PLC0415

    response = Response(as_docx(document), mimetype=MIME)
    file = quote(f"{name}.docx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{file}"
    return response


def written(report: Report, event_id: int) -> Document:
    """The notice behind an event of `report`. Raises NotFoundError."""
    return write_notice(report, notice_of(report, event_id), issuer())


def issuer() -> Issuer:
    """Who signs, from the settings."""
    settings: Settings = current_app.extensions["portal.settings"]
    return Issuer(settings.city_name, settings.organiser, settings.base_url)


def notice_rows(report: Report, events: Sequence[TimelineEvent], base: str) -> list[dict[str, Any]]:
    """The notices of a report for a list, the newest first: what, when, and where it opens."""
    return [
        {"label": one.kind.label, "at": one.at, "href": _address(base, report, one)}
        for one in reversed(notices_among(events))
    ]


def _address(base: str, report: Report, notice: Notice) -> str:
    return f"{base}/{report.number}/notices/{notice.event.id}"
