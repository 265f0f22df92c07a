"""`flask user`: adding staff, second factors, passwords."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
import pyotp
from flask.cli import AppGroup

from portal.core.clock import now
from portal.core.db import transaction
from portal.core.errors import InvalidFieldsError
from portal.domain.accounts.permissions import Role
from portal.domain.accounts.queries import user_by_name
from portal.domain.accounts.services import (
    NewUser,
    add_user,
    disable_user,
    enrol_totp,
    set_password,
)
from portal.domain.departments.queries import department_by_code
from portal.domain.grids.queries import grid_by_code

user_cli = AppGroup("user", help="Members of staff.")
_ISSUER = "suishoupai"
_ROLES = [role.value for role in Role]  # click would offer the names of an enum, in capitals


@contextmanager
def _told() -> Iterator[None]:
    """What cannot be taken is a sentence on the terminal."""
    try:
        yield
    except InvalidFieldsError as refused:
        raise click.ClickException(str(refused)) from None


@user_cli.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Name on screen.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(_ROLES))
@click.option("--department", default="", help="Department code.")
@click.option("--grid", default="", help="Grid code.")
@click.password_option()
def add(
    username: str, name: str, roles: tuple[str, ...], department: str, grid: str, password: str
) -> None:
    """Add a member of staff and print the secret for their authenticator, once."""
    with _told(), transaction():
        placed = department_by_code(department) if department else None
        area = grid_by_code(grid) if grid else None
        if (department and placed is None) or (grid and area is None):
            raise click.ClickException("no such department or grid")
        new = NewUser(
            username,
            name,
            password,
            [Role(r) for r in roles],
            placed.id if placed else None,
            area.id if area else None,
        )
        secret = enrol_totp(add_user(new, now()))
    click.echo(pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=_ISSUER))


@user_cli.command("reset-factor")
@click.argument("username")
def reset_factor(username: str) -> None:
    """Give a member of staff a fresh second factor."""
    with transaction():
        user = user_by_name(username)
        if user is None:
            raise click.ClickException("no such user")
        secret = enrol_totp(user)
    click.echo(pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=_ISSUER))


@user_cli.command("password")
@click.argument("username")
@click.password_option()
def password(username: str, password: str) -> None:
    """Change a password; every session of the user ends."""
    with _told(), transaction():
        user = user_by_name(username)
        if user is None:
            raise click.ClickException("no such user")
        set_password(user, password)


@user_cli.command("disable")
@click.argument("username")
def disable(username: str) -> None:
    """Lock a member of staff out at once."""
    with transaction():
        user = user_by_name(username)
        if user is None:
            raise click.ClickException("no such user")
        disable_user(user)
