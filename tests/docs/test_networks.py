"""What docs/analysts/networks.md has of questions and measures is what the engine does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from engine.links.centrality import Measure
from engine.links.queries import Query

PAGE = (Path(__file__).parents[2] / "docs" / "analysts" / "networks.md").read_text(encoding="utf-8")


def test_each_question_of_the_page_is_one() -> None:
    texts = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert len(texts) == 3
    assert all(Query.model_validate(tomllib.loads(text)) for text in texts)


def test_each_measure_has_its_row_with_what_it_does_not_show() -> None:
    assert set(Measure) <= set(re.findall(r"^\| ([a-z]+) \| .+ \| .+ \|$", PAGE, re.MULTILINE))
