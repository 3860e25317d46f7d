"""Orders, link evidence and checks in sheets: by the mapping's terms, and nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from engine.domain.responses.answers import AnyAnswer, Contribution, Failed
from engine.domain.responses.requests import PersonAsked
from engine.hooks.manifest import ManifestFaultsError
from engine.hooks.nocode.mapping import read_mapping
from engine.orders.reported import condition_in_words
from engine.synthetic.numbers import police_number
from tests.engine.hooks.nocode.agency import ROBIN, a_case, installed, opened, with_cell, with_sheets

NUMBER = police_number(2012, 1)
BY_NUMBER = (
    (
        "agency.toml",
        'fields = ["perpetrator.name", ',
        'fields = ["perpetrator.identifiers", "perpetrator.name", ',
    ),
    ("agency.toml", 'release = "practitioner"', 'release = "practitioner"\nidentifier_schemes = ["pnc"]'),
    (
        "mapping.toml",
        'date_of_birth = "Date of birth"',
        'identifiers = { pnc = "Tenure" }\ndate_of_birth = "Date of birth"',
    ),
    ("mapping.toml", 'only_if = { "Tenure" = ["secure", "introductory"] }', ""),
)
"""The example with a number of the person, in a column that it has."""


def answered(
    home: Path,
    changed: Mapping[str, Sequence[Sequence[object]]] | None = None,
    *replaced: tuple[str, str, str],
    person: PersonAsked = ROBIN,
) -> AnyAnswer:
    installed(home, *replaced)
    with_sheets(home, changed)
    with opened(home) as agencies:
        return agencies.assess("housing", a_case(person))


def contribution(answer: AnyAnswer) -> Contribution:
    assert isinstance(answer, Contribution), answer
    return answer


def test_an_order_is_given_in_the_contract_s_codes_and_other_words_as_they_are(tmp_path: Path) -> None:
    answer = contribution(answered(tmp_path))
    assert answer.orders is not None
    (order,) = answer.orders

    assert (order.type, order.court_name, order.made) == (
        "harassment-injunction",
        "County Court",
        date(2026, 1, 12),
    )
    assert (order.served, order.ends, order.grade) == (None, None, None)
    assert order.source == "tenancy register"
    assert [each.code for each in order.conditions or ()] == ["no-contact", None]
    assert condition_in_words((order.conditions or ())[1]) == "to return the keys"
    assert [each.sentence for each in answer.records_checked or ()] == [
        "tenancy register, checked 3 January 2026"
    ]


def test_link_evidence_is_given_only_where_a_number_makes_the_match_certain(tmp_path: Path) -> None:
    assert contribution(answered(tmp_path / "weak")).link_evidence is None
    numbered = ROBIN.model_copy(update={"identifiers": (NUMBER,)})
    changed = with_cell("Tenants", 1, "Tenure", NUMBER.value)
    answer = contribution(answered(tmp_path / "sure", changed, *BY_NUMBER, person=numbered))
    assert answer.link_evidence is not None
    (phone,) = answer.link_evidence

    assert phone.sentence == "Phone 07700 900123, first recorded November 2025."
    assert (phone.source, phone.grade) == ("repairs line", "2B P")


@pytest.mark.parametrize(
    ("sheet", "column", "cell", "expected"),
    [
        ("Orders", "Type", "curfew", "one of the values that the mapping lists"),
        ("Orders", "Type", "", "one of the values that the mapping lists"),
        ("Orders", "Made on", "January 2026", "a whole date"),
        ("Orders", "Conditions", "a; " * 41, "no more parts than a response takes"),
        ("Orders", "Tenant no", "T9", "the number of a row in the sheet of people"),
        ("Links", "What", "carrier pigeon", "one of the values that the mapping lists"),
        ("Links", "Grade", "very good", "a 3x5x2 grade"),
        ("Links", "Value", "", "a value"),
        ("Tenants", "Register checked", "2026", "a whole date"),
    ],
)
def test_a_cell_that_does_not_fit_is_a_failure_and_not_a_nil_return(
    tmp_path: Path, sheet: str, column: str, cell: str, expected: str
) -> None:
    answer = answered(tmp_path, with_cell(sheet, 1, column, cell))

    assert isinstance(answer, Failed)
    assert expected in answer.says


@pytest.mark.parametrize(
    ("column", "cell"), [("Served on", "11/01/2026"), ("Ends on", "11/01/2026"), ("Served on", "01/12/2029")]
)
def test_a_date_that_cannot_be_right_is_left_out(tmp_path: Path, column: str, cell: str) -> None:
    answer = contribution(answered(tmp_path, with_cell("Orders", 1, column, cell)))
    assert answer.orders is not None

    assert (answer.orders[0].served, answer.orders[0].ends) == (None, None)


def test_an_order_made_after_the_day_of_asking_is_not_given(tmp_path: Path) -> None:
    answer = contribution(answered(tmp_path, with_cell("Orders", 1, "Made on", "01/12/2029")))

    assert answer.orders == ()


@pytest.mark.parametrize(
    ("was", "now", "fault"),
    [
        ('"harassment-injunction"', '"curfew"', "'curfew' is not a type of order"),
        (
            '{ "no contact" = "no-contact" }',
            '{ "no contact" = "silence" }',
            "'silence' is not in",
        ),
        ('"mobile" = "phone"', '"mobile" = "telephone"', "links"),
        ('made = "Made on"', 'made = "Made onn"', "did you mean 'Made on'"),
    ],
)
def test_a_slip_in_the_mapping_is_named(tmp_path: Path, was: str, now: str, fault: str) -> None:
    folder = installed(tmp_path, ("mapping.toml", was, now))

    with pytest.raises(ManifestFaultsError, match=fault):
        read_mapping(folder, agency="housing")


def test_a_mapping_without_these_parts_reports_neither(tmp_path: Path) -> None:
    folder = installed(tmp_path)
    text = (folder / "mapping.toml").read_text(encoding="utf-8")
    cut = text[: text.index("# Orders that the service")].replace('last_checked = "Register checked"', "")
    (folder / "mapping.toml").write_text(cut, encoding="utf-8")
    with_sheets(tmp_path)
    with opened(tmp_path) as agencies:
        answer = contribution(agencies.assess("housing", a_case()))

    assert (answer.orders, answer.link_evidence, answer.records_checked) == (None, None, None)
