"""What docs/analysts/links.md says of keys, words and files is what the engine does."""

from __future__ import annotations

import re
from pathlib import Path

from engine.links.escalation import NO_ALARM
from engine.links.exporting.i2 import LINK_COLUMNS
from engine.links.kinds import Role, Shape
from engine.links.mapping import read_mapping
from engine.links.patterns.finding import PatternKey

PAGE = (Path(__file__).parents[2] / "docs" / "analysts" / "links.md").read_text(encoding="utf-8")


def test_every_pattern_has_its_row() -> None:
    assert set(re.findall(r"^\| `([a-z\-]+)` \|", PAGE, re.MULTILINE)) == {key.value for key in PatternKey}


def test_the_mapping_of_the_page_is_one() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    mapping = read_mapping(text)
    assert mapping.role_of("beides") == Role.PERPETRATOR | Role.VICTIM
    assert mapping.shape_of("gang event") is Shape.INCIDENT
    assert mapping.type_of("") == "person"


def test_the_words_without_an_alarm_are_those_of_the_page() -> None:
    assert NO_ALARM in " ".join(PAGE.replace("\\*", "*").split())


def test_the_columns_for_i2_are_those_of_the_page() -> None:
    line = " ".join(PAGE.split())
    assert all(f"`{column}`" in line for column in LINK_COLUMNS)
