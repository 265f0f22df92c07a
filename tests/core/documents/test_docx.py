"""Official documents as .docx: read back by the library offices' programs are tested with."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import docx.api
import pytest
from docx.shared import Mm, Pt

from portal.core.documents.docx import as_docx
from portal.core.documents.parts import Document, Grid, Heading, Paragraph, written_day

LETTER = Document(
    title="受理告知书",
    number="编号：SP261122000123K",
    addressee="举报人",
    parts=[
        Heading("一、基本情况"),
        Paragraph("第一段。\n第二段。"),
        Heading("（一）核查", 2),
        Grid(["序号", "单位"], [["1", "=cmd|calc"]]),
    ],
    signed_by="示例市生态环境局",
    signed_on=date(2026, 3, 5),
    slip=[Paragraph("签收人：")],
)


def opened(letter: Document = LETTER) -> Any:
    return docx.api.Document(BytesIO(as_docx(letter)))


def near(length: int, mm: float) -> bool:
    """Files count in twentieths of a point: 0.02 mm."""
    return abs(length - Mm(mm)) < Mm(0.1)


def test_the_page_is_that_of_the_standard() -> None:
    section = opened().sections[0]
    assert near(section.page_width, 210)
    assert near(section.page_height, 297)
    assert near(section.top_margin, 37)
    assert near(section.left_margin, 28)
    block = section.page_width - section.left_margin - section.right_margin
    assert near(block, 156)
    assert near(section.page_height - section.top_margin - section.bottom_margin, 225)


def test_words_stand_in_their_order_and_their_type() -> None:
    paragraphs = opened().paragraphs
    words = [p.text for p in paragraphs if p.text]
    assert words[:5] == [
        "受理告知书",
        "编号：SP261122000123K",
        "举报人：",
        "一、基本情况",
        "第一段。",
    ]
    assert words[-4:-2] == ["示例市生态环境局", "2026年3月5日"]
    assert words[-1] == "签收人："
    title = paragraphs[0].runs[0]
    assert title.font.size == Pt(22)
    assert "方正小标宋简体" in title._r.xml
    heading = next(p for p in paragraphs if p.text == "一、基本情况")
    assert "黑体" in heading.runs[0]._r.xml
    text = next(p for p in paragraphs if p.text == "第一段。")
    assert text.runs[0].font.size == Pt(16)
    assert 'w:firstLineChars="200"' in text._p.xml


def test_a_table_repeats_its_headings() -> None:
    table = opened().tables[0]
    assert [cell.text for cell in table.rows[1].cells] == ["1", "=cmd|calc"]
    assert "w:tblHeader" in table.rows[0]._tr.xml


def test_columns_take_the_widths_they_are_given() -> None:
    grid = Grid(["序号", "内容"], [["1", "水"]], (16, 140))
    table = opened(Document("标题", [grid], "单位", date(2026, 1, 2))).tables[0]
    assert [[cell.width.mm for cell in row.cells] for row in table.rows] == [
        [pytest.approx(16, abs=0.1), pytest.approx(140, abs=0.1)]
    ] * 2


def test_missing_fonts_have_a_fallback() -> None:
    with zipfile.ZipFile(BytesIO(as_docx(LETTER))) as file:
        fonts = file.read("word/fontTable.xml").decode()
    assert re.search(r'w:name="仿宋_GB2312"><w:altName w:val="FangSong"', fonts)


def test_odd_and_even_pages_number_themselves_outside() -> None:
    letter = opened()
    section = letter.sections[0]
    assert letter.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer.paragraphs[0]._p.xml
    assert "PAGE" in section.even_page_footer.paragraphs[0]._p.xml


@pytest.mark.parametrize("unfit", ["\x00", "\x08", "\x1f", "\ufffe", "\ud800"])
def test_characters_that_no_file_may_hold_are_left_out(unfit: str) -> None:
    letter = Document("标题", [Paragraph(f"臭{unfit}水")], "单位", date(2026, 1, 2))
    assert "臭水" in [p.text for p in opened(letter).paragraphs]


def test_the_day_is_written_without_zeros() -> None:
    assert written_day(date(2026, 3, 5)) == "2026年3月5日"
