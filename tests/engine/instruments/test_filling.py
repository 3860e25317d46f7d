"""A filled-in form's faults are told by the item, several at once, and an answer's shape is checked."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from engine.instruments.filling import FillingFaultError, filled
from tests.engine.instruments.given import an_instrument

FORM = an_instrument()


def faults(given: dict[str, JsonValue]) -> tuple[str, ...]:
    with pytest.raises(FillingFaultError) as caught:
        filled(FORM, given)
    return caught.value.faults


def test_what_is_left_out_was_not_asked() -> None:
    assert filled(FORM, {"bell": "absent"}).not_known == ("light",)


@pytest.mark.parametrize("answer", [None, True, 1, 0.5, [], "", "perhaps", "low", {"answer": None}])
def test_an_answer_that_is_no_state_is_refused_with_those_that_are(answer: JsonValue) -> None:
    (fault,) = faults({"bell": answer})
    assert fault.startswith("'bell' is ")
    assert fault.endswith("give one of present, possible, absent, unknown, not asked")


@pytest.mark.parametrize(
    "answer",
    [
        {"answer": "present", "sum": 3},
        {"evidence": []},
        {"answer": "present", "evidence": "I-1"},
        {"answer": "present", "evidence": ["she lives at 4 High Street"]},
        {"answer": "present", "evidence": ["I-1"] * 21},
    ],
)
def test_evidence_is_the_references_of_records_and_nothing_else(answer: JsonValue) -> None:
    assert len(faults({"bell": answer})) == 1


def test_every_fault_is_told() -> None:
    assert len(faults({"bell": 1, "light": 2, "dark": "present"})) == 3


def test_a_flood_of_faults_is_cut_and_counted() -> None:
    with pytest.raises(FillingFaultError, match="and 995 more"):
        filled(FORM, {f"x{number}": 1 for number in range(1000)})
