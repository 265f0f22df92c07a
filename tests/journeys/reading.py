"""A page as somebody without scripts reads it: words, links, and forms that may be filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

_VOID = frozenset(
    "area base br col embed hr img input link meta source track use wbr path circle rect".split()
)
_SILENT = frozenset({"script", "style", "template", "title"})
_PICKED = frozenset({"radio", "checkbox"})
_BUTTONS = frozenset({"submit", "button", "reset", "image"})


@dataclass
class Control:
    """One field of a form. `choices` are what a select offers, `chosen` what is picked or typed."""

    name: str
    kind: str
    chosen: list[str]
    value: str = "on"
    choices: list[str] = field(default_factory=list)
    is_hidden: bool = False
    many: bool = False


@dataclass
class Form:
    """A form as the page offers it; `fill` refuses what a person could not enter there."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    def fill(self, **answers: str | Sequence[str]) -> Form:
        """Type or pick each answer, by field name. Raises AssertionError where there is no field.

        Names that are no Python words go in as `fill(**{"photo_decisions[…]": "release"})`.
        """
        for name, answer in answers.items():
            self._answer(name, [answer] if isinstance(answer, str) else list(answer))
        return self

    def value(self, name: str) -> str:
        """What stands in the field now; empty when it is absent or left alone."""
        return next((value for key, value in self.pairs() if key == name), "")

    def choices(self, name: str) -> list[str]:
        """What may be picked there."""
        found: list[str] = []
        for control in self.named(name):
            found += control.choices or ([control.value] if control.kind in _PICKED else [])
        return found

    def named(self, name: str) -> list[Control]:
        """The fields called `name`, or `name[]` where several may be given."""
        return [control for control in self.controls if control.name in {name, f"{name}[]"}]

    def names(self) -> set[str]:
        """What every field is called."""
        return {control.name for control in self.controls}

    def takes_files(self, name: str) -> bool:
        """Whether files can be added under `name`."""
        return any(c.kind == "file" and not c.is_hidden for c in self.named(name))

    def pairs(self) -> Iterator[tuple[str, str]]:
        """What a browser sends, but for files."""
        for control in self.controls:
            if control.kind != "file":
                yield from ((control.name, value) for value in control.chosen)

    def _answer(self, name: str, values: list[str]) -> None:
        fields = [c for c in self.named(name) if c.kind not in {"hidden", "file"}]
        usable = [c for c in fields if not c.is_hidden]
        assert usable, f"{self.action} has no field {name}, only {sorted(self.names())}"
        if usable[0].kind in _PICKED:
            _pick(usable, values)
        elif usable[0].choices:
            assert set(values) <= set(usable[0].choices), f"{name}: {values} of {usable[0].choices}"
            usable[0].chosen = values
        else:
            for control, value in zip(usable, values, strict=False):
                control.chosen = [value]


class Link(NamedTuple):
    """A link: where it goes and what it says."""

    href: str
    words: str


@dataclass
class Page:
    """What a person sees without scripts, and what a program finds."""

    title: str = ""
    lang: str = ""
    words: str = ""
    headings: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)

    def form(self, action: str) -> Form:
        """The form that posts to `action`. Raises AssertionError when the page has none."""
        for form in self.forms:
            if form.action.split("?")[0] == action:
                return form
        raise AssertionError(f"no form for {action}, only {[form.action for form in self.forms]}")

    def offers(self, action: str) -> bool:
        """Whether a form posts to `action`."""
        return any(form.action.split("?")[0] == action for form in self.forms)

    def link(self, words: str) -> str:
        """Where the first link with these words goes."""
        for link in self.links:
            if words in link.words:
                return link.href
        raise AssertionError(f"no link “{words}” among {self.links}")


def read_page(html: str) -> Page:
    """Read a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.page.words = " ".join(" ".join(reader.words).split())
    return reader.page


def _pick(boxes: Sequence[Control], values: list[str]) -> None:
    offered = {box.value for box in boxes}
    assert set(values) <= offered, f"{boxes[0].name}: {values} is not among {sorted(offered)}"
    for box in boxes:
        box.chosen = [box.value] if box.value in values else []


class _Reader(HTMLParser):
    """Collects a Page; hidden and silent parts are kept apart from what a person sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.words: list[str] = []
        self._open: list[tuple[str, bool, bool]] = []
        self._form: Form | None = None
        self._select: Control | None = None
        self._option: str | None = None
        self._area: Control | None = None
        self._anchor: str | None = None
        self._anchor_words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            was_hidden, was_silent = self._open[-1][1:] if self._open else (False, False)
            silent = was_silent or tag in _SILENT
            self._open.append((tag, was_hidden or "hidden" in given, silent))
        if self._is_silent("template"):
            return
        opener = getattr(self, f"_open_{tag}", None)
        if opener is not None:
            opener(given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        closer = getattr(self, f"_close_{tag}", None)
        if closer is not None and not self._is_silent("template"):
            closer()
        if any(name == tag for name, _, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.chosen[0] += data
        elif self._open and self._open[-1][0] == "title" and not self.page.title:
            self.page.title = data.strip()
        elif self._open and not any(self._open[-1][1:]):
            self._say(data)

    def _say(self, data: str) -> None:
        self.words.append(data)
        if self._anchor is not None:
            self._anchor_words.append(data)
        if any(name == "h1" for name, _, _ in self._open):
            self.page.headings[-1] += data.strip()

    def _is_silent(self, tag: str) -> bool:
        return any(name == tag for name, _, _ in self._open)

    def _is_hidden(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    # --- what opens ------------------------------------------------------------------------------

    def _open_html(self, given: dict[str, str]) -> None:
        self.page.lang = given.get("lang", "")

    def _open_h1(self, _given: dict[str, str]) -> None:
        self.page.headings.append("")

    def _open_img(self, given: dict[str, str]) -> None:
        self.page.images.append(given.get("src", ""))

    def _open_time(self, given: dict[str, str]) -> None:
        self.page.times.append(given.get("datetime", ""))

    def _open_a(self, given: dict[str, str]) -> None:
        self._anchor, self._anchor_words = given.get("href", ""), []

    def _open_form(self, given: dict[str, str]) -> None:
        self._form = Form(given.get("action", ""), given.get("method", "get").lower())
        self.page.forms.append(self._form)

    def _open_input(self, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text").lower(), given.get("name", "")
        if kind in _BUTTONS:
            return
        value = given.get("value", "on" if kind in _PICKED else "")
        is_set = kind not in _PICKED or "checked" in given
        self._add(
            Control(
                name,
                kind,
                [value] if is_set else [],
                value,
                is_hidden=self._is_hidden() or "hidden" in given,
                many="multiple" in given,
            ),
            given,
        )

    def _open_select(self, given: dict[str, str]) -> None:
        self._select = Control(
            given.get("name", ""),
            "select",
            [],
            is_hidden=self._is_hidden(),
            many="multiple" in given,
        )
        self._add(self._select, given)

    def _open_option(self, given: dict[str, str]) -> None:
        if self._select is None or "disabled" in given:
            return
        value = given.get("value", "")
        self._select.choices.append(value)
        if "selected" in given:
            self._select.chosen.append(value)

    def _open_textarea(self, given: dict[str, str]) -> None:
        self._area = Control(given.get("name", ""), "textarea", [""], is_hidden=self._is_hidden())
        self._add(self._area, given)

    def _add(self, control: Control, given: dict[str, str]) -> None:
        if self._form is not None and control.name and "disabled" not in given:
            self._form.controls.append(control)

    # --- what closes -----------------------------------------------------------------------------

    def _close_a(self) -> None:
        if self._anchor is not None:
            self.page.links.append(Link(self._anchor, "".join(self._anchor_words).strip()))
        self._anchor = None

    def _close_form(self) -> None:
        self._form = None

    def _close_select(self) -> None:
        select, self._select = self._select, None
        if select is not None and not select.many:
            # A browser shows the first choice when none is marked, the last when several are.
            select.chosen = select.chosen[-1:] or select.choices[:1]

    def _close_textarea(self) -> None:
        if self._area is not None:
            # HTML drops the newline that follows the opening tag.
            self._area.chosen[0] = self._area.chosen[0].removeprefix("\n")
        self._area = None
