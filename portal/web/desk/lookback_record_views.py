"""The record of a look-back, for the file."""

from __future__ import annotations

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.documents.parts import Document
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.lookback.models import LookBack
from portal.domain.lookback.wording import write_record
from portal.web.access import require
from portal.web.desk.door import bp
from portal.web.desk.lookback_views import look_back_seen
from portal.web.letters import docx_response, issuer


@bp.get("/lookbacks/<int:look_back_id>/record")
@require(Permission.ENTER_DESK)
def look_back_record(look_back_id: int) -> ResponseReturnValue:
    """The record as it looks on paper."""
    row = look_back_seen(look_back_id)
    here = url_for("desk.look_back", look_back_id=row.id)
    return render_template(
        "desk/paper.html",
        crumbs=[(url_for("desk.look_backs"), _("回头看")), (here, row.report.number)],
        document=_record(row),
        download=url_for("desk.look_back_record_file", look_back_id=row.id),
    )


@bp.get("/lookbacks/<int:look_back_id>/record.docx")
@require(Permission.ENTER_DESK)
def look_back_record_file(look_back_id: int) -> ResponseReturnValue:
    """The record as a file."""
    row = look_back_seen(look_back_id)
    record = _record(row)
    return docx_response(record, f"{record.title}-{row.report.number}")


def _record(row: LookBack) -> Document:
    if not row.visits:
        abort(404)
    return write_record(row, names_of({visit.by_user_id for visit in row.visits}), issuer().unit)
