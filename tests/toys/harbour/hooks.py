"""Answers with whatever stands in its records folder, or hangs when told to."""

from __future__ import annotations

import json
import time

from engine.domain.responses.answers import ANSWER
from engine.hooks.v1 import AgencyRecords, CaseAsked, Contribution, NilReturn, Refused, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> Contribution | NilReturn | Refused:
    """The answer written in ``answer.json``; without the file, a nil return."""
    file = records.folder / "answer.json"
    if not file.exists():
        return NilReturn(looked_in=("register",), says="Nothing was held.")
    answer = json.loads(file.read_text())
    if answer.get("kind") == "hang":
        time.sleep(60)
    return ANSWER.validate_python(answer)  # type: ignore[return-value]
