"""What the portal says about itself: scope, privacy, accessibility, licence, problems."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Response, render_template

from portal.core.errors import PortalError
from portal.web.access import public
from portal.web.errors import translated
from portal.web.transparency.caching import cached_page
from portal.web.transparency.door import bp

# Refusals of the web layer itself, which has no class of its own for them (portal.web.errors).
_OF_THE_DOOR = {
    "csrf": HTTPStatus.BAD_REQUEST,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


@dataclass(frozen=True)
class Problem:
    """A code that problem documents carry: its status, what to do, and its meaning in English."""

    code: str
    status: int
    words: str
    meaning: str


@bp.get("/about/scope")
@public
def scope() -> Response:
    """What can be reported, what cannot, and where to go then."""
    return _page("about/scope.html")


@bp.get("/about/privacy")
@public
def privacy() -> Response:
    """What is kept about a reporter, who sees it, for how long."""
    return _page("about/privacy.html")


@bp.get("/about/accessibility")
@public
def accessibility() -> Response:
    """How the portal can be used, and what it cannot do yet."""
    return _page("about/accessibility.html")


@bp.get("/about/licence")
@public
def licence() -> Response:
    """What others may do with what is published."""
    return _page("about/licence.html")


@bp.get("/about/problems")
@public
def problems() -> Response:
    """Every error code, under an anchor that problem documents lead to."""
    return cached_page(
        lambda: render_template("about/problems.html", problems=known_problems()), sheet="citizen"
    )


def known_problems() -> list[Problem]:
    """The codes of the PortalError family, collected from its classes, by code."""
    found = {
        code: Problem(code, status, translated(PortalError(http_status=status)), "")
        for code, status in _OF_THE_DOOR.items()
    }
    for kind in _family(PortalError):
        words = translated(PortalError(http_status=kind.http_status))
        meaning = (kind.__doc__ or "").strip().split("\n", 1)[0]
        found[kind.code] = Problem(kind.code, kind.http_status, words, meaning)
    return [found[code] for code in sorted(found)]


def _family(kind: type[PortalError]) -> list[type[PortalError]]:
    """Every class below `kind` and itself; a code's own class comes after those it inherits."""
    return [kind, *(below for child in kind.__subclasses__() for below in _family(child))]


def _page(template: str) -> Response:
    return cached_page(lambda: render_template(template), sheet="citizen")
