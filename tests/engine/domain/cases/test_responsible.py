"""Who is responsible for a case: bounds, what is missing, and what a change would replace."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.domain.cases.responsible import Officer, Responsible, ResponsibleChange, ResponsiblePart

OSEI = Officer(name="K. Osei", rank="DC", force="Harbour Police", unit="Stalking unit", contact="ext. 4411")


def test_nothing_recorded_misses_all_three() -> None:
    assert Responsible().missing == tuple(ResponsiblePart)
    assert Responsible(officer=OSEI, holder="cora", lead_agency="harbour").missing == ()
    assert Responsible(officer=OSEI, holder="cora").missing == (ResponsiblePart.LEAD,)


def test_an_officer_is_said_in_one_phrase_without_what_is_not_recorded() -> None:
    assert OSEI.in_words == "DC K. Osei, Stalking unit, Harbour Police, ext. 4411"
    assert Officer(name="K. Osei").in_words == "K. Osei"


def test_only_what_is_recorded_and_differs_is_replaced() -> None:
    there = Responsible(version=1, officer=OSEI, holder="cora")
    first = ResponsibleChange(lead_agency="harbour", holder="cora")
    assert there.differs_in(first) == ()
    assert there.differs_in(ResponsibleChange(holder="chair", officer=OSEI)) == (ResponsiblePart.HOLDER,)
    after = there.changed_by(first)
    assert (after.officer, after.holder, after.lead_agency) == (OSEI, "cora", "harbour")


@pytest.mark.parametrize(
    ("field", "longest"), [("name", 120), ("rank", 120), ("force", 120), ("unit", 120), ("contact", 200)]
)
def test_each_text_of_an_officer_has_a_bound_and_is_one_line(field: str, longest: int) -> None:
    Officer.model_validate({"name": "K. Osei", field: "x" * longest})
    for wrong in ("x" * (longest + 1), "one\ntwo", "one\u2028two", "one\x00two", " "):
        with pytest.raises(ValidationError):
            Officer.model_validate({"name": "K. Osei", field: wrong})


@pytest.mark.parametrize("wrong", [{"reason": "x" * 601}, {"holder": "Not a code"}, {"base_version": -1}])
def test_a_change_out_of_bounds_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ResponsibleChange.model_validate(wrong)
