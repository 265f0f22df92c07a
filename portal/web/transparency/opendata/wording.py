"""What the open data says in words: always in the city's language, whoever reads it."""

from __future__ import annotations

PORTAL = "随手拍·及时查"
RIGHTS = "写明出处，可以自由使用；不去辨认举报人和照片里的人"
TITLE = "公开的举报件"
ABOUT = (
    "受理了的每一件污染举报：已列示的有编号、大类、镇街、单位、日期和状态；"
    "已公开的还有结果、照片和取整后的位置。"
)
KEYWORDS = ("污染", "环境", "投诉", "举报", "督查", "整改")
REOPENED = "重新办理"
WITHHELD = "依法不公开"
STAYED_FIXED = "回头看没有反弹"
CAME_BACK = "回头看又反弹了"


def since(about: str, month: str) -> str:
    """What a column is, with the month it came in."""
    return f"{about}（{month}起）"


def titled(source: str) -> str:
    """The name of the whole set."""
    return f"{source}：{TITLE}"
