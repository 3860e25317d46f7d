"""scripts/mutants gives each fault the tests that ran its statement, the nearest first."""

from __future__ import annotations

import ast
import json
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "scripts"
CODE = """\
def alarm(day, due):
    if day > due and (
        day is not None
    ):
        return "late"
    return (
        "in time"
    )
"""


def loaded(name: str) -> ModuleType:
    """A part of the script, which is no package's module."""
    spec = spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = part = module_from_spec(spec)
    spec.loader.exec_module(part)
    return part


FAULTS = loaded("mutants_faults")
TRIALS = loaded("mutants_trials")


@pytest.mark.parametrize(
    ("line", "statement"),
    [(1, (2, 8)), (2, (2, 4)), (3, (2, 4)), (5, (5, 5)), (7, (6, 8))],
    ids=["head: the whole function", "condition", "second line of it", "inside", "second line of a return"],
)
def test_a_fault_is_in_a_whole_statement_and_a_condition_without_what_depends_on_it(
    line: int, statement: tuple[int, int]
) -> None:
    """A test that never reaches the second line of a condition can still notice a fault in it."""
    assert FAULTS._statement(ast.parse(CODE).body[0], line) == statement


@pytest.mark.parametrize(
    ("before", "after", "is_wording"),
    [
        ("return 'an alarm is late'", "return 'XXan alarm is lateXX'", True),
        ("return 'late'", "return 'XXlateXX'", False),
        ("return day > due", "return day >= due", False),
    ],
)
def test_only_a_text_with_a_space_is_wording(before: str, after: str, is_wording: bool) -> None:
    one, other = (ast.parse(f"def f(): {body}").body[0] for body in (before, after))
    assert (FAULTS._without_wording(one) == FAULTS._without_wording(other)) is is_wording


def a_fault(first: int = 2, last: int = 4) -> object:
    path = "engine/store/repositories/referrals/alarms.py"
    return FAULTS.Fault("alarms.late", path, "-  a\n+  b", is_wording=False, first=first, last=last)


OWN = "tests/engine/store/referrals/test_alarms.py::test_it"
NEAR = "tests/engine/store/referrals/test_intake.py::test_it"
FAR = "tests/engine/links/test_graph.py::test_it"
SHORT = "tests/engine/links/test_kinds.py::test_it"
BROKEN = "tests/engine/store/referrals/test_alarms.py::test_broken"
ELSEWHERE = "tests/engine/store/referrals/test_alarms.py::test_elsewhere"


def chosen_for(fault: object, folder: Path, *, own_seconds: float = 1.0) -> list[str]:
    """The tests of a fault after a survey of six tests, one of which fails and one ran other lines."""
    seconds = {FAR: 2.0, SHORT: 0.1, NEAR: 3.0, OWN: own_seconds, BROKEN: 0.1, ELSEWHERE: 0.1}
    lines = {"engine/store/repositories/referrals/alarms.py": {"2": [0, 1, 4], "3": [2], "4": [3], "9": [5]}}
    survey = {"seconds": seconds, "failing": [BROKEN], "lines": lines}
    (folder / "survey-0.json").write_text(json.dumps(survey))
    return TRIALS._Tests(folder, {name: name for name in seconds})(fault)


def test_the_modules_own_tests_come_first_then_its_folders_then_the_shortest(tmp_path: Path) -> None:
    assert chosen_for(a_fault(), tmp_path) == [OWN, NEAR, SHORT, FAR]


def test_tests_beyond_the_budget_are_not_run_and_the_first_always_is(tmp_path: Path) -> None:
    assert chosen_for(a_fault(), tmp_path, own_seconds=TRIALS.BUDGET + 1) == [OWN]


def test_a_statement_that_no_test_runs_has_none(tmp_path: Path) -> None:
    assert chosen_for(a_fault(5, 5), tmp_path) == []


def test_when_tests_change_only_faults_that_were_unnoticed_are_tried_again(tmp_path: Path) -> None:
    tried = [("one", "noticed"), ("two", "unnoticed"), ("three", "stopped"), ("no fault", "unnoticed")]
    results = tmp_path / "results.jsonl"
    results.write_text("".join(json.dumps({"fault": f, "result": r}) + "\n" for f, r in tried))
    TRIALS.forget_unnoticed(tmp_path)
    trials = TRIALS.Trials(tmp_path, [], modules=[], seed=1, workers=1)
    assert set(trials.results()) == {"one", "three"}
    assert (trials.controls(), trials.false_alarms()) == (1, 0)
