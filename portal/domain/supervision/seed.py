"""The rules of pressure every city starts from (domain.md section 4; supervisors may change them).

Blue urges, yellow and red order. Signing and calling the reporter are small matters: there the
same colours press one step more gently.
"""

from __future__ import annotations

from portal.domain.deadlines.clocks import Clock, Colour
from portal.domain.supervision.levels import Pressure

DEFAULT_RULES: tuple[tuple[Clock, Colour, Pressure, int], ...] = (
    (Clock.SIGN, Colour.YELLOW, Pressure.URGE, 0),
    (Clock.SIGN, Colour.RED, Pressure.YELLOW, 2),
    (Clock.CONTACT, Colour.YELLOW, Pressure.URGE, 0),
    (Clock.CONTACT, Colour.RED, Pressure.YELLOW, 2),
    *(
        rule
        for clock in (Clock.RESOLVE, Clock.MILESTONE, Clock.FEEDBACK)
        for rule in (
            (clock, Colour.BLUE, Pressure.URGE, 0),
            (clock, Colour.YELLOW, Pressure.YELLOW, 5),
            (clock, Colour.RED, Pressure.RED, 3),
        )
    ),
)
