"""An end of a path that has another reference than was asked for is explained; one that has not is not."""

from __future__ import annotations

import pytest

from engine.domain.links.path_ends import ends_in_words

_NAMES = {"P-1": "Daniel Roe", "P-2": "Rex Yarn"}


@pytest.mark.parametrize(
    ("asked", "stops", "sentences"),
    [
        (("P-1", "P-2"), ("P-1", "J-1", "P-2"), ()),
        ((" p-1 ", "P-2"), ("P-1", "J-1", "P-2"), ()),
        (
            ("P-9", "P-2"),
            ("P-1", "J-1", "P-2"),
            ("P-9 is shown as Daniel Roe (P-1). They are records of one person.",),
        ),
        (
            ("P-1", "I-9"),
            ("P-1", "I-1"),
            ("I-9 is shown as I-1. They are records of one incident.",),
        ),
        (("P-1", "P-9"), ("P-1",), ("Both ends are Daniel Roe (P-1), so there is no path between them.",)),
        (("car 7", "car 7"), ("car 7",), ("Both ends are car 7, so there is no path between them.",)),
    ],
)
def test_ends(asked: tuple[str, str], stops: tuple[str, ...], sentences: tuple[str, ...]) -> None:
    assert ends_in_words(asked, stops, _NAMES) == sentences
