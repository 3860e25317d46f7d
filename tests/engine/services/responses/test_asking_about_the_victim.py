"""No agency but the one that speaks for the victim is told anything of her."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from engine.domain.responses.answers import Failed, NilReturn
from engine.domain.responses.requests import CaseAsked
from engine.hooks.registry import load_agencies
from tests.builders import Desk, a_person, ask_all, installed_codes
from tests.engine.services.cases.test_pathway import screened

HOOKS = '''
from engine.hooks.v1 import NilReturn, hookimpl

@hookimpl
def stac_assess(case):
    """Tells back whatever it was shown."""
    return NilReturn(looked_in=(case.model_dump_json(),), says="Nothing was found.")
'''
HER = a_person("Wilhelmina", "Quillfeather")


def a_plugin(folder: Path, code: str, fields: list[str], more: str = "") -> Path:
    """A package that asks to be told these fields."""
    package = folder / code
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('"""A toy."""\n')
    (package / "hooks.py").write_text(HOOKS)
    (package / "agency.toml").write_text(
        f'code = "{code}"\nname = "Toy {code}"\nversion = "1.0"\ncontract = "1.0"\n'
        f'contact = "toy@example.invalid"\npurpose = "To be a toy."\nfields = {json.dumps(fields)}\n'
        f"extract = false\n{more}"
    )
    return package


@pytest.mark.parametrize("field", ["victim.name", "victim.date_of_birth"])
def test_a_plugin_that_asks_about_the_victim_is_refused_before_it_runs(tmp_path: Path, field: str) -> None:
    nosy = a_plugin(tmp_path / "made", "nosy", ["perpetrator.name", field])
    case = CaseAsked(reference="R-1", on=date(2026, 3, 2))
    with load_agencies(tmp_path / "home", extra={"nosy": nosy}) as agencies:
        fault, answer = agencies.fault("nosy"), agencies.assess("nosy", case)
    assert fault is not None
    assert f"only the seat 'victim-voice' may ask for {field}" in fault
    assert isinstance(answer, Failed)


def test_what_is_sent_names_the_victim_to_the_victims_own_voice_and_to_nobody_else(
    desk: Desk, tmp_path: Path
) -> None:
    others = ["perpetrator.name", "relationship", "incidents.dates", "incidents.kinds"]
    toys = {
        "nosy": a_plugin(tmp_path / "made", "nosy", others),
        "speaker": a_plugin(
            tmp_path / "made", "speaker", ["victim.name"], 'seat = "victim-voice"\nabout = "victim"\n'
        ),
    }
    home = desk.runtime.settings.home
    installed = installed_codes()
    desk.runtime.__dict__["agencies"] = load_agencies(home, suspended=installed, extra=toys)
    reference = screened(desk, victim=HER)
    ask_all(desk, reference)

    saw = {}
    with desk.runtime.uow.reading(acting=desk.coordinator, what="test", at=desk.clock.now()) as work:
        for code in toys:
            returns = work.answers.of(reference, code)
            assert returns is not None
            answer = returns.answers[0].answer
            assert isinstance(answer, NilReturn)
            saw[code] = json.loads(answer.looked_in[0])
    assert saw["nosy"]["victim"] is None
    assert "Quillfeather" not in json.dumps(saw["nosy"])
    assert saw["speaker"]["victim"]["surname"] == "Quillfeather"
