"""What the filters of the lists offer: names that each page asks for and that seldom change."""

from __future__ import annotations

from dataclasses import dataclass

from portal.core.kept import Kept
from portal.domain.categories.queries import category_tree
from portal.domain.departments.queries import departments
from portal.domain.grids.models import GridLevel
from portal.domain.grids.queries import grids
from portal.web.desk.frame import name_of

_INDENT = "\u3000"


@dataclass(frozen=True)
class _Name:
    code: str
    name_zh: str
    name_en: str
    indent: str = ""

    @property
    def option(self) -> tuple[str, str]:
        return self.code, self.indent + name_of(self)


@dataclass(frozen=True)
class _Names:
    categories: tuple[_Name, ...]
    towns: tuple[_Name, ...]
    departments: tuple[_Name, ...]


def _read() -> _Names:
    kinds: list[_Name] = []
    for branch in category_tree():
        top = branch.top
        kinds.append(_Name(top.code, top.name_zh, top.name_en))
        kinds += [_Name(c.code, c.name_zh, c.name_en, _INDENT) for c in branch.children]
    return _Names(
        tuple(kinds),
        tuple(_Name(g.code, g.name_zh, g.name_en) for g in grids(GridLevel.TOWN)),
        tuple(_Name(d.code, d.name_zh, d.name_en) for d in departments()),
    )


_names = Kept(_read)


def category_options() -> list[tuple[str, str]]:
    """(code, name) of both levels, the second indented."""
    return [one.option for one in _names.value().categories]


def town_options() -> list[tuple[str, str]]:
    """(code, name) of the towns."""
    return [one.option for one in _names.value().towns]


def department_options() -> list[tuple[str, str]]:
    """(code, name) of the departments."""
    return [one.option for one in _names.value().departments]
