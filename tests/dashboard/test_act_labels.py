"""The audit log's acts in the words of a page."""

from __future__ import annotations

from pathlib import Path

import pytest

import engine
from dashboard.act_labels import act, labels


@pytest.fixture(scope="module")
def source() -> str:
    """The engine's own text, where each act is named."""
    return "".join(path.read_text(encoding="utf-8") for path in Path(engine.__file__).parent.rglob("*.py"))


def test_a_label_is_only_of_an_act_that_the_engine_names(source: str) -> None:
    assert [name for name in labels() if f'"{name}"' not in source] == []


def test_two_acts_have_no_label_in_common() -> None:
    assert len(set(labels().values())) == len(labels())


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("break glass", "get emergency access"), ("see worklist", "view worklist"), ("decide", "decide")],
)
def test_an_act_is_shown_in_plain_words(stored: str, shown: str) -> None:
    assert act(stored) == shown
