"""What one entry of the seed says, and the questions several of them share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.domain.categories.classes import DeadlineClass, Urgency

# Decimals of a degree: 2 are about a kilometre, 3 about a hundred metres, 5 about one.
BLOCK, STREET, EXACT = 2, 3, 5


@dataclass(frozen=True)
class NewCategory:
    """A category as it is seeded. A dot in the code makes it level 2."""

    code: str
    name_zh: str
    name_en: str
    icon: str
    hint_zh: str
    hint_en: str
    urgency: Urgency = Urgency.ROUTINE
    deadline_class: DeadlineClass = DeadlineClass.ORDINARY
    photo_required: bool = True
    stop_zh: str | None = None
    stop_en: str | None = None
    place_rounding: int = STREET
    questions: tuple[dict[str, Any], ...] = ()

    @property
    def parent_code(self) -> str | None:
        """The level-1 code; None for level 1."""
        head, dot, _ = self.code.rpartition(".")
        return head if dot else None


@dataclass(frozen=True)
class IndustryEntry:
    """An industry as it is seeded."""

    code: str
    name_zh: str
    name_en: str


def choice(code: str, zh: str, en: str, *options: tuple[str, str, str]) -> dict[str, Any]:
    """A question with one answer out of `options`, each (code, Chinese, English)."""
    return {
        "code": code,
        "kind": "choice",
        "required": False,
        "text_zh": zh,
        "text_en": en,
        "options": [{"code": c, "text_zh": z, "text_en": e} for c, z, e in options],
    }


def text(code: str, zh: str, en: str) -> dict[str, Any]:
    """A question answered in words."""
    return {
        "code": code,
        "kind": "text",
        "required": False,
        "text_zh": zh,
        "text_en": en,
        "options": [],
    }


WHEN_OF_DAY = choice(
    "time_of_day",
    "一般在什么时段？",
    "At what time of day?",
    ("day", "白天（6:00–22:00）", "Daytime (6:00–22:00)"),
    ("night", "夜间（22:00–6:00）", "Night (22:00–6:00)"),
    ("all_day", "全天", "All day"),
)
WATER_LOOK = choice(
    "water_look",
    "水是什么样子？",
    "What does the water look like?",
    ("black", "发黑", "Black"),
    ("coloured", "红、黄、绿等异色", "Red, yellow, green or another colour"),
    ("foam", "有泡沫", "Foam on it"),
    ("oil", "有油污", "Oil on it"),
    ("dead_fish", "有死鱼", "Dead fish in it"),
)
STILL_ON = choice(
    "still_on",
    "现在还在进行吗？",
    "Is it still going on?",
    ("yes", "正在进行", "Yes, now"),
    ("stopped", "已停止", "It has stopped"),
    ("unknown", "不清楚", "Not known"),
)
