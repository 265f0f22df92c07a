"""Setting a document as .docx after GB/T 9704-2012.

A4; margins 37 mm above and 28 mm left around a text block of 156 × 225 mm: 22 lines of 28
characters. Title 小标宋 22 pt, text 仿宋 16 pt, headings 黑体, 楷体 and 仿宋. Fonts are named with
a fallback and not embedded: offices have them, and their makers do not allow passing them on.

Import this module where a file is asked for, not above: it brings lxml along.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import docx.api
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt

from portal.core.documents.parts import Document, Grid, Heading, Paragraph, fit_text

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_TITLE = "方正小标宋简体"
_BODY = "仿宋_GB2312"
_HEI, _KAI, _SONG = "黑体", "楷体_GB2312", "宋体"
_FALLBACKS = {
    _TITLE: "SimSun",
    _BODY: "FangSong",
    _HEI: "SimHei",
    _KAI: "KaiTi",
    _SONG: "SimSun",
}
_LATIN = "Times New Roman"
_TITLE_PT, _BODY_PT, _PAGE_PT, _TABLE_PT = 22, 16, 14, 12
_LINE_PT = 29  # 225 mm ÷ 22 lines
_LINE_TWIPS = 580
# 28 characters of 16 pt are 5.8 pt wider than 156 mm. A grid of characters would say so too, but
# some programs give a character that is wider than its cell two cells.
_TIGHTER_TWIPS = -5
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True)
class _Face:
    """How a line is set; `right` is how many characters stay free on that side."""

    font: str = _BODY
    points: float = _BODY_PT
    bold: bool = False
    align: ALIGN | None = None
    indent: bool = True
    right: float = 0
    stays: bool = False  # on one page with the next line


_TEXT = _Face()
_FLUSH = _Face(indent=False)
_CENTRED = _Face(align=ALIGN.CENTER, indent=False)
_HEADINGS = {1: _Face(_HEI), 2: _Face(_KAI), 3: _Face(bold=True)}


def as_docx(document: Document) -> bytes:
    """`document` as the bytes of a .docx file."""
    letter = docx.api.Document()
    _set_page(letter)
    _set_styles(letter)
    _title(letter, document)
    for part in document.parts:
        _part(letter, part)
    _attachments(letter, document.attachment_lines)
    _signature(letter, document)
    if document.slip:
        _line(letter, "-" * 40, _CENTRED)
        for part in document.slip:
            _part(letter, part)
    _page_numbers(letter)
    letter.core_properties.title = fit_text(document.title)
    letter.core_properties.author = fit_text(document.signed_by)
    file = BytesIO()
    letter.save(file)
    return file.getvalue()


def _set_page(docx: Docx) -> None:

    section = docx.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    for old in section._sectPr.findall(f"{_WORD}docGrid"):  # noqa: SLF001
        section._sectPr.remove(old)  # noqa: SLF001
    grid = OxmlElement("w:docGrid")
    grid.set(f"{_WORD}type", "lines")
    grid.set(f"{_WORD}linePitch", str(_LINE_TWIPS))
    section._sectPr.append(grid)  # noqa: SLF001


def _set_styles(docx: Docx) -> None:
    _font(docx.styles["Normal"], _BODY, _BODY_PT)
    for language in docx.styles.element.iterfind(f"{_WORD}docDefaults//{_WORD}lang"):
        language.set(f"{_WORD}eastAsia", "zh-CN")
    _name_fallbacks(docx)


def _font(target: Any, name: str, points: float, *, bold: bool = False) -> None:
    """Give a style or a run its Chinese font; Latin letters and digits take Times."""
    target.font.name = _LATIN
    target.font.size = Pt(points)
    target.font.bold = bold
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(f"{_WORD}eastAsia", name)
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(f"{_WORD}{theme}", None)


def _name_fallbacks(docx: Docx) -> None:
    """Say in the font table what to take where a font is missing."""
    table = next(
        part for part in docx.part.package.iter_parts() if part.partname.endswith("/fontTable.xml")
    )
    rows = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
        for name, other in _FALLBACKS.items()
    )
    words = table.blob.decode("utf-8")
    table._blob = re.sub("</w:fonts>", rows + "</w:fonts>", words).encode("utf-8")  # noqa: SLF001


def _title(docx: Docx, document: Document) -> None:
    _line(docx, document.title, _Face(_TITLE, _TITLE_PT, align=ALIGN.CENTER, indent=False))
    if document.number:
        _line(docx, document.number, _CENTRED)
    _line(docx, "", _FLUSH)
    if document.greeting:
        _line(docx, document.greeting, _FLUSH)


def _part(docx: Docx, part: Heading | Paragraph | Grid) -> None:
    if isinstance(part, Grid):
        _grid(docx, part)
    elif isinstance(part, Heading):
        _line(docx, part.text, _HEADINGS.get(part.level, _TEXT))
    else:
        for line in part.text.splitlines() or [""]:
            _line(docx, line)


def _line(docx: Docx, text: str, face: _Face = _TEXT) -> None:
    """One paragraph on the grid."""
    paragraph = docx.add_paragraph()
    shape = paragraph.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = Pt(_LINE_PT if face.points <= _BODY_PT else _LINE_PT * 1.2)
    shape.widow_control = False
    shape.alignment = face.align
    shape.keep_with_next = face.stays
    if face.indent:
        _indent(paragraph, firstLineChars=200, firstLine=_BODY_PT * 2 * 20)
    if face.right:
        _indent(paragraph, rightChars=round(face.right * 100), right=round(face.right * 320))
    run = paragraph.add_run(fit_text(text))
    _font(run, face.font, face.points, bold=face.bold)
    if face.points == _BODY_PT:
        spacing = OxmlElement("w:spacing")
        spacing.set(f"{_WORD}val", str(_TIGHTER_TWIPS))
        run.element.get_or_add_rPr().append(spacing)


def _indent(paragraph: Any, **values: int) -> None:
    """Indents in characters, which follow the font, with twips for readers that know no more."""
    element = paragraph._p.get_or_add_pPr().get_or_add_ind()  # noqa: SLF001
    for name, value in values.items():
        element.set(f"{_WORD}{name}", str(value))


def _grid(docx: Docx, grid: Grid) -> None:
    table = docx.add_table(rows=1, cols=len(grid.headings), style="Table Grid")
    _row(table.rows[0].cells, grid.headings, font=_HEI)
    repeated = OxmlElement("w:tblHeader")
    repeated.set(f"{_WORD}val", "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001
    for words in grid.rows:
        _row(table.add_row().cells, words, font=_BODY)
    table.autofit = not grid.widths
    for column, width in zip(table.columns, grid.widths, strict=False):
        for cell in column.cells:
            cell.width = Mm(width)


def _row(cells: Sequence[Any], words: Sequence[str], *, font: str) -> None:
    for cell, text in zip(cells, words, strict=True):
        run = cell.paragraphs[0].add_run(fit_text(text))
        _font(run, font, _TABLE_PT)


def _attachments(docx: Docx, lines: Sequence[str]) -> None:
    if lines:
        _line(docx, "", _FLUSH)
    for line in lines:
        _line(docx, line)


def _signature(docx: Docx, document: Document) -> None:
    """Unit over date, the date four characters from the right and the unit centred above it."""
    day = document.day
    day_chars = 3 + (len(day) - 3) / 2  # three characters and half-width digits
    unit_chars = len(document.signed_by)
    free = 4.0
    unit_free = free + (day_chars - unit_chars) / 2
    if unit_free < 2:  # a long name keeps two characters, and the date moves under its middle
        unit_free, free = 2.0, 2 + (unit_chars - day_chars) / 2
    for text, right in (("", 0.0), ("", 0.0), (document.signed_by, unit_free), (day, free)):
        stays = text != day
        _line(docx, text, _Face(align=ALIGN.RIGHT, indent=False, right=right, stays=stays))


def _page_numbers(docx: Docx) -> None:
    """— 1 — in 宋体 14 pt at the outer foot, one character in."""
    section = docx.sections[0]
    docx.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        paragraph = footer.paragraphs[0]
        paragraph.text = ""
        _indent(paragraph, **{f"{side}Chars": 100, side: 280})
        paragraph.alignment = ALIGN.RIGHT if side == "right" else ALIGN.LEFT
        for text in ("— ", None, " —"):
            run = paragraph.add_run(text or "")
            _font(run, _SONG, _PAGE_PT)
            if text is None:
                _page_field(run)


def _page_field(run: Any) -> None:
    for kind in ("begin", "", "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(f"{_WORD}fldCharType", kind)
        else:
            element.text = "PAGE"
        run._r.append(element)  # noqa: SLF001
