"""What docs/agencies/health.md tells a health service is so."""

from __future__ import annotations

import re
from pathlib import Path

from engine.domain.responses.answers import RefusalGround
from engine.services.agencies.files import LARGEST
from plugins.health.records import EXTRACT
from plugins.health.understanding import KINDS
from plugins.health.words import words

PAGE = (Path(__file__).parents[2] / "docs" / "agencies" / "health.md").read_text(encoding="utf-8")


def test_the_page_names_every_type_that_is_read() -> None:
    (row,) = re.findall(r"^\| types \| (.*) \|$", PAGE, re.MULTILINE)

    assert set(re.findall(r"[A-Z]\w+", row)) == {*KINDS, "Bundle"}


def test_the_page_names_the_marks_and_systems_that_are_looked_for() -> None:
    systems = words().systems
    for system in (
        *(systems.risk, systems.sharing, systems.refusal),
        *(systems.assessment, systems.domain, systems.level),
    ):
        assert f"`{system}`" in PAGE
    for mark in words().sharing:
        assert f"`{mark}`" in PAGE
    assert RefusalGround.CONFIDENTIAL.name.lower() in PAGE


def test_the_page_tells_the_largest_file_and_where_the_extract_lies() -> None:
    assert f"{LARGEST // 1_048_576} MB" in PAGE
    assert f"`agencies/health/{EXTRACT}`" in PAGE


def test_a_mapping_as_on_the_page_is_one_that_works() -> None:
    (term,) = re.findall(r'"http://snomed.info/sct\|CODE" = "([a-z\-]+)"', PAGE)

    assert term in words().risk
