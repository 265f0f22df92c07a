"""督办: the list of orders, each with its letter, its answer and its end."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.documents.parts import Document
from portal.core.errors import ConflictError, InvalidFieldsError, PortalError
from portal.domain.accounts.permissions import Permission
from portal.domain.accounts.queries import names_of
from portal.domain.casework.scope import visible_among
from portal.domain.departments.queries import departments
from portal.domain.supervision.levels import OrderLevel, OrderState
from portal.domain.supervision.models import SupervisionOrder
from portal.domain.supervision.queries import (
    OrderFilter,
    OrderView,
    order_counts,
    order_in_scope,
    orders,
)
from portal.domain.supervision.services import answer_order, lift_order
from portal.domain.supervision.wording import write_order
from portal.web.access import actor, require
from portal.web.desk.door import bp
from portal.web.desk.faults import demand_fit, left_to_say, problems_of
from portal.web.desk.fields import plain_names
from portal.web.desk.frame import counted, name_of
from portal.web.desk.order_facts import order_row
from portal.web.desk.order_forms import AnswerForm, LiftForm
from portal.web.desk.report_views import demand
from portal.web.errors import problem, translated, wants_json
from portal.web.letters import docx_response, issuer
from portal.web.row_ids import row_id

_PAGE = 30


@bp.get("/orders")
@require(Permission.ENTER_DESK, Permission.READ_ORDERS)
def order_list() -> ResponseReturnValue:
    """The orders the caller sees, by where they stand, level and unit."""
    who, at = actor(), now()
    offices = {d.code: d for d in departments()} if who.may(Permission.SEE_ALL) else {}
    given: dict[str, Any] = dict(request.args)
    office = offices.get(given.get("department", ""))
    after = given.get("after", "")
    wanted = OrderFilter(
        view=next((v for v in OrderView if v == given.get("view")), OrderView.OPEN),
        level=next((one for one in OrderLevel if one == given.get("level")), None),
        department_id=office.id if office else None,
        after=row_id(after) or None,
    )
    rows = orders(wanted, who, at, _PAGE + 1)
    kept = {name: given[name] for name in ("level", "department") if given.get(name)}
    older = ""
    if len(rows) > _PAGE:
        older = url_for("desk.order_list", view=wanted.view, after=rows[_PAGE - 1].id, **kept)
    return render_template(
        "desk/orders.html",
        wanted=wanted,
        rows=[order_row(order, at) for order in rows[:_PAGE]],
        tabs=_tabs(wanted, kept),
        levels=[(one.value, _(one.label)) for one in OrderLevel],
        offices=[(code, name_of(row)) for code, row in offices.items()],
        department=given.get("department", ""),
        older=older,
    )


_UNCOUNTED = frozenset({OrderView.ALL, OrderView.LIFTED})


def _tabs(wanted: OrderFilter, kept: dict[str, Any]) -> list[dict[str, Any]]:
    found = order_counts(wanted, actor(), now())
    return [
        {
            "label": _(view.label),
            "href": url_for("desk.order_list", view=view, **kept),
            "count": None if view in _UNCOUNTED else counted(found[view]),
            "current": view is wanted.view,
        }
        for view in OrderView
    ]


@bp.get("/orders/<int:order_id>")
@require(Permission.ENTER_DESK)
def show_order(order_id: int) -> ResponseReturnValue:
    """One order as it looks on paper, with what was answered."""
    return _page(_seen(order_id))


@bp.get("/orders/<int:order_id>.docx")
@require(Permission.ENTER_DESK)
def order_file(order_id: int) -> ResponseReturnValue:
    """The letter as a file."""
    order = _seen(order_id)
    letter = _letter(order)
    return docx_response(letter, f"{letter.title}-{order.number}")


@bp.post("/orders/<int:order_id>/answer")
@require(Permission.ENTER_DESK)
def send_answer(order_id: int) -> ResponseReturnValue:
    """The unit answers."""
    _seen(order_id)
    form = AnswerForm(plain_names(request.form))
    try:
        demand(Permission.ANSWER_ORDER)
        demand_fit(form)
        with transaction():
            answer_order(_seen(order_id), form.answer.data or "", by=actor(), at=now())
    except (InvalidFieldsError, ConflictError) as fault:
        return _unfit(order_id, fault, answer=form)
    flash(_("答复送出了，督办员会看到。"))
    return redirect(url_for("desk.show_order", order_id=order_id), code=303)


@bp.post("/orders/<int:order_id>/lift")
@require(Permission.ENTER_DESK)
def lift(order_id: int) -> ResponseReturnValue:
    """End the order, with a reason."""
    _seen(order_id)
    form = LiftForm(plain_names(request.form))
    try:
        demand(Permission.ISSUE_ORDER)
        demand_fit(form)
        with transaction():
            lift_order(_seen(order_id), form.reason.data or "", by=actor(), at=now())
    except (InvalidFieldsError, ConflictError) as fault:
        return _unfit(order_id, fault, lift=form)
    flash(_("督办解除了。"))
    return redirect(url_for("desk.show_order", order_id=order_id), code=303)


def _seen(order_id: int) -> SupervisionOrder:
    order = order_in_scope(actor(), order_id)
    if order is None:
        abort(404)
    return order


def _letter(order: SupervisionOrder) -> Document:
    sender = issuer()
    return write_order(order, sender.city, sender.unit)


def _unfit(order_id: int, fault: PortalError, **forms: Any) -> ResponseReturnValue:
    """The page again with what was typed, and why it was not taken."""
    if wants_json():
        return problem(fault)
    left = [left_to_say(form, fault) for form in forms.values()]
    refusal = translated(fault) if any(left) else ""
    return _page(_seen(order_id), refusal=refusal, **forms), fault.http_status


def _page(
    order: SupervisionOrder,
    *,
    answer: AnswerForm | None = None,
    lift: LiftForm | None = None,
    refusal: str = "",
) -> str:
    who, at = actor(), now()
    forms = {"answer": answer or AnswerForm(), "lift": lift or LiftForm()}
    people = {order.issued_by_id, order.answered_by_id, order.lifted_by_id} - {None}
    own = order.department_id == who.department_id
    waits = order.standing is OrderState.OPEN
    return render_template(
        "desk/order.html",
        order=order,
        row=order_row(order, at),
        document=_letter(order),
        names=names_of({one for one in people if one is not None}),
        sees_case=order.report_id in visible_among(who, [order.report_id]),
        may_answer=who.may(Permission.ANSWER_ORDER) and own and waits,
        may_lift=who.may(Permission.ISSUE_ORDER) and order.standing is not OrderState.LIFTED,
        forms=forms,
        problems=[one for name, form in forms.items() for one in problems_of(name, form)],
        refusal=refusal,
    )
