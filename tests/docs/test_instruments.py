"""What docs/agencies/instruments.md shows an author is an instrument that works."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

from engine.domain.absence import ItemState
from engine.domain.agencies.scoring import ScoreResult
from engine.instruments.model import Gives, Instrument, Kind
from engine.instruments.reading import read_instrument, shipped_instruments
from engine.services.agencies.instruments import InstrumentKnown, score_lines

PAGE = Path(__file__).parents[2] / "docs" / "agencies" / "instruments.md"
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


def test_the_example_of_a_function_is_one() -> None:
    there: dict[str, object] = {}
    exec(next(text for kind, text in BLOCKS if kind == "python"), there)
    score = there["score"]
    assert callable(score)
    assert score({"arrears": 3}) == ScoreResult(result={"weeks": 3}, reasons=("arrears: as it was given.",))
    assert score({"arrears": 53}).error


def test_every_key_every_kind_and_every_shipped_instrument_is_on_the_page() -> None:
    words = {
        *Instrument.model_fields,
        *shipped_instruments(),
        *(kind.value for kind in Kind),
        *(gives.value for gives in Gives),
    } - {"items", "thresholds"}
    assert not [term for term in sorted(words) if f"`{term}`" not in TEXT]
    assert all(state.value in TEXT for state in ItemState)
