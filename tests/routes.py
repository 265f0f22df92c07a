"""The list of routes and who may call them, kept in routes.txt so that a review sees a change.

`python -m tests.routes` writes it anew.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from portal.app import create_app

LIST = Path(__file__).with_name("routes.txt")


def list_routes(app: Flask) -> list[str]:
    """One line for each route: who may call it, the methods, the path."""
    return sorted(
        f"{rule.rule}  {'+'.join(methods_of(rule))}  {access_of(app, rule.endpoint)}"
        for rule in app.url_map.iter_rules()
    )


def methods_of(rule: Rule) -> list[str]:
    """The methods that do something."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def access_of(app: Flask, endpoint: str) -> str:
    """Who may call this endpoint: `public`, or the permissions that its view demands."""
    # Flask's own view of the static files is the only one that cannot be marked.
    default = "public" if endpoint == "static" else "SILENT"
    return str(getattr(app.view_functions[endpoint], "access", default))


def main() -> None:
    """Write the list."""
    from tests.conftest import make_settings

    with tempfile.TemporaryDirectory() as folder:
        lines = list_routes(create_app(make_settings(Path(folder))))
    LIST.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
