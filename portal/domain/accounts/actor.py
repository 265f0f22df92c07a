"""Who acts: the only thing services know about a caller."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portal.core.errors import NotAllowedError
from portal.domain.accounts.permissions import Permission, Role, permissions_of


class ActorKind(StrEnum):
    """A resident with a report's code, a member of staff, or the portal itself."""

    REPORTER = "reporter"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True)
class Actor:
    """A caller with the postings in force now: roles bite at once, so never cache one."""

    kind: ActorKind
    user_id: int | None = None
    roles: frozenset[Role] = frozenset()
    department_id: int | None = None
    grid_id: int | None = None
    name: str = ""

    @property
    def staff_id(self) -> int:
        """The user's id. Raises NotAllowedError for anybody who is not staff."""
        if self.user_id is None:
            raise NotAllowedError
        return self.user_id

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles grants `permission`."""
        return permission in permissions_of(self.roles)


REPORTER = Actor(ActorKind.REPORTER)
SYSTEM = Actor(ActorKind.SYSTEM)
