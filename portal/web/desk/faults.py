"""What is wrong with a form that came in: told beside its fields, on top, and to programs."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from portal.core.errors import FieldFault, InvalidFieldsError, PortalError

_SUMMARY = "photo_ids"  # every form has it: takes the faults of what has no input of its own


def add_faults(form: Any, fault: InvalidFieldsError) -> None:
    """Put what a service refused beside its field; what has none stands in the summary anyway."""
    for name, group in fault.faults.items():
        target = form[name if name in form else _SUMMARY]
        target.errors = [*target.errors, *(_(one.message) for one in group)]


def faults_of(form: Any) -> InvalidFieldsError:
    """The form's errors as the problem document has them."""
    faults = {
        one.name: [FieldFault("invalid", str(sentence)) for sentence in one.errors]
        for one in form
        if one.errors
    }
    return InvalidFieldsError(faults)


def demand_fit(form: Any) -> None:
    """Raise InvalidFieldsError with what does not fit."""
    if not form.validate():
        raise faults_of(form)


def left_to_say(form: Any, fault: PortalError) -> PortalError | None:
    """Put faults of fields beside them; what concerns the whole step is left for the page."""
    if not isinstance(fault, InvalidFieldsError):
        return fault
    if not any(one.errors for one in form):
        add_faults(form, fault)
    return None


def problems_of(name: str, form: Any) -> list[tuple[str, str]]:
    """(id of the field, sentence) of the form called `name`, for the summary on top."""
    return [(f"{name}-{one.name}", words) for one in form for words in one.errors]
