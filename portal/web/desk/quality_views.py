"""Monthly readings of air and water: what was imported, and a new file."""

from __future__ import annotations

import io
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.quality.queries import imports
from portal.domain.quality.reading import read_readings
from portal.domain.quality.services import import_readings
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.uploads import lines_told, sent_text
from portal.web.errors import problem, wants_json

_LARGEST_FILE = 2_000_000  # bytes: twenty thousand lines
_SHOWN = 24


@bp.get("/quality")
@require(Permission.ENTER_DESK, Permission.IMPORT_QUALITY)
def quality_imports() -> ResponseReturnValue:
    """The files that were taken, and the form for a new one."""
    return _page(())


@bp.post("/quality")
@require(Permission.ENTER_DESK, Permission.IMPORT_QUALITY)
def import_quality() -> ResponseReturnValue:
    """Take a file of readings, all of it or nothing."""
    try:
        text = sent_text(_LARGEST_FILE, _("文件太大，一次最多两万行。"))
        rows = read_readings(io.StringIO(text, newline=""))
    except InvalidFieldsError as fault:
        return problem(fault) if wants_json() else (_page(lines_told(fault)), 422)
    name = request.files["file"].filename or ""
    with transaction():
        taken = import_readings(rows, name, by=actor(), at=now())
    flash(
        _(
            "导入了：新的%(new)s条，更正%(changed)s条，没变%(same)s条。",
            new=taken.new, changed=taken.changed, same=taken.same,
        )
    )  # fmt: skip
    return redirect(url_for("desk.quality_imports"), code=303)


def _page(faults: Sequence[str]) -> str:
    rows = imports(_SHOWN)
    names = names_of({row.by_id for row in rows if row.by_id})
    return render_template("desk/quality.html", rows=rows, names=names, faults=faults)
