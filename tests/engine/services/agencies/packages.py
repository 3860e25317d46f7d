"""An invented agency with an instrument that its own function scores."""

from __future__ import annotations

from pathlib import Path

FORM = """
id = "tides"
version = "1"
name = "Tides"
kind = "scored by a function"
licence = "Our own words."
source = "Invented."
who_may_use = "Nobody."
never_used_for = ["Anything."]
how_a_result_is_reached = "The number, doubled."
in_force_from = 2020-01-01
scorer = "quay.scoring:score"

[[items]]
id = "height"
asks = "How high?"
gives = "whole number"
required = true
"""
SCORER = """
import os
import time

from engine.domain.agencies.scoring import ScoreResult


def score(given):
    height = given["height"]
    if height == 13:
        raise ValueError("Perpetua Toyson")
    if height == 14:
        os._exit(9)
    if height == 15:
        return None
    if height == 16:
        time.sleep(60)
    return ScoreResult(result={"doubled": height * 2, "process": os.getpid()}, reasons=("height: as given.",))
"""
HOOKS = """
from engine.hooks.v1 import AgencyRecords, CaseAsked, NilReturn, hookimpl


@hookimpl
def stac_assess(case: CaseAsked, records: AgencyRecords) -> NilReturn:
    return NilReturn(looked_in=("book",), says="Nothing.")
"""


def a_package(place: Path, code: str = "quay", form: str = FORM) -> Path:
    folder = place / code
    folder.mkdir(parents=True)
    (folder / "__init__.py").touch()
    (folder / "hooks.py").write_text(HOOKS)
    (folder / "scoring.py").write_text(SCORER)
    (folder / "tides.toml").write_text(form.replace("quay.", f"{code}."))
    (folder / "agency.toml").write_text(
        f'code = "{code}"\nname = "Toy {code}"\nversion = "1.0"\ncontract = "1.0"\n'
        'contact = "toy@example.invalid"\npurpose = "To be a toy."\nfields = ["perpetrator.name"]\n'
        'instruments = ["tides.toml"]\n[limits]\nseconds = 1.5\n'
    )
    return folder
