"""Fragments are found in sentences of other words, and counts and dates must be there."""

from __future__ import annotations

import pytest

from tests.reviews.case_files import Counts
from tests.reviews.fragments import pattern, pattern_of_counts, plain

TWO_AFTER_ONE = Counts(days=14, now=2, before=1)
ONE_AFTER_NONE = Counts(days=28, now=1, before=0)


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("3 in 15 days", "Three in 15 days, after gaps of 51, 60 and 50."),
        ("51, 60 and 50", "Three in 15 days, after gaps of 51, 60 and 50."),
        ("first recorded threat ... 18 May", "First recorded threat, in a call: 18 May 2026."),
        ("after ... order ... 20 April", "One contact after the protection order of 20 Apr 2026."),
        ("last reached 15 November", "Nothing recorded for 21 days; victim last reached 15 November."),
        ("closed 5 times", "Police closed five times."),
        ("very high", "RoSH VERY HIGH."),
    ],
)
def test_a_fragment_is_found(fragment: str, sentence: str) -> None:
    assert pattern(fragment).search(plain(sentence))


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("3 in 15 days", "13 in 15 days."),
        ("3 in 15 days", "3 in 150 days."),
        ("3 ... 14 days", "Since 3 March, 2 in the last 14 days."),
        ("3 ... 14 days", "There were 3. The last 14 days had 2."),
        ("first recorded threat ... 18 May", "First recorded threat, 8 May 2026."),
        ("last reached 15 November", "Victim last reached 5 November."),
        ("1 ... after the arrest", "11 after the arrest."),
    ],
)
def test_a_fragment_with_another_number_or_date_is_not_found(fragment: str, sentence: str) -> None:
    assert not pattern(fragment).search(plain(sentence))


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (TWO_AFTER_ONE, "2 in the last 14 days, 1 in the 14 days before."),
        (TWO_AFTER_ONE, "Last 14 days: two; 14 days before: one."),
        (TWO_AFTER_ONE, "2 in 14 days (1 before), 3 in 28 days (0 before)."),
        (ONE_AFTER_NONE, "2 in 14 days (1 before), 1 in 28 days (none before)."),
        (ONE_AFTER_NONE, "One in the last 28 days, 0 in the 28 days before."),
    ],
)
def test_counts_are_found(counts: Counts, sentence: str) -> None:
    assert pattern_of_counts(counts).search(plain(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "1 in the last 14 days, 2 in the 14 days before.",
        "2 in the last 14 days.",
        "2 in the last 28 days, 1 in the 28 days before.",
        "12 in the last 14 days, 1 in the 14 days before.",
        "On 2 May the last of 14 days, after 1 June.",
    ],
)
def test_other_counts_are_not_found(sentence: str) -> None:
    assert not pattern_of_counts(TWO_AFTER_ONE).search(plain(sentence))
