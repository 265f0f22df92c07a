"""Kinds of input that WTForms lacks: lists sent as `name[]`, and groups sent as `name[key]`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form, IntegerField, StringField
from wtforms.form import BaseForm
from wtforms.validators import StopValidation, ValidationError

from portal.core.text import N_, clean
from portal.web.row_ids import row_id

Pairs = Sequence[tuple[str, str]]
_MOST_DIGITS = 18
_BOX = re.compile(r"[\s;]+")


def plain_names(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form with `name[]` read as `name`; `name[key]` stays. Values lose control characters."""
    return MultiDict(
        [(key.removesuffix("[]"), clean(value)) for key, value in form.items(multi=True)]
    )


class Said:
    """Refuses a text that is missing, or shorter or longer than the given numbers of characters."""

    def __init__(self, least: int = 1, most: int = 500) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: Form, field: Field) -> None:
        """Raise StopValidation with a sentence for the person who typed."""
        length = len(field.data or "")
        what = _(field.label.text)
        if not length and self.least:
            raise StopValidation(_("请填写“%(what)s”。", what=what))
        if length and length < self.least:
            raise StopValidation(_("“%(what)s”至少%(n)s个字。", what=what, n=self.least))
        if length > self.most:
            raise StopValidation(_("“%(what)s”最多%(n)s个字。", what=what, n=self.most))


class ChoiceField(Field):
    """One of several (code, name) pairs; `optional` allows none."""

    def __init__(
        self, label: str, *, choices: Pairs = (), optional: bool = False, **more: Any
    ) -> None:
        super().__init__(label, **more)
        self.choices: Pairs = choices
        self.is_optional = optional
        self.data: str = ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the first value; an empty one is none."""
        self.data = str(valuelist[0]).strip() if valuelist else ""

    def pre_validate(self, _form: BaseForm) -> None:
        """Raise StopValidation naming what is to be chosen."""
        what = _(self.label.text)
        if not self.data:
            if not self.is_optional:
                raise StopValidation(_("请选择“%(what)s”。", what=what))
        elif self.data not in dict(self.choices):
            raise StopValidation(_("“%(what)s”里没有这一项，请重新选。", what=what))


class ChoicesField(Field):
    """Any number of several, also none."""

    def __init__(self, label: str, *, choices: Pairs = (), **more: Any) -> None:
        super().__init__(label, **more)
        self.choices: Pairs = choices
        self.data: list[str] = []

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take every value once."""
        self.data = list(dict.fromkeys(str(value).strip() for value in valuelist if value))

    def pre_validate(self, _form: BaseForm) -> None:
        """Raise StopValidation for what was never offered."""
        if not set(self.data or ()) <= set(dict(self.choices)):
            raise StopValidation(_("“%(what)s”里没有这一项，请重新选。", what=_(self.label.text)))


class WholeField(IntegerField):
    """A whole number from 1 to `most`, or nothing."""

    def __init__(self, label: str, most: int, **more: Any) -> None:
        super().__init__(label, **more)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read digits. Raises ValueError with a sentence."""
        typed = "".join(str(value).strip() for value in valuelist[:1]).replace(",", "")
        self.data = None
        if not typed:
            return
        if not typed.isdecimal() or not 1 <= int(typed[:_MOST_DIGITS]) <= self.most:
            raise ValueError(_("“%(what)s”要填1以上的整数。", what=_(self.label.text)))
        self.data = int(typed[:_MOST_DIGITS])


class RowIdField(IntegerField):
    """The id of a row; 0 for what names none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read digits."""
        self.data = row_id(str(valuelist[0])) if valuelist else 0


def text_field(label: str, least: int = 1, most: int = 500) -> StringField:
    """A line or paragraph without blanks around it; `least` 0 makes it optional."""
    return StringField(label, validators=[Said(least, most)], filters=[_stripped])


def _stripped(value: str | None) -> str:
    return (value or "").strip().replace("\r\n", "\n")


class LinesField(Field):
    """Several short texts: repeated inputs, or one with a line each. Empty ones are left out."""

    def __init__(self, label: str, most: int, **more: Any) -> None:
        super().__init__(label, **more)
        self.most = most
        self.data: list[str] = []

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take every line."""
        lines = [line.strip() for value in valuelist for line in str(value).splitlines()]
        self.data = [line for line in lines if line]

    def pre_validate(self, _form: BaseForm) -> None:
        """Raise when a line is too long."""
        if any(len(line) > self.most for line in self.data or ()):
            raise ValidationError(_("每一条最多%(n)s个字。", n=self.most))


class RowsField(LinesField):
    """Repeated inputs whose places count, such as the dates beside texts: empty ones are kept."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take every value in its place."""
        self.data = [str(value).strip() for value in valuelist]


class KeyedField(Field):
    """`name[key]=value` as a dict from key to value."""

    data: dict[str, str]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Collect the group from the whole form."""
        self.process_errors: list[str] = []
        pattern = re.compile(rf"{re.escape(self.name)}\[([0-9A-Za-z_-]+)\]")
        self.data = dict(data) if isinstance(data, dict) else {}
        for key, value in (formdata or MultiDict()).items():
            if found := pattern.fullmatch(key):
                self.data[found[1]] = str(value)


Box = tuple[float, float, float, float]
BOX_FAULT = N_("遮盖框要写成“左,上,宽,高”，都是0到1之间的数。")


def read_boxes(text: str) -> list[Box]:
    """Rectangles in fractions: JSON `[[l,t,w,h],…]`, or `l,t,w,h` with blanks between them.

    Raises ValidationError.
    """
    text = text.strip()
    if not text:
        return []
    try:
        given = json.loads(text) if text[0] in "[{" else [p.split(",") for p in _BOX.split(text)]
        return [_box(one) for one in (given if isinstance(given, list) else [given])]
    except (ValueError, TypeError, KeyError) as fault:
        raise ValidationError(_(BOX_FAULT)) from fault


def _box(given: Any) -> Box:
    if isinstance(given, dict):
        names = ("x", "y", "w", "h") if "x" in given else ("left", "top", "width", "height")
        given = [given[name] for name in names]
    left, top, width, height = (float(side) for side in given)
    return left, top, width, height
