"""Reading a form's fields: cleaned, measured, and every fault kept beside its field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal.core.errors import FieldFault, InvalidFieldsError
from portal.core.text import clean

_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,20})?")
Choice = TypeVar("Choice", bound=StrEnum)


class Fields:
    """A form under examination. `faults` fills while it is read; `refuse` raises them at once."""

    def __init__(self, form: MultiDict[str, str]) -> None:
        self.form = form
        self.faults: dict[str, list[FieldFault]] = {}

    def fault(self, field: str, code: str, message: str) -> None:
        """Remember that `field` cannot be taken, and what to do about it."""
        self.faults.setdefault(field, []).append(FieldFault(code, message))

    def include(self, refused: InvalidFieldsError) -> None:
        """Take over the faults that a lower storey found."""
        for field, faults in refused.faults.items():
            self.faults.setdefault(field, []).extend(faults)

    def refuse(self) -> None:
        """Raise InvalidFieldsError with everything found; its code is the single fault's, if
        there is only one and the contract names it.
        """
        if not self.faults:
            return
        refusal = InvalidFieldsError(self.faults)
        codes = {fault.code for faults in self.faults.values() for fault in faults}
        if codes == {"outside_area"}:
            refusal.code = "outside_area"
        raise refusal

    def text(self, name: str, most: int) -> str:
        """The text of a field, trimmed; longer than `most` characters is a fault."""
        value = clean(self.form.get(name, ""))
        if len(value) > most:
            words = _("最多%(most)s字，现在%(have)s字", most=most, have=len(value))
            self.fault(name, "too_long", words)
        return value

    def is_on(self, name: str) -> bool:
        """Whether a switch is on: `1`, or whatever else a checkbox was given."""
        return self.form.get(name, "") not in {"", "0", "false", "off"}

    def choice(self, name: str, options: type[Choice], default: Choice) -> Choice:
        """One of `options`; anything unknown is a fault."""
        value = self.form.get(name, "").strip()
        try:
            return options(value) if value else default
        except ValueError:
            known = ", ".join(options)
            self.fault(name, "unknown", _("只能是：%(known)s", known=known))
            return default

    def number(self, name: str) -> float | None:
        """A decimal number, or None when empty; anything else is a fault."""
        value = self.form.get(name, "").strip()
        if not value:
            return None
        if not _NUMBER.fullmatch(value):
            self.fault(name, "invalid", _("应是一个数，现在是“%(value)s”", value=value[:20]))
            return None
        return float(value)


def messages(faults: Mapping[str, list[FieldFault]]) -> dict[str, list[str]]:
    """The sentences of each field, in the reader's language, for the macros of forms.html."""
    return {field: [_(fault.message) for fault in group] for field, group in faults.items()}
