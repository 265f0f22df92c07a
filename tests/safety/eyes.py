"""Who looks at a report in the matrix: those who see it, and those for whom it does not exist."""

from __future__ import annotations

from dataclasses import dataclass

from portal.domain.accounts.actor import REPORTER, Actor
from portal.domain.accounts.permissions import Role
from tests.factories import staff

ACCUSED, FOREIGN, FOREIGN_TOWN = "sl", "cg", "999901002"
_CENTRAL = (
    *(Role.TRIAGE, Role.REVIEWER, Role.PUBLISHER),
    *(Role.SUPERVISOR, Role.REWARDS, Role.LEADER),
)
_OFFICE = (Role.OBSERVER, Role.ADMIN, Role.SECURITY, Role.AUDITOR)


@dataclass(frozen=True)
class Eye:
    """Who looks: a role, and where they sit."""

    role: Role | None
    department: str = ""
    grid_code: str = ""

    def __str__(self) -> str:
        parts = (self.role or "anybody", self.department, self.grid_code)
        return "-".join(part for part in parts if part)

    def actor(self) -> Actor:
        """The member of staff, or a resident."""
        if self.role is None:
            return REPORTER
        return staff(
            self.role, department=self.department, grid_code=self.grid_code, username=str(self)
        )


SEEING = [
    *(Eye(role) for role in _CENTRAL),
    *(Eye(role, place) for role in (Role.CLERK, Role.HEAD) for place in ("sthj", "zhen-01")),
    Eye(Role.GRID, grid_code="999901001"),
]
BLIND = [
    Eye(None),
    *(Eye(role) for role in _OFFICE),
    *(Eye(role, ACCUSED) for role in (*_CENTRAL, Role.CLERK, Role.HEAD)),
    *(Eye(role, FOREIGN) for role in (Role.CLERK, Role.HEAD)),
    Eye(Role.GRID, grid_code=FOREIGN_TOWN),
    Eye(Role.GRID, ACCUSED, "999901001"),
]
