"""Finds text without an English translation, and keeps the catalogue in step with the code.

`python -m portal.cli.translations check` fails when a translation is missing, doubtful (fuzzy),
left over or has other placeholders than its source; `update` writes the catalogue, with empty
translations for what is new. Runs without the application, so that it works in any checkout.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("en",)
SOURCES = ("portal", "templates")
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_pgettext": ((1, "c"), 2)}


def extract_texts(root: Path) -> Catalog:
    """Every marked text in `root`'s Python modules and templates."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(
        root,
        methods,
        options,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
        directory_filter=lambda folder: Path(folder).relative_to(root).parts[0] in SOURCES,
    )
    for name, _line, text, comments, context in found:
        catalog.add(text, None, [(name, 0)], auto_comments=comments, context=context)
    return catalog


def list_faults(texts: Catalog, translated: Catalog) -> Iterator[str]:
    """One line for each text that `translated` does not render, or renders for nothing."""
    for message in texts:
        if not message.id:
            continue
        there = translated.get(message.id, message.context)
        if there is None or not _is_complete(there):
            yield f"missing: {_first(message)}  ({_places(message)})"
        elif there.fuzzy:
            yield f"fuzzy: {_first(message)}"
        else:
            yield from (f"wrong: {_first(message)}: {error}" for error in there.check())
    for message in translated:
        if message.id and texts.get(message.id, message.context) is None:
            yield f"obsolete: {_first(message)}"
    for message in translated.obsolete.values():
        yield f"obsolete: {_first(message)}"


def update_catalog(texts: Catalog, path: Path, language: str) -> None:
    """Bring the catalogue at `path` in step with `texts`; what nobody uses any more goes."""
    catalog = _read(path, language)
    # A guess at what an old translation might mean would only have to be found again.
    catalog.update(texts, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = f"# {language} translations. Made by: portal.cli.translations update"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        # By text and without line numbers: a moved line must not touch the catalogue.
        write_po(file, catalog, width=100, sort_output=True, include_lineno=False)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_complete(message: Message) -> bool:
    strings = (message.string,) if isinstance(message.string, str) else message.string or ()
    return bool(strings) and all(strings)


def _places(message: Message) -> str:
    return ", ".join(dict.fromkeys(name for name, _line in message.locations))


def _path(root: Path, language: str) -> Path:
    return root / "portal" / "translations" / language / "LC_MESSAGES" / "messages.po"


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Carry out `check` or `update`; returns the exit status."""
    if arguments not in (["check"], ["update"]):
        print("usage: python -m portal.cli.translations check|update", file=sys.stderr)
        return 2
    texts = extract_texts(root)
    if arguments == ["update"]:
        for language in LANGUAGES:
            update_catalog(texts, _path(root, language), language)
        return 0
    faults = [
        f"{language}: {fault}"
        for language in LANGUAGES
        for fault in list_faults(texts, _read(_path(root, language), language))
    ]
    print("\n".join(faults) or f"{len(texts)} texts, all translated")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
