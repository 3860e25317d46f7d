"""A commit tries a fifth of the longest tests, and commits of five kinds try them all."""

from __future__ import annotations

from tests.fifths import in_fifth

NAMES = [f"tests/test_some.py::test_it[{each}]" for each in range(200)]
TOGETHER = [f"tests/test_other.py::test_{each}[207 values]" for each in "abcde"]


def test_five_commits_try_every_test_once() -> None:
    names = [*NAMES, *TOGETHER, "tests/test_other.py::test_alone"]
    tried = [name for commit in "01234" for name in in_fifth(names, commit)]
    assert sorted(tried) == sorted(names)
    assert all(10 < len(in_fifth(NAMES, commit)) < 80 for commit in "01234")


def test_tests_that_share_a_value_of_a_fixture_stay_together() -> None:
    found = [in_fifth(TOGETHER, commit) for commit in "01234"]
    assert sorted(len(each) for each in found) == [0, 0, 0, 0, 5]
    assert max(len(set(each.values())) for each in found) == 1


def test_a_commit_of_the_same_fifth_has_another_order() -> None:
    one, other = in_fifth(NAMES, "a0"), in_fifth(NAMES, "a5")
    assert set(one) == set(other)
    assert sorted(one, key=one.__getitem__) != sorted(other, key=other.__getitem__)
    assert one == in_fifth(NAMES, "a0")
