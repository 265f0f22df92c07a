"""/report/nearby: what is known about the place before a filing is sent; and 「我也遇到」.

Nothing here is asked of anybody: the form can be sent without it, and it never holds a filing up.
"""

from __future__ import annotations

from datetime import timedelta

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.ids import random_key
from portal.domain.publication.models import PublicLevel
from portal.domain.publication.queries import public_case
from portal.domain.reports.support import support_report
from portal.web.access import public
from portal.web.citizen.entrance import bp
from portal.web.citizen.neighbours import known_near
from portal.web.citizen.signed_tokens import check_form_token
from portal.web.cookies import private_cookie, set_private_cookie
from portal.web.errors import wants_json
from portal.web.limits import LOOKING_AROUND, SUPPORTS, limited

PHONE_COOKIE = "phone"
_PHONE_LASTS = timedelta(days=400)


@bp.route("/report/nearby", methods=["GET", "POST"])
@public
@limited(LOOKING_AROUND)
def nearby() -> ResponseReturnValue:
    """Published cases that may be the same, and how many reports are under way: a piece of HTML
    (204 when there is nothing to tell) or JSON.

    POST is for the page's own script, so that a resident's words stay out of every server's log.
    """
    known = known_near(request.values, now())
    if wants_json():
        return jsonify(cases=known["cases"], under_way=known["under_way"] or None)
    if not known["cases"] and not known["under_way"]:
        return "", 204
    return render_template("citizen/_nearby.html", **known, alone=True)


@bp.post("/report/support")
@public
@limited(SUPPORTS)
def support() -> ResponseReturnValue:
    """Count this phone for a published case, once. Whatever came of it, the answer is the same."""
    check_form_token(request.form.get("form_token", ""))
    at, phone = now(), private_cookie(PHONE_COOKIE) or random_key()
    case = public_case(request.form.get("number", ""))
    if case is not None and case.level == PublicLevel.PUBLISHED:
        report_id = case.report_id
        with transaction():
            support_report(report_id, phone, at)
    thanks = _("谢谢您，记下了。处理的人会知道又有人遇到。")
    response: Response = (
        jsonify(thanks=thanks)
        if wants_json()
        else Response(render_template("citizen/thanks.html", thanks=thanks), mimetype="text/html")
    )
    set_private_cookie(response, PHONE_COOKIE, phone, _PHONE_LASTS)
    return response
