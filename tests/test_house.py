"""The rules of the house that no other tool checks. Each failure names the place and the rule."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from portal.config import Settings
from tests import house, routes

ROOT = house.ROOT
LONGEST = 400  # lines; house.md guides to 250
VAGUE = {"base_utils", "common", "helper", "helpers", "manager", "misc", "util", "utils"}
READS_TIME = {
    "date.today", "datetime.date.today", "datetime.datetime.now", "datetime.datetime.utcnow",
    "datetime.now", "datetime.today", "datetime.utcnow", "func.current_timestamp", "func.now",
    "time.gmtime", "time.localtime", "time.time", "time.time_ns",
}  # fmt: skip
SQL = {"delete", "insert", "select", "text", "update"}
WORKER_ONLY = ("cv2", "imagehash", "pi_heif", "portal.cli.demo.load", "sklearn")
# Their `state` is not the report's: a delivery's, a request's are set in their own room.
OTHER_STATES = {"delivery", "extension", "receipt"}
MAY_SET_STATE = {
    "portal/domain/reports/workflow.py",
    "portal/domain/publication/listing.py",  # the public list is a copy, made after the fact
}
TEMPLATES = house.files("templates/**/*.html", "templates/**/*.txt", "templates/**/*.xml")
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


def without_comments(path: Path) -> str:
    """A template's source with comments blanked, so that lines keep their numbers."""
    source = path.read_text(encoding="utf-8")
    return re.sub(r"\{#.*?#\}", lambda m: "\n" * m[0].count("\n"), source, flags=re.DOTALL)


def matches(paths: list[Path], pattern: str) -> list[str]:
    """Where `pattern` is found in templates."""
    return [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}: {found[0]!r}"
        for path in paths
        for text in [without_comments(path)]
        for found in re.finditer(pattern, text, flags=re.IGNORECASE)
    ]


# --- who may do what (house.md section 2) ---------------------------------------------------------
def test_only_the_workflow_sets_a_reports_state() -> None:
    found = [
        module.place(target)
        for module in house.modules()
        if module.name not in MAY_SET_STATE
        for target in house.assigned(module)
        if target.attr == "state" and house.dotted(target.value).split(".")[-1] not in OTHER_STATES
    ]
    assert not found, "only portal/domain/reports/workflow.py assigns report.state"


def test_only_core_db_commits() -> None:
    found = [
        module.place(call)
        for module in house.modules()
        if module.name != "portal/core/db.py"
        for name, call in house.calls(module)
        if name.split(".")[-1] == "commit"
    ]
    assert not found, "write inside `with transaction():`"


def test_only_the_clock_reads_time() -> None:
    found = [
        f"{module.place(call)} {name}"
        for module in house.modules()
        if module.name != "portal/core/clock.py"
        for name, call in house.calls(module)
        if name in READS_TIME
    ] + [
        f"{module.place(node)} {name}"
        for module in house.modules()
        for name, node in house.imports(module)
        if name in {"time.time", "time.time_ns"}
    ]
    assert not found, "services get `at=`, doors and jobs call portal.core.clock.now()"


def test_only_config_reads_the_environment() -> None:
    found = [
        module.place(node)
        for module in house.modules()
        if module.name != "portal/config.py"
        for node in module.nodes
        if isinstance(node, ast.Attribute) and house.dotted(node) in {"os.environ", "os.getenv"}
    ] + [
        module.place(node)
        for module in house.modules()
        for name, node in house.imports(module)
        if name in {"os.environ", "os.getenv"}
    ]
    assert not found, "settings come from portal.config.Settings"


def test_doors_ask_queries_instead_of_the_database() -> None:
    found = [
        f"{module.place(node)} {name}"
        for module in house.modules("portal/web")
        for name, node in house.imports(module)
        if name
        in {"sqlalchemy.select", "sqlalchemy.update", "sqlalchemy.insert", "sqlalchemy.text"}
    ]
    assert not found, "a SELECT belongs in a room's queries.py"


def test_queries_do_not_write() -> None:
    writes = {"session.add", "session.add_all", "session.delete", "session.flush", "session.merge"}
    found = [
        module.place(call)
        for module in house.modules("portal/domain")
        if module.name.endswith("/queries.py")
        for name, call in house.calls(module)
        if ".".join(name.split(".")[-2:]) in writes or name in {"insert", "update", "delete"}
    ]
    assert not found, "queries.py only reads"


def test_adapters_know_neither_database_nor_flask() -> None:
    found = [
        f"{module.place(node)} {name}"
        for module in house.modules("portal/adapters")
        for name, node in house.imports(module)
        if name.startswith(("flask", "portal.core.db", "sqlalchemy"))
    ]
    assert not found, "adapters talk to the outside world only"


def test_the_web_application_never_loads_what_only_the_worker_needs(tmp_path: Path) -> None:
    program = f"""
import pkgutil, sys, importlib
import portal.web
from tests.conftest import make_settings
from pathlib import Path
from portal.app import create_app
create_app(make_settings(Path({str(tmp_path)!r})))
for module in pkgutil.walk_packages(portal.web.__path__, "portal.web."):
    importlib.import_module(module.name)
print(*sorted(set({WORKER_ONLY!r}) & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "", "loaded by the web application"


# --- doors and events -----------------------------------------------------------------------------
def test_every_route_says_who_may_call_it(app: Flask) -> None:
    silent = [
        f"{rule.rule} ({rule.endpoint})"
        for rule in app.url_map.iter_rules()
        if routes.access_of(app, rule.endpoint) == "SILENT"
    ]
    assert not silent, "mark the view with @public or @require(...)"


def test_the_list_of_routes_agrees(app: Flask) -> None:
    listed = routes.LIST.read_text(encoding="utf-8").splitlines()
    assert routes.list_routes(app) == listed, "python -m tests.routes, then look at the difference"


def test_every_event_kind_is_wired_or_declared_silent(settings: Settings) -> None:
    from portal import wiring
    from portal.domain.reports.states import Action

    recorded = {kind for module in house.modules() for kind in house.event_kinds(module)}
    heard = set(wiring.subscriptions(settings))
    assert {*recorded, *Action} <= heard | wiring.SILENT, "add the kind to portal/wiring.py"
    assert not heard & wiring.SILENT
    assert recorded >= wiring.SILENT, "declared silent, but never recorded"


# --- names and sizes (house.md section 4) ---------------------------------------------------------
def test_no_file_grows_too_long() -> None:
    sources = house.files(
        "portal/**/*.py", "tests/**/*.py", "tools/*", "templates/**/*.html", "static/js/**/*.js"
    )
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in sources}
    found = [f"{path.relative_to(ROOT)}: {n}" for path, n in lengths.items() if n > LONGEST]
    assert not found, f"at most {LONGEST} lines; better: what would each half be named?"


def test_names_say_what_is_inside() -> None:
    found = [
        path
        for path in names(house.files("portal/**/*.py", "tests/**/*.py", "static/js/**/*.js"))
        if VAGUE & {part.removesuffix(".py").removesuffix(".js") for part in path.split("/")}
    ]
    assert not found, "name a module for what it decides or does"


# --- templates ------------------------------------------------------------------------------------
def test_templates_parse(app: Flask) -> None:
    for path in TEMPLATES:
        name = path.relative_to(ROOT / "templates").as_posix()
        app.jinja_env.compile(path.read_text(encoding="utf-8"), name, str(path))


def test_templates_have_no_inline_styles_or_handlers() -> None:
    found = [
        *matches(PAGES, r"<[^<>]*\sstyle\s*="),
        *matches(PAGES, r"<[a-z][^<>]*\son[a-z]+\s*="),
        *matches(PAGES, r"javascript:"),
    ]
    assert not found, "the content security policy forbids them"


def test_templates_have_no_inline_scripts() -> None:
    tags = matches(PAGES, r"<script\b[^>]*>")
    found = [tag for tag in tags if "src=" not in tag and "json" not in tag and "nonce" not in tag]
    assert not found, "scripts come from static/js/entries"


# Changes nothing; it posts only because a receipt must stand in no address and no log.
ONLY_ASKS = {"open/log.html"}


def test_every_form_that_posts_carries_a_token() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {form[:80]!r}"
        for path in PAGES
        if path.relative_to(ROOT / "templates").as_posix() not in ONLY_ASKS
        for form in re.findall(
            r"<form\b[^>]*method=[\"']?post.*?</form>",
            without_comments(path),
            flags=re.IGNORECASE | re.DOTALL,
        )
        if not re.search(r"csrf|form_token|hidden_tag", form)
    ]
    assert not found, "a form needs csrf_token, or form_token for residents"


def test_templates_have_no_untranslated_text(app: Flask) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in TEMPLATES
        for line, text in house.unmarked_template_texts(
            app.jinja_env, path.read_text(encoding="utf-8")
        )
    ]
    assert not found, "wrap in {{ _('…') }} or {% trans %}"


# --- words ----------------------------------------------------------------------------------------
def test_code_has_no_untranslated_text() -> None:
    # Names of places and offices are data; operators' commands and official documents speak the
    # city's language: a notice is an act of the city, in whatever language it is looked at.
    spared = re.compile(r"portal/(cli/.*|config|core/documents/.*|.*/(seed(/.*)?|wording))\.py")
    found = [
        f"{module.place(text)} {text.value!r}"
        for module in house.modules()
        if not spared.fullmatch(module.name)
        for text in house.unmarked_texts(module)
    ]
    assert not found, "mark with _() in web, N_() below; what is no text: `# not a text`"


def test_scripts_have_no_untranslated_text() -> None:
    comment = re.compile(r"/\*.*?\*/|(?<![:'\"])//[^\n]*", flags=re.DOTALL)
    found = [
        path.relative_to(ROOT).as_posix()
        for path in house.files("static/js/**/*.js")
        if house.HAN.search(comment.sub("", path.read_text(encoding="utf-8")))
    ]
    assert not found, "texts come from the page, in data-* attributes, already translated"


def settings_read() -> Iterator[str]:
    """The names that config.py looks up in the environment."""
    config = next(m for m in house.modules() if m.name == "portal/config.py")
    for _name, call in house.calls(config):
        first = call.args[0] if call.args else None
        name = first.value if isinstance(first, ast.Constant) else None
        if isinstance(name, str) and re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", name):
            yield name


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    missing = [name for name in sorted(set(settings_read())) if f"`{name}`" not in documented]
    assert not missing, "explain them in docs/operations.md"
