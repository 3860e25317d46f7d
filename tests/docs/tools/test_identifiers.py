"""The example of docs/agencies/identifiers.md is what the command answers."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from engine.services.tools.identifiers import checked_lines

PAGE = (Path(__file__).parents[3] / "docs" / "agencies" / "identifiers.md").read_text(encoding="utf-8")
TODAY = date(2026, 11, 25)


def test_the_example_is_what_the_command_answers() -> None:
    given = re.search(r"A line in is `(\{.*?\})`", PAGE)
    answered = re.search(r"```json\n(.*?)\n```", PAGE, re.DOTALL)
    assert given is not None
    assert answered is not None
    (line,) = checked_lines([given[1].encode()], today=TODAY)
    assert line.checked is not None
    assert json.loads(answered[1]) == {"line": 1, **line.checked.model_dump()}
