"""The example of docs/agencies/instruments.md scores a file of inputs."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

from engine.instruments.reading import read_instrument
from engine.services.agencies.instruments import InstrumentKnown
from engine.services.tools.instrument_scoring import score_lines

PAGE = Path(__file__).parents[3] / "docs" / "agencies" / "instruments.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)


def test_the_example_is_an_instrument_that_scores(tmp_path: Path) -> None:
    file = tmp_path / "tenancy-signs.toml"
    file.write_text(next(text for kind, text in BLOCKS if kind == "toml" and 'id = "tenancy-signs"' in text))
    known = InstrumentKnown(instrument=read_instrument(file))
    line = io.BytesIO(b'{"lock-changed": "yes"}')
    (line_scored,) = score_lines(known=known, agencies=lambda: None, lines=line, on=date(2026, 11, 25))  # type: ignore[arg-type, return-value]  # the engine scores it
    assert line_scored.result.result is not None
    assert line_scored.result.result["present"] == ["lock-changed"]
