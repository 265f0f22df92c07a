"""Who does what in the demo: actors by login, chosen so that separation of duties holds."""

from __future__ import annotations

from functools import cache
from random import Random

from portal.cli.demo.people import BUREAU_CODES
from portal.domain.accounts.actor import Actor
from portal.domain.accounts.queries import user_by_name
from portal.domain.accounts.services import actor_of
from portal.domain.departments.models import Department
from portal.domain.departments.queries import department_by_code


@cache
def actor(username: str) -> Actor:
    """Return the actor behind a demo login. Raises LookupError when the city is not settled."""
    user = user_by_name(username)
    if user is None:
        raise LookupError(f"no demo login {username}")
    return actor_of(user)


def one_of(rng: Random, *usernames: str) -> Actor:
    """Return one of several colleagues."""
    return actor(rng.choice(usernames))


def department(code: str) -> Department:
    """Return a department by its code, bound to the present session."""
    found = department_by_code(code)
    if found is None:
        raise LookupError(f"no department {code}")
    return found


def another_bureau(rng: Random, *taken: str) -> str:
    """Return the code of a bureau that is none of ``taken``."""
    return rng.choice([code for code in BUREAU_CODES if code not in taken])
