"""What an official document says, apart from how it is set: pages and .docx draw the same parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

# What XML 1.0 cannot hold: a resident may have pasted it, and a letter must open all the same.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 is 一、 in 黑体, level 2 （一） in 楷体, level 3 1. in bold 仿宋."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the text, its first line two characters in; lines break where `text` does."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table: a line of headings, repeated on each page, and rows of words.

    `widths` of the columns in millimetres, 156 in all; equal when there are none.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float] = ()


Part = Heading | Paragraph | Grid


@dataclass(frozen=True)
class Document:
    """A letter or a report: title, number, whom it addresses, text, who signs it and the day.

    `slip` follows the signature under a dashed line: what the addressee fills in and sends back.
    """

    title: str
    parts: Sequence[Part]
    signed_by: str
    signed_on: date
    number: str = ""
    addressee: str = ""
    attachments: Sequence[str] = ()
    slip: Sequence[Part] = field(default_factory=tuple)

    @property
    def greeting(self) -> str:
        """The line above the text; empty when the document addresses nobody."""
        return f"{self.addressee}：" if self.addressee else ""

    @property
    def day(self) -> str:
        """The day under the signature, as it is written."""
        return written_day(self.signed_on)

    @property
    def attachment_lines(self) -> list[str]:
        """附件: one line each, numbered when there are several."""
        if len(self.attachments) == 1:
            return [f"附件：{self.attachments[0]}"]
        heads = ("附件：", *["　　　"] * len(self.attachments))
        return [f"{heads[n]}{n + 1}. {name}" for n, name in enumerate(self.attachments)]


def written_day(on: date) -> str:
    """成文日期: Arabic digits, the year in full, month and day without a zero (GB/T 9704 7.3.5)."""
    return f"{on.year}年{on.month}月{on.day}日"


def fit_text(text: str) -> str:
    """`text` without the characters that no document may hold."""
    return _UNFIT.sub("", text)
