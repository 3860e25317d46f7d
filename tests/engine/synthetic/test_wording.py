"""What invented people of agencies write is accepted by the record without a question."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib import resources

import pytest

from engine.access.marks import marks_in


def sentences(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from sentences(each)
    elif isinstance(value, list):
        for each in value:
            yield from sentences(each)


@pytest.mark.parametrize("file", ["talk.toml", "conduct.toml"])
def test_no_sentence_that_is_typed_by_hand_has_a_place_or_a_contact_that_would_be_asked_about(
    file: str,
) -> None:
    written = tomllib.loads(resources.files("engine.synthetic").joinpath("data", file).read_text("utf-8"))
    found = list(sentences(written))
    assert len(found) > 50
    assert {text: marks_in(text) for text in found if marks_in(text)} == {}
