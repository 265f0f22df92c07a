"""The words of pressure: what a rule does, how grave an order is, where it stands."""

from __future__ import annotations

from enum import StrEnum

from portal.core.text import N_


class Pressure(StrEnum):
    """What follows when a term comes to a colour."""

    URGE = "urge"
    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _PRESSURE_LABELS[self]


class OrderLevel(StrEnum):
    """How grave an order is 督办等级. A public one 挂牌督办 names a leader and is published."""

    YELLOW = "yellow"
    RED = "red"
    PUBLIC = "public"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _LEVEL_LABELS[self]


class OrderState(StrEnum):
    """Where an order stands: waiting for an answer, answered, or lifted 解除."""

    OPEN = "open"
    ANSWERED = "answered"
    LIFTED = "lifted"

    @property
    def label(self) -> str:
        """The Chinese name on screen."""
        return _STATE_LABELS[self]


_PRESSURE_LABELS = {
    Pressure.URGE: N_("催办"),
    Pressure.YELLOW: N_("黄牌督办"),
    Pressure.RED: N_("红牌督办"),
}
_LEVEL_LABELS = {
    OrderLevel.YELLOW: N_("黄牌督办"),
    OrderLevel.RED: N_("红牌督办"),
    OrderLevel.PUBLIC: N_("挂牌督办"),
}
_STATE_LABELS = {
    OrderState.OPEN: N_("待答复"),
    OrderState.ANSWERED: N_("已答复"),
    OrderState.LIFTED: N_("已解除"),
}
