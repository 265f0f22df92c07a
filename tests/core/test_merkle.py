"""RFC 9162 trees: the known vectors, and every proof against the definition written out."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.merkle import (
    EMPTY_ROOT,
    Growing,
    consistency_ranges,
    inclusion_ranges,
    is_consistent,
    leaf_hash,
    node_hash,
    root_by_inclusion,
    root_of,
)

# The vectors that Certificate Transparency's implementations share (RFC 6962 and 9162 hash alike).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def by_definition(hashes: list[bytes]) -> bytes:
    """Section 2.1.1, word for word."""
    if not hashes:
        return sha256().digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node_hash(by_definition(hashes[:k]), by_definition(hashes[k:]))


def numbered(count: int) -> list[bytes]:
    return [leaf_hash(str(n).encode()) for n in range(count)]


def test_the_known_vectors() -> None:
    tree = Growing()
    assert tree.root().hex() == ROOTS[0] == EMPTY_ROOT.hex()
    for leaf, root in zip(LEAVES, ROOTS[1:], strict=True):
        tree.append(leaf_hash(leaf))
        assert tree.root().hex() == root


@given(st.integers(0, 600))
def test_growing_is_the_definition(count: int) -> None:
    hashes = numbered(count)
    assert root_of(hashes) == by_definition(hashes)


@given(st.data())
def test_every_leaf_is_proved_and_no_other(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    hashes = numbered(size)
    path = [by_definition(hashes[low:high]) for low, high in inclusion_ranges(index, size)]
    root = by_definition(hashes)
    assert root_by_inclusion(hashes[index], index, size, path) == root
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index or size == 1))
    if other != index:
        assert root_by_inclusion(hashes[index], other, size, path) != root
        assert root_by_inclusion(hashes[other], index, size, path) != root
    assert root_by_inclusion(hashes[index], index, size, [*path, root]) is None
    assert path == [] or root_by_inclusion(hashes[index], index, size, path[:-1]) is None
    assert root_by_inclusion(hashes[index], size, size, path) is None


@given(st.data())
def test_growth_is_proved_and_change_is_not(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 300))
    first = data.draw(st.integers(1, second))
    hashes = numbered(second)
    path = [by_definition(hashes[low:high]) for low, high in consistency_ranges(first, second)]
    old, new = (first, by_definition(hashes[:first])), (second, by_definition(hashes))
    assert is_consistent(old, new, path)
    changed = data.draw(st.integers(0, first - 1))
    others = [*hashes[:changed], leaf_hash(b"x"), *hashes[changed + 1 :]]
    assert not is_consistent((first, by_definition(others[:first])), new, path)
    assert not is_consistent(old, (second, by_definition(others)), path)
    assert not is_consistent(old, new, [*path, EMPTY_ROOT])
    assert not path or not is_consistent(old, new, path[:-1])


def test_what_is_no_question_gets_no_answer() -> None:
    for index, size in ((0, 0), (5, 5), (-1, 3)):
        with pytest.raises(ValueError):
            inclusion_ranges(index, size)
    for first, second in ((0, 3), (4, 3)):
        with pytest.raises(ValueError):
            consistency_ranges(first, second)
        assert not is_consistent((first, EMPTY_ROOT), (second, EMPTY_ROOT), [])
