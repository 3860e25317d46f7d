"""What docs/agencies/instruments.md shows an author is an instrument that works."""

from __future__ import annotations

import re
from pathlib import Path

from engine.domain.absence import ItemState
from engine.domain.agencies.scoring import ScoreResult
from engine.instruments.model import Gives, Instrument, Kind
from engine.instruments.reading import shipped_instruments

PAGE = Path(__file__).parents[2] / "docs" / "agencies" / "instruments.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.DOTALL)


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
