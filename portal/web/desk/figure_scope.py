"""Whose figures a member of staff may read, and the lists behind them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import url_for

from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.departments.queries import department_by_id
from portal.domain.figures.models import Kind
from portal.domain.figures.periods import Months
from portal.web.figures.reader import Reader
from portal.web.figures.scope import Scope, named_scope


def scope_of(given: Mapping[str, str], who: Actor) -> Scope | None:
    """Whom the address names, as far as `who` may see it; None for what is unknown or not theirs.

    Whoever does not see all sees their own department only.
    """
    kind, code = given.get("kind", ""), given.get("key", "")
    if who.may(Permission.SEE_ALL):
        return named_scope(kind, code)
    own = department_by_id(who.department_id) if who.department_id else None
    if own is None or (code and (kind, code) != (Kind.DEPARTMENT, own.code)):
        return None
    return named_scope(Kind.DEPARTMENT, own.code)


def list_url(scope: Scope, figure: str, months: Months | None) -> str:
    """The list of the reports a figure counts; of all months when none are given."""
    return url_for("desk.queue", name="all", **scope.list_query(figure, months))


DESK = Reader(list_url)
"""Staff see every number and open every list."""
