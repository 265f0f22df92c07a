"""The form of a new key for another system."""

from __future__ import annotations

from flask_babel import gettext as _
from wtforms import BooleanField, Form, StringField

from portal.core.errors import InvalidFieldsError
from portal.core.text import N_, clean
from portal.domain.reports.models import Channel
from portal.domain.writers.models import CHANNELS
from portal.domain.writers.services import NewWriter

_DIGITS_MOST = 9


class _ChannelField(StringField):
    """One of the channels that a key may have."""

    choices = tuple((one.value, one.label) for one in CHANNELS)


class WriterForm(Form):
    """Whose key it is, by which channel its reports come, and how much of what counts as one."""

    name = StringField(N_("系统的名称"), default="")
    channel = _ChannelField(N_("来源渠道"), default=Channel.OPEN311.value)
    window_minutes = StringField(N_("多少分钟内算同一件"), default=str(NewWriter.window_minutes))
    per_hour = StringField(N_("每小时最多提交几次"), default=str(NewWriter.per_hour))
    gives_token = BooleanField(N_("先答凭据，不直接答编号"))

    def to_new(self) -> NewWriter:
        """What the form says; what is no number or channel is one that no key may have."""
        known = {one.value for one in CHANNELS}
        return NewWriter(
            name=clean(self.name.data or ""),
            channel=Channel(self.channel.data if self.channel.data in known else Channel.WEB),
            per_hour=_whole(self.per_hour.data),
            window_minutes=_whole(self.window_minutes.data),
            gives_token=bool(self.gives_token.data),
        )

    def tell(self, fault: InvalidFieldsError) -> None:
        """Put what was refused beside its field."""
        for name, group in fault.faults.items():
            self[name].errors = [_(one.message) for one in group]


def _whole(typed: str | None) -> int:
    """The number, or -1."""
    plain = (typed or "").strip()
    is_number = plain.isascii() and plain.isdigit() and len(plain) <= _DIGITS_MOST
    return int(plain) if is_number else -1
