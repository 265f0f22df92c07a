"""Refusals as GeoReport v2 has them: `errors`, each with `code` and `description`.

404 for what does not exist, 403 for keys, 400 for anything else that was sent; what only the
framework can refuse keeps its own status (405, 413, 415, 429, 5xx).
"""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from portal.core.errors import InvalidFieldsError, PortalError
from portal.web.errors import translated
from portal.web.open311.rendering import human_page, rendered

_BAD = 400
_KEPT = frozenset({403, 404, 405, 413, 415, 429})
_SERVER = 500


class BadArgumentError(PortalError):
    """An argument cannot be understood; the description names it."""

    code = "bad_argument"
    http_status = 400


class KeyRefusedError(PortalError):
    """No api_key, an unknown one, or one that may not do this."""

    code = "key_refused"
    http_status = 403


class AbsentError(PortalError):
    """No such service, request, token or jurisdiction; or nothing of it is public."""

    code = "absent"
    http_status = 404


def refused(fault: PortalError) -> Response:
    """`fault` in the format asked for."""
    status = fault.http_status
    if status not in _KEPT and status < _SERVER:
        status = _BAD
    errors = [{"code": str(status), "description": words} for words in _words(fault)]
    return rendered("errors", errors, status)


def _words(fault: PortalError) -> list[str]:
    """One description for each thing that is wrong, with the argument's name before it."""
    if fault.code == "not_found":
        return [_("没有这个地址。地址都以 .xml 或 .json 结尾，见 %(page)s", page=human_page())]
    if not isinstance(fault, InvalidFieldsError):
        return [translated(fault)]
    return [
        f"{field}: {_(found.message)}" for field, group in fault.faults.items() for found in group
    ]
