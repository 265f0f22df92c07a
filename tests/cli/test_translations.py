"""The translation check on small trees of its own."""

from pathlib import Path

import pytest

from portal.cli.translations import main

CATALOGUE = "portal/translations/en/LC_MESSAGES/messages.po"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "portal").mkdir()
    (tmp_path / "templates" / "desk").mkdir(parents=True)
    (tmp_path / "portal" / "names.py").write_text('LABEL = N_("空气")\n', encoding="utf-8")
    (tmp_path / "templates" / "desk" / "queue.html").write_text(
        "<h1>{{ _('队列') }}</h1>{% trans n=3 %}\n  共 {{ n }} 件\n{% endtrans %}", encoding="utf-8"
    )
    return tmp_path


def translate(tree: Path, **texts: str) -> None:
    path = tree / CATALOGUE
    content = path.read_text(encoding="utf-8")
    for source, english in texts.items():
        content = content.replace(f'"{source}"\nmsgstr ""', f'"{source}"\nmsgstr "{english}"')
    path.write_text(content, encoding="utf-8")


def test_missing_texts_are_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"], tree) == 1
    said = capsys.readouterr().out
    assert "missing: 空气  (portal/names.py)" in said
    assert "missing: 队列  (templates/desk/queue.html)" in said
    assert "missing: 共 %(n)s 件" in said


def test_a_complete_catalogue_passes(tree: Path) -> None:
    assert main(["update"], tree) == 0
    translate(tree, 空气="Air", 队列="Queue", **{"共 %(n)s 件": "%(n)s in all"})
    assert main(["check"], tree) == 0


def test_update_keeps_translations_and_drops_what_nobody_uses(tree: Path) -> None:
    main(["update"], tree)
    translate(tree, 空气="Air", 队列="Queue")
    (tree / "portal" / "names.py").write_text("", encoding="utf-8")
    main(["update"], tree)
    content = (tree / CATALOGUE).read_text(encoding="utf-8")
    assert 'msgstr "Queue"' in content
    assert "空气" not in content


def test_updating_twice_changes_nothing(tree: Path) -> None:
    main(["update"], tree)
    before = (tree / CATALOGUE).read_bytes()
    main(["update"], tree)
    assert (tree / CATALOGUE).read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgid "队列"', '#, fuzzy\nmsgid "队列"', "fuzzy: 队列"),
        ("%(n)s in all", "%(m)s in all", "wrong: 共 %(n)s 件"),
        ('msgid "队列"', 'msgid "旧"\nmsgstr "old"\n\nmsgid "队列"', "obsolete: 旧"),
    ],
)
def test_doubtful_translations_fail(
    tree: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, fault: str
) -> None:
    main(["update"], tree)
    translate(tree, 空气="Air", 队列="Queue", **{"共 %(n)s 件": "%(n)s in all"})
    path = tree / CATALOGUE
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert main(["check"], tree) == 1
    assert fault in capsys.readouterr().out


def test_anything_else_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["repair"]) == 2
    assert "usage:" in capsys.readouterr().err
