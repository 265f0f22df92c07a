from __future__ import annotations

import pytest

from portal.core.contact import mask_email, mask_name, mask_phone, normalise_phone


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("13800138000", "13800138000"),
        (" 138 0013 8000 ", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("+86-13800138000", "13800138000"),
        ("(+86)13800138000", "13800138000"),
        ("008613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("138001380000"[:11], "13800138000"),
        ("0716-8123456", "07168123456"),
        ("(0716) 812 3456", "07168123456"),
        ("010-82345678", "01082345678"),
        ("010-82345678转 801", "01082345678"),
        ("+86 10 8234 5678", "01082345678"),
        ("+86 716 8123456", "07168123456"),
        ("400-812-3456", "4008123456"),
        ("+852 9123 4567", "+85291234567"),
        ("0085291234567", "+85291234567"),
    ],
)
def test_one_spelling(typed: str, expected: str) -> None:
    assert normalise_phone(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["", "12345", "1380013800", "138001380000", "23800138000", "电话", "13800138000a", "010-110"],
)
def test_what_is_no_phone_number(typed: str) -> None:
    assert normalise_phone(typed) is None


def test_full_width_digits() -> None:
    assert normalise_phone(
        "\uff11\uff13\uff18\uff10\uff10\uff11\uff13\uff18\uff10\uff10\uff10"
    ) == ("13800138000")


def test_masks() -> None:
    assert mask_phone("13812340000") == "138****0000"
    assert mask_phone("07168123456") == "071****3456"
    assert mask_phone("1234567") == "*******"
    assert [mask_name(n) for n in ("张三", "欧阳娜娜", " 李 ", "")] == ["张**", "欧**", "李**", ""]
    assert mask_email("zhang.san@example.com") == "z***@example.com"
    assert mask_email("nonsense") == "***"
    assert mask_email("@x") == "***"
