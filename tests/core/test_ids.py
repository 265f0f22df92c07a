"""Report numbers: what their check character catches when a person copies one by hand."""

from __future__ import annotations

from portal.core.ids import compose_number, read_number

NUMBERS = [compose_number("260309", serial) for serial in range(0, 1_000_000, 997)]


def test_any_wrong_digit_is_caught() -> None:
    """ISO 7064 mod 37,36 catches every single substitution."""
    wrong = [
        number[:i] + digit + number[i + 1 :]
        for number in NUMBERS
        for i in range(2, 14)
        for digit in "0123456789"
        if digit != number[i]
    ]
    assert len(wrong) > 100_000
    assert [number for number in wrong if read_number(number)] == []


def test_nearly_any_two_neighbours_swapped_are_caught() -> None:
    """A hybrid system of ISO 7064 lets some transpositions pass: here fewer than one in a hundred.

    SP260309000150 1 is one: its last two swapped make another number that holds.
    """
    swapped = [
        number[:i] + number[i + 1] + number[i] + number[i + 2 :]
        for number in NUMBERS
        for i in range(2, 14)
        if number[i] != number[i + 1]
    ]
    assert len(swapped) > 10_000
    passed = [number for number in swapped if read_number(number)]
    assert 0 < len(passed) < len(swapped) / 100
    assert read_number("SP2603090001501")
    assert read_number("SP2603090001510")
