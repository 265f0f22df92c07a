"""Discovery, the list of services, and what each asks."""

from __future__ import annotations

from flask import current_app, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.config import Settings
from portal.web.access import public
from portal.web.limits import HARVESTING, limited
from portal.web.open311.arguments import refuse_foreign_jurisdiction
from portal.web.open311.door import BASE, FORMATS, PREFIX, TEST_BASE, bp, v2
from portal.web.open311.faults import AbsentError
from portal.web.open311.rendering import (
    Value,
    human_page,
    rendered,
    unless_known,
    wanted_format,
)
from portal.web.open311.services import definition, services

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
# When what the endpoints offer or how they answer last changed.
CHANGESET = "2026-11-22T00:00:00+08:00"


@bp.get("/", strict_slashes=False)
@v2.get("/", strict_slashes=False)
@public
def entrance() -> ResponseReturnValue:
    """Without a document: people are led to the page about all this, programs to discovery."""
    is_browser = any(kind == "text/html" for kind, _quality in request.accept_mimetypes)
    target = human_page() if is_browser else f"{PREFIX}/discovery.{wanted_format()}"
    response = redirect(target, code=303)
    response.vary.add("Accept")
    return response


@bp.get(f"/discovery.{FORMATS}")
@public
@limited(HARVESTING)
def discovery(form: str) -> ResponseReturnValue:  # noqa: ARG001 - read from the path by rendering
    """Where the endpoints are: one that files, one to try things out."""
    settings: Settings = current_app.extensions["portal.settings"]
    contact = f"{settings.city_name} {settings.base_url}"
    whole: dict[str, Value] = {
        "changeset": CHANGESET,
        "contact": contact,
        "key_service": _("写入密钥由门户管理员发给接入系统，见 %(page)s", page=human_page()),
        "endpoints": [
            _endpoint(settings.base_url + BASE, "production"),
            _endpoint(settings.base_url + TEST_BASE, "test"),
        ],
    }
    return unless_known(rendered("discovery", whole))


@v2.get(f"/services.{FORMATS}")
@public
@limited(HARVESTING)
def service_list(form: str) -> ResponseReturnValue:  # noqa: ARG001 - read from the path by rendering
    """What can be reported."""
    refuse_foreign_jurisdiction(request.args.get("jurisdiction_id", ""))
    return unless_known(rendered("services", services()))


@v2.get(f"/services/<code>.{FORMATS}")
@public
@limited(HARVESTING)
def service_definition(code: str, form: str) -> ResponseReturnValue:  # noqa: ARG001 - as above
    """What a service asks besides."""
    refuse_foreign_jurisdiction(request.args.get("jurisdiction_id", ""))
    found = definition(code)
    if found is None:
        raise AbsentError(_("service_code：没有这个服务"))
    return unless_known(rendered("service_definition", found))


def _endpoint(url: str, kind: str) -> dict[str, Value]:
    return {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": CHANGESET,
        "type": kind,
        "formats": ["text/xml", "application/json"],
    }
