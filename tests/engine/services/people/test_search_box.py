"""What one typed text is read as; lists, wildcards and what is nothing of the kind are refused."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.errors import InvalidInputError
from engine.services.people.search_box import read_question

ROE = {"forename": "Daniel", "surname": "Roe"}


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("Daniel Roe", {"person": ROE}),
        ("  Roe, Daniel ", {"person": ROE}),
        ("Daniel Roe 1988-04-09", {"person": {**ROE, "date_of_birth": "1988-04-09"}}),
        ("Daniel Roe, born 9/4/1988", {"person": {**ROE, "date_of_birth": "1988-04-09"}}),
        ("Daniel Roe 1988", {"person": {**ROE, "date_of_birth": "1988"}}),
        ("Ludwig van der Berg", {"person": {"forename": "Ludwig", "surname": "van der Berg"}}),
        ("Anne-Marie O'Brien", {"person": {"forename": "Anne-Marie", "surname": "O'Brien"}}),
        ("Roe", {"person": {"surname": "Roe"}, "handle": "Roe"}),
        ("07700 900111", {"phone": "07700 900111"}),
        ("+44 (0)7700 900-111", {"phone": "+44 (0)7700 900-111"}),
        ("@dan_roe88", {"handle": "@dan_roe88"}),
        ("dan.roe@example.invalid", {"handle": "dan.roe@example.invalid"}),
        ("AB12 CDE", {"vehicle": "AB12 CDE"}),
        ("ab12cde", {"vehicle": "ab12cde", "handle": "ab12cde"}),
        ("r-7k3m9qv", {"reference": "R-7K3M9QV"}),
        ("01/123Y", {"person": {"identifiers": [{"scheme": "pnc", "value": "01/123Y"}]}}),
        ("X123456", {"person": {"identifiers": [{"scheme": "crn", "value": "X123456"}]}}),
        ("A1234AA", {"person": {"identifiers": [{"scheme": "prison", "value": "A1234AA"}]}}),
        ("3 Pym Row, ZZ99 1AA", {"address": "3 Pym Row, ZZ99 1AA"}),
    ],
)
def test_a_text_is_read_as_what_it_can_be(typed: str, parts: dict[str, Any]) -> None:
    read = read_question(typed).model_dump(mode="json", exclude_none=True)
    if "person" in read:
        read["person"] = {name: said for name, said in read["person"].items() if said}
    assert read == parts


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "give one name, reference, phone number, plate or handle"),
        ("R", "give one name"),
        ("Daniel R*", "wildcards are not used"),
        ("Daniel Ro?", "wildcards are not used"),
        ("07700 900111; 07700 900112", "lists are refused"),
        ("07700 900111, 07700 900112", "give one name"),
        ("Daniel Roe\nAmira Kent", "lists are refused"),
        ("Daniel Roe, Amira Kent, Vera Vane", "give one name"),
        ("1 Pym Row ZZ99 1AA, 2 Pym Row ZZ99 1AB", "lists are refused"),
        ("R-7K3M9QW", "mistyped"),
        ("D-7K3M9QV", "the reference of a referral"),
        ("Daniel Roe 1988-02-31", "does not have a day 31"),
        ("x" * 300, "give one name"),
    ],
)
def test_what_is_no_one_question_is_refused_without_repeating_it(typed: str, reason: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_question(typed)
    assert reason in str(refused.value)
    assert not any(typed_part in str(refused.value) for typed_part in ("Daniel", "Amira", "900111", "Pym"))
