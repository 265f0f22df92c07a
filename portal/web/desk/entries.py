"""What staff take down for somebody: the choices of the form, and the report it becomes."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from portal.core.contact import normalise_phone
from portal.core.errors import InvalidFieldsError
from portal.domain.categories.queries import category_by_code, category_tree
from portal.domain.grids.queries import grid_by_code, grids
from portal.domain.reports.filing import NewReport, Place
from portal.domain.reports.models import Channel, Photo
from portal.domain.reports.queries import report_of_order
from portal.domain.reports.vault import Contact
from portal.web.desk.forms import EntryForm
from portal.web.desk.frame import name_of

# How a report can reach staff; the rest come in by themselves.
_CHANNELS = (
    Channel.PHONE, Channel.HOTLINE, Channel.LETTER, Channel.INSPECTION, Channel.PATROL,
)  # fmt: skip


def offer(form: EntryForm) -> None:
    """Put the choices into the form."""
    form.channel.choices = [(c.value, _(c.label)) for c in _CHANNELS]
    kinds: list[tuple[str, str]] = []
    for branch in category_tree():
        kinds += [
            (child.code, f"{name_of(branch.top)} · {name_of(child)}") for child in branch.children
        ]
        kinds.append((branch.top.code, _("%(kind)s，说不清哪一种", kind=name_of(branch.top))))
    form.category.choices = kinds
    form.grid_code.choices = [
        ("", ""),
        *((grid.code, name_of(grid)) for grid in grids() if grid.parent_id is not None),
    ]


def has_place(form: EntryForm) -> bool:
    """An address of four characters or a grid, as for residents."""
    if form.grid_code.data or len(form.address.data or "") >= 4:
        return True
    form.address.errors = [_("请写地点，或者选镇街、村社区。")]
    return False


def to_command(form: EntryForm, photos: Sequence[Photo] = ()) -> NewReport:
    """The report that the form tells of. Raises InvalidFieldsError."""
    channel, external = Channel(form.channel.data), form.external_number.data or ""
    if external and (known := report_of_order(channel, external)):
        words = _("已经登记为%(number)s。若是其中另一件事，请在编号后面加-2。", number=known)
        raise InvalidFieldsError.one("external_number", "known", words)
    category = category_by_code(form.category.data)
    if category is None:
        raise InvalidFieldsError.one("category", "unknown", _("没有这个类型。"))
    phone = normalise_phone(form.contact_phone.data) if form.contact_phone.data else ""
    if phone is None:
        raise InvalidFieldsError.one("contact_phone", "phone", _("电话号码好像不对，请核对。"))
    grid = grid_by_code(form.grid_code.data) if form.grid_code.data else None
    source = "address" if form.address.data else "grid"
    return NewReport(
        categories=[category],
        description=form.description.data or "",
        place=Place(source=source, address=form.address.data or "", grid=grid),
        accused_name=form.accused_name.data or "",
        contact=Contact(name=form.contact_name.data or "", phone=phone),
        wants_reply=bool(phone),
        photos=photos,
        channel=channel,
        external_number=external,
    )
