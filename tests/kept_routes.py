"""Routes that are compiled once in each process, not anew for the application of every test.

Werkzeug compiles a route to Python code when it is bound to a map; for all of ours that takes
longer than most tests. A bound rule knows its map only for the converters, which are the same.
"""

from __future__ import annotations

from collections.abc import Hashable

from flask import Flask
from werkzeug.routing import Map, Rule, RuleFactory

_bound: dict[Hashable, Rule] = {}


class KeptRoutes(Map):
    """A map that takes rules an earlier map has bound."""

    def add(self, rulefactory: RuleFactory) -> None:
        """Add rules, binding those that nobody has bound yet."""
        for rule in rulefactory.get_rules(self):
            shape = _shape(rule)
            if shape not in _bound:
                rule.bind(self)
                _bound[shape] = rule
            known = _bound[shape]
            if not known.build_only:
                self._matcher.add(known)
            self._rules_by_endpoint.setdefault(known.endpoint, []).append(known)
        self._remap = True


def _shape(rule: Rule) -> Hashable:
    """All that one rule can have otherwise than the next, before it is bound."""
    return (*(repr(getattr(rule, name, None)) for name in _SET), *sorted(rule.methods or ()))


_SET = (
    "rule", "endpoint", "subdomain", "host", "defaults", "build_only", "alias", "websocket",
    "redirect_to", "strict_slashes", "merge_slashes", "provide_automatic_options",
)  # fmt: skip


def keep_routes() -> None:
    """Let every application of this process share its routes."""
    Flask.url_map_class = KeptRoutes
