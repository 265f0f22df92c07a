"""Reading the source tree for the house tests: modules, templates, and what stands in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
HAN = re.compile(r"[\u3400-\u9fff]")
MARKERS = frozenset(
    {"N_", "_", "gettext", "lazy_gettext", "lazy_pgettext", "ngettext", "npgettext", "pgettext"}
)


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, and its syntax tree."""

    name: str
    tree: ast.Module
    lines: tuple[str, ...]

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree; walking it anew for each rule would take seconds."""
        return tuple(ast.walk(self.tree))

    def place(self, node: ast.AST) -> str:
        """Where `node` stands, as an editor finds it."""
        return f"{self.name}:{getattr(node, 'lineno', 1)}"


@cache
def modules(folder: str = "portal") -> list[Module]:
    """Every Python file under `folder`."""
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT).as_posix()
        found.append(Module(name, ast.parse(source), tuple(source.splitlines())))
    return found


def files(*patterns: str) -> list[Path]:
    """The files that match any of `patterns`, which start at the root."""
    return sorted({path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()})


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a chain of attributes; only the tail when it hangs on a call."""
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else node.attr
    return node.id if isinstance(node, ast.Name) else ""


def calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the dotted name of what is called."""
    for node in module.nodes:
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def imports(module: Module) -> Iterator[tuple[str, ast.AST]]:
    """Every imported name, `package.module.name` for from-imports."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node) for alias in node.names)


def assigned(module: Module) -> Iterator[ast.Attribute]:
    """Every attribute that is given a value."""
    for node in module.nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node


def event_kinds(module: Module) -> Iterator[str]:
    """The kinds of events that `module` records, as far as they are written out.

    They stand in `Happening(...)`, or are handed to a function of the module as its `kind`.
    """
    if not any(name.endswith(".Happening") for name, _node in imports(module)):
        return
    takes_kind = {"Happening": 2, **_parameter_places(module, "kind")}
    constants = _constants(module.tree)
    for name, call in calls(module):
        if name in takes_kind:
            named = [keyword.value for keyword in call.keywords if keyword.arg == "kind"]
            for value in named or call.args[takes_kind[name] : takes_kind[name] + 1]:
                kind = (
                    value.value if isinstance(value, ast.Constant) else constants.get(dotted(value))
                )
                if isinstance(kind, str):
                    yield kind


def _parameter_places(module: Module, parameter: str) -> dict[str, int]:
    """Function name → position of its `parameter`, for those that have it."""
    found = {}
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef):
            given = [argument.arg for argument in node.args.args]
            if parameter in given:
                found[node.name] = given.index(parameter)
    return found


def _constants(tree: ast.Module) -> dict[str, object]:
    """The module's names that stand for a constant."""
    return {
        dotted(target): node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
    }


def unmarked_texts(module: Module) -> Iterator[ast.Constant]:
    """Chinese string constants that no translation reaches.

    Spared are documentation, what stands in a marker or a regular expression, single characters,
    and lines that say `# not a text`.
    """
    skipped: set[int] = set()
    for node in module.nodes:
        if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] in {*MARKERS, "compile"}:
            skipped.update(id(inner) for inner in ast.walk(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
    for node in module.nodes:
        if not isinstance(node, ast.Constant) or id(node) in skipped or not _is_chinese(node.value):
            continue
        if len(str(node.value)) > 1 and "# not a text" not in module.lines[node.lineno - 1]:
            yield node


def unmarked_template_texts(env: Environment, source: str) -> Iterator[tuple[int, str]]:
    """Chinese in a template outside `_()` and `{% trans %}`: line and text."""
    yield from _unmarked(env.parse(source))


def _unmarked(node: nodes.Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        if node.node.name in MARKERS:
            return
    elif isinstance(node, nodes.TemplateData) and HAN.search(node.data):
        # A language is offered under its own name, whatever the page speaks.
        if HAN.search(node.data.replace(">中文<", "><")):
            yield node.lineno, node.data.strip()[:40]
    elif isinstance(node, nodes.Const) and _is_chinese(node.value):
        yield node.lineno, str(node.value)[:40]
    for child in node.iter_child_nodes():
        yield from _unmarked(child)


def _is_chinese(value: object) -> bool:
    return isinstance(value, str) and bool(HAN.search(value))
