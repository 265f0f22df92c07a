"""Reading orders, urges and talks, as far as the one who asks sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, false, func, select, true

from portal.core.db import db
from portal.core.text import N_
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.permissions import Permission
from portal.domain.reports.models import AccusedDepartment
from portal.domain.supervision.levels import OrderLevel
from portal.domain.supervision.models import PublicOrder, SupervisionOrder, Talk, Urge

Order = SupervisionOrder


class OrderView(StrEnum):
    """The lists of orders."""

    OPEN = "open"
    LATE = "late"
    ANSWERED = "answered"
    LIFTED = "lifted"
    ALL = "all"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return {
            OrderView.OPEN: N_("待答复"),
            OrderView.LATE: N_("超期未答复"),
            OrderView.ANSWERED: N_("已答复"),
            OrderView.LIFTED: N_("已解除"),
            OrderView.ALL: N_("全部"),
        }[self]


@dataclass(frozen=True)
class OrderFilter:
    """What a list of orders is asked for; `after` is the id the last page ended with."""

    view: OrderView = OrderView.OPEN
    level: OrderLevel | None = None
    department_id: int | None = None
    after: int | None = None


def sees_order(actor: Actor) -> ColumnElement[bool]:
    """The condition under which `actor` sees an order.

    Central roles that read orders see all, a unit those addressed to it; whoever sits in a unit
    that the case accuses sees none of its orders.
    """
    if not actor.may(Permission.READ_ORDERS):
        return false()
    own = Order.department_id == actor.department_id
    seen = true() if actor.may(Permission.SEE_ALL) else own
    if actor.department_id is None:
        return seen if actor.may(Permission.SEE_ALL) else false()
    accused = exists().where(
        AccusedDepartment.report_id == Order.report_id,
        AccusedDepartment.department_id == actor.department_id,
    )
    return and_(seen, ~accused)


def orders(wanted: OrderFilter, actor: Actor, at: datetime, limit: int) -> list[SupervisionOrder]:
    """The orders of a list, the newest first."""
    query = select(Order).where(sees_order(actor), *_conditions(wanted, at))
    if wanted.after is not None:
        query = query.where(Order.id < wanted.after)
    return list(db.session.scalars(query.order_by(Order.id.desc()).limit(limit)))


def order_counts(wanted: OrderFilter, actor: Actor, at: datetime) -> dict[OrderView, int]:
    """How many orders each list holds under the same level and unit; one statement."""
    columns = [func.count().filter(_in_view(view, at)).label(view.value) for view in OrderView]
    narrowed = _narrowed(wanted)
    row = db.session.execute(select(*columns).where(sees_order(actor), *narrowed)).one()
    return {view: row._mapping[view.value] for view in OrderView}  # noqa: SLF001


def waiting_orders(actor: Actor, at: datetime) -> tuple[int, int]:
    """What waits for `actor`, and what is late: units owe answers, supervisors read them."""
    waiting, late = db.session.execute(select(*orders_waiting(actor, at))).one()
    return waiting, late


def orders_waiting(actor: Actor, at: datetime) -> tuple[ScalarSelect[int], ScalarSelect[int]]:
    """The same, to be counted together with something else."""
    answers = actor.may(Permission.ANSWER_ORDER)
    view = OrderView.OPEN if answers else OrderView.ANSWERED
    count = select(func.count()).select_from(Order).where(sees_order(actor))
    return (
        count.where(_in_view(view, at)).scalar_subquery(),
        count.where(_in_view(OrderView.LATE, at)).scalar_subquery(),
    )


def order_in_scope(actor: Actor, order_id: int) -> SupervisionOrder | None:
    """The order, if `actor` sees it."""
    return db.session.scalar(select(Order).where(Order.id == order_id, sees_order(actor)))


def orders_of(report_id: int, actor: Actor) -> list[SupervisionOrder]:
    """The orders of a case that `actor` sees, the newest first."""
    query = select(Order).where(Order.report_id == report_id, sees_order(actor))
    return list(db.session.scalars(query.order_by(Order.id.desc())))


def urges_of(report_id: int) -> list[Urge]:
    """Every urge of a case, the newest first."""
    query = select(Urge).where(Urge.report_id == report_id).order_by(Urge.id.desc())
    return list(db.session.scalars(query))


def talks_of(report_id: int) -> list[Talk]:
    """Every talk about a case, the newest first."""
    query = select(Talk).where(Talk.report_id == report_id).order_by(Talk.id.desc())
    return list(db.session.scalars(query))


def pressed(report_ids: list[int]) -> dict[int, OrderLevel]:
    """The gravest standing order of each of these reports; one statement."""
    query = select(Order.report_id, Order.level).where(
        Order.report_id.in_(report_ids), Order.lifted_at.is_(None)
    )
    found: dict[int, OrderLevel] = {}
    grave = list(OrderLevel)
    for report_id, level in db.session.execute(query) if report_ids else ():
        known = found.get(report_id)
        if known is None or grave.index(level) > grave.index(known):
            found[report_id] = level
    return found


def public_orders(limit: int = 100) -> list[PublicOrder]:
    """The public orders: those that stand first, then the lifted ones, the newest first."""
    query = select(PublicOrder).order_by(
        PublicOrder.lifted_at.is_not(None), PublicOrder.issued_at.desc(), PublicOrder.order_id
    )
    return list(db.session.scalars(query.limit(limit)))


def _conditions(wanted: OrderFilter, at: datetime) -> list[ColumnElement[bool]]:
    return [*_narrowed(wanted), _in_view(wanted.view, at)]


def _narrowed(wanted: OrderFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.level is not None:
        found.append(Order.level == wanted.level)
    if wanted.department_id is not None:
        found.append(Order.department_id == wanted.department_id)
    return found


def _in_view(view: OrderView, at: datetime) -> ColumnElement[bool]:
    stands, silent = Order.lifted_at.is_(None), Order.answered_at.is_(None)
    return {
        OrderView.OPEN: and_(stands, silent),
        OrderView.LATE: and_(stands, silent, Order.due_at <= at),
        OrderView.ANSWERED: and_(stands, ~silent),
        OrderView.LIFTED: ~stands,
        OrderView.ALL: true(),
    }[view]
