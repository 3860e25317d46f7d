"""What docs/agencies tells an author is so: each hook has its page and its test, and the example works."""

from __future__ import annotations

import inspect
import re
from datetime import date
from pathlib import Path

import pytest

from engine.domain.responses.answers import AnyAnswer, Contribution, NilReturn, Refused
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.hooks.registry import load_agencies, must_be_released_by_hand
from engine.hooks.specs import ALL_SPECS

DOCS = Path(__file__).parents[2] / "docs" / "agencies"
TESTS = Path(__file__).parents[1]
HOOKS = {name: hook for group in ALL_SPECS for name, hook in vars(group).items() if name.startswith("stac_")}


def test_there_are_hooks_to_document() -> None:
    assert "stac_assess" in HOOKS


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_has_a_page_whose_heading_names_its_arguments(name: str) -> None:
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    arguments = ", ".join(p for p in inspect.signature(HOOKS[name]).parameters if p != "self")
    assert page.startswith(f"# {name}({arguments})\n")
    for part in ("When it is called", "Arguments", "What to return", "Worked example", "What goes wrong"):
        assert f"**{part}" in page


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_has_a_test_that_is_named_after_it(name: str) -> None:
    wanted = re.compile(rf"^def test_hook_{name}\b|^def test_hook_{name}_", re.MULTILINE)
    assert any(wanted.search(file.read_text(encoding="utf-8")) for file in TESTS.rglob("test_*.py"))


def test_a_view_a_refusal_and_a_proposed_action_are_shown_as_they_are_taken(tmp_path: Path) -> None:
    page = (DOCS / "stac_assess.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    readme = (DOCS / "README.md").read_text(encoding="utf-8")
    package = tmp_path / "our_agency"
    package.mkdir()
    (package / "__init__.py").touch()
    manifest = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)[0]
    (package / "agency.toml").write_text(manifest.replace('"practitioner"', '"automatic"'))
    (package / "hooks.py").write_text(next(text for text in blocks if "ProposedAction(" in text))
    with load_agencies(tmp_path / "home", extra={"housing": package}) as agencies:

        def asked(surname: str) -> AnyAnswer:
            person = PersonAsked(forename="Daniel", surname=surname)
            case = CaseAsked(reference="R-1", on=date(2026, 3, 2), perpetrator=person)
            return agencies.assess("housing", case)

        refused, held = asked("Claimant"), asked("Roe")
        assert must_be_released_by_hand(agencies.manifest("housing"), held)
        assert not must_be_released_by_hand(agencies.manifest("housing"), refused)
    assert isinstance(refused, Refused)
    assert isinstance(held, Contribution)
    assert held.views[0].recorded_by.name == "Ansel Makebelief"
    assert held.proposed_actions[0].owner == "housing"
    assert "named *on that case*" in page


def test_the_example_of_the_readme_is_an_agency_that_answers(tmp_path: Path) -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", (DOCS / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    package = tmp_path / "our_agency"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "agency.toml").write_text(next(text for kind, text in blocks if kind == "toml"))
    (package / "hooks.py").write_text(next(text for kind, text in blocks if kind == "python"))
    with load_agencies(tmp_path / "home", extra={"housing": package}) as agencies:
        case = CaseAsked(
            reference="R-1", on=date(2026, 3, 2), perpetrator=PersonAsked(forename="Daniel", surname="Roe")
        )
        answer = agencies.assess("housing", case)
    assert answer == NilReturn(looked_in=("tenancy register",), says="No tenancy was held.")
