"""Cutting text into index terms and titles."""

import pytest

from portal.core.text import bigrams, short_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("河边排污口流黑水。味道刺鼻", "河边排污口流黑水"),
        ("领导好，砖厂烟囱整天冒黑烟！", "砖厂烟囱整天冒黑烟"),
        ("实名反映：后山被挖开了；还在挖", "后山被挖开了"),
        ("您好！有人倒垃圾", "有人倒垃圾"),
        ("臭。桥下的水发臭", "桥下的水发臭"),
        ("垃" * 40, "垃" * 29 + "…"),
        ("你好", "你好"),
    ],
)
def test_a_title_says_what_it_is_about(text: str, title: str) -> None:
    assert short_title(text) == title


def test_bigrams_find_words_of_two_characters() -> None:
    assert bigrams("柳溪河 SP26 臭") == "柳溪 溪河 sp26 臭"
