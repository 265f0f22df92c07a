"""Which of the rules that fit is the most specific one.

The category decides before the grid: a rule for bad smells in the whole city beats one for every
kind of air pollution in one village, because departments answer for subjects first and for
territories second. Among rules for the same category the finer grid wins: village, town, county,
any.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from portal.domain.routing.models import RoutingRule


def most_specific(
    rules: Iterable[RoutingRule], category_path: Sequence[int], grid_path: Sequence[int]
) -> RoutingRule | None:
    """The winning rule; None when none fits.

    The paths are ids from level 1 down to the category, and from the county down to the grid. Of
    two rules alike the older one wins, so that a double entry changes nothing.
    """
    fitting = (
        (_depth(rule.category_id, category_path), _depth(rule.grid_id, grid_path), -rule.id, rule)
        for rule in rules
        if rule.category_id in {None, *category_path} and rule.grid_id in {None, *grid_path}
    )
    best = max(fitting, key=lambda entry: entry[:3], default=None)
    return best[3] if best else None


def _depth(asked: int | None, path: Sequence[int]) -> int:
    """0 for a rule that asks for nothing, else how far down the path it asks."""
    return 0 if asked is None else list(path).index(asked) + 1
