"""What stands around every page of the console: the way back to the desk, and who is logged in."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from portal.domain.accounts.permissions import Permission
from portal.web.access import actor, is_staff
from portal.web.console.door import bp


@bp.context_processor
def _frame() -> dict[str, Any]:
    if not is_staff():
        return {}
    who = actor()
    nav = [{"name": "home", "label": _("工作台"), "href": url_for("desk.home"), "icon": "home"}]
    if who.may(Permission.SEE_WRITERS):
        href = url_for("console.writer_list")
        here = request.path.startswith(href)
        nav.append(
            {"name": "writers", "label": _("接入系统"), "href": href, "icon": "link"}
            | ({"current": "1"} if here else {})
        )
    nav.append(
        {"name": "help", "label": _("帮助"), "href": url_for("desk.help_page"), "icon": "help"}
    )
    roles = _("、").join(_(role.label) for role in sorted(who.roles))
    return {"nav": nav, "me": {"name": who.name, "role": roles}}
