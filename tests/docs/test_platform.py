"""The pages for agencies that add themselves: every link leads somewhere, every example is the real one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from cli.main import app
from engine.hooks.contract.published import schema_texts
from engine.hooks.contract.versions import OURS, deprecations
from engine.hooks.nocode.mapping import FindingMapped, read_mapping
from engine.hooks.specs import ALL_SPECS

DOCS = Path(__file__).parents[2] / "docs" / "agencies"
PAGES = ("README.md", "conformance.md", "contract.md", "no-code.md")
EXAMPLE = DOCS / "examples" / "housing"


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("of_agencies", PAGES)
def test_every_link_leads_somewhere(of_agencies: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", text_of(of_agencies))

    assert links
    assert [link for link in links if not (DOCS / link).exists()] == []


@pytest.mark.parametrize("of_agencies", PAGES)
def test_every_command_of_the_pages_is_one(of_agencies: str) -> None:
    group = get_command(app).commands["plugin"]  # type: ignore[attr-defined]  # a group has commands

    named = re.findall(r"stac plugin (\w+)", text_of(of_agencies))

    assert set(named) <= set(group.commands)


def test_the_readme_leads_to_every_question_of_the_contract() -> None:
    hooks = {name for group in ALL_SPECS for name in vars(group) if name.startswith("stac_")}

    assert set(re.findall(r"\(((?:stac_\w+))\.md\)", text_of("README.md"))) == hooks


def test_the_sentence_that_the_page_explains_is_one_of_the_example() -> None:
    block = re.search(r"```toml\n(\[\[table\.findings\]\].*?)```", text_of("no-code.md"), re.DOTALL)
    assert block is not None
    (explained,) = tomllib.loads(block[1])["table"]["findings"]

    of_example = [each for table in read_mapping(EXAMPLE, agency="housing").table for each in table.findings]
    assert FindingMapped.model_validate(explained) in of_example


def test_the_page_of_the_contract_names_its_version_and_every_schema() -> None:
    page = text_of("contract.md")

    assert f'contract = "{OURS}"' in page
    for file in schema_texts():
        assert f"(../schemas/{file.name})" in page
    assert ("Nothing is deprecated now." in page) == (not deprecations())
