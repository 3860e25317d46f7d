"""What docs/agencies/identifiers.md shows is what the rules answer."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from engine.identity.identifiers import IdentifierType, check_identifier, identifier_type

PAGE = (Path(__file__).parents[2] / "docs" / "agencies" / "identifiers.md").read_text(encoding="utf-8")
TODAY = date(2026, 11, 25)
ROWS = re.findall(
    r"^\| ([\w /()]+?)(?: \(.*?\)|, file form)? \| .* \| `([^`]+)`[^|`]* \|$", PAGE, re.MULTILINE
)


def test_every_type_has_its_row() -> None:
    assert {identifier_type(name) for name, _ in ROWS} == set(IdentifierType)


@pytest.mark.parametrize(("name", "canonical"), ROWS)
def test_a_canonical_form_of_the_page_is_one(name: str, canonical: str) -> None:
    kind = identifier_type(name)
    assert kind is not None
    assert check_identifier(kind, canonical, today=TODAY).canonical == canonical


def test_the_sources_disagree_as_the_page_says() -> None:
    for value in ("SF83/50058Z", "SF88/1234P", "SF11/1X"):
        assert value in PAGE
        assert check_identifier(IdentifierType.CRO, value, today=TODAY).valid
