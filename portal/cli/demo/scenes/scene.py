"""What a scene is: one place, drawn before and after from the same standpoint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from portal.cli.demo.scenes.canvas import Canvas, Point


@dataclass(frozen=True, slots=True)
class Scene:
    """One composition; ``fits`` lists the level-2 categories it may illustrate."""

    name: str
    category: str
    fits: tuple[str, ...]
    draw: Callable[[Canvas, bool], None]
    focus: Point = (0.5, 0.66)
    """Where the pollution is, as shares of width and height: a close-up is cut around it."""
    by_night: bool = False
    """Drawn dark already: no time of day is laid over it, and its sky is not exchanged."""
