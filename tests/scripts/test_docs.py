"""scripts/docs finds what is wrong in a page, and leaves what is right alone."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
import typer

from cli.main import app

SCRIPT = Path(__file__).parents[2] / "scripts" / "docs.py"


def loaded() -> ModuleType:
    """The script, which is no package's module."""
    spec = spec_from_file_location("scripts_docs", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    sys.modules[spec.name] = script
    spec.loader.exec_module(script)
    return script


DOCS = loaded()
COMMAND = typer.main.get_command(app)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "other.md").write_text("# Other\n\n## The `key` (old)\n\n## Twice\n\n## Twice\n")
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "clock.py").touch()
    return tmp_path


@pytest.mark.parametrize(
    "text",
    [
        "[a](other.md)",
        "[a](other.md#the-key-old) and [b](other.md#twice-1)",
        "[a](#here)\n\n# Here",
        "[a](https://example.org/nothing)",
        "`[a](nothing.md)`",
        "```\n[a](nothing.md)\n```",
        "`engine/clock.py`, `engine/clock`, `engine/SUBJECT/`",
    ],
)
def test_a_link_that_leads_somewhere_is_left_alone(root: Path, text: str) -> None:
    assert not list(DOCS.broken_links(DOCS.Page("docs/page.md", text), root))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("\n[a](nothing.md)", "docs/page.md:2: nothing.md: no such file"),
        ("[a `b`](other.md#the-key)", "docs/page.md:1: other.md#the-key: no such heading"),
        ("[a](#here)", "docs/page.md:1: #here: no such heading"),
        ("![a](pictures/one.png)", "docs/page.md:1: pictures/one.png: no such file"),
        ("`engine/clocks.py`", "docs/page.md:1: engine/clocks.py: no such file"),
    ],
)
def test_a_link_that_leads_nowhere_is_named(root: Path, text: str, fault: str) -> None:
    assert list(DOCS.broken_links(DOCS.Page("docs/page.md", text), root)) == [fault]


@pytest.mark.parametrize(
    "line",
    [
        "stac init --json",
        "stac --as chair audit verify",
        "stac NOUN VERB --help",
        "stac audit ...",
        "stac serve | tee log",
    ],
)
def test_a_command_that_is_there_is_left_alone(line: str) -> None:
    assert DOCS.wrong_command(line, COMMAND) is None


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("stac intialise", "no command 'stac intialise'"),
        ("stac audit verify|walk", "no command 'stac audit walk'"),
        ("stac audit P-... --content", "no command 'stac audit P-...'"),
        ("stac init --jsn", "'stac init' has no option --jsn"),
        ("stac audit verify [--contents]", "'stac audit verify' has no option --contents"),
    ],
)
def test_a_command_or_option_that_is_not_there_is_named(line: str, fault: str) -> None:
    assert DOCS.wrong_command(line, COMMAND) == fault


def test_commands_are_read_from_spans_and_from_blocks_for_a_shell() -> None:
    shell = "```sh\n# stac nothing\nSTAC_HOME=x stac doctor  # why\n```"
    text = f"Run `stac\ninit`.\n\n{shell}\n\n```python\nstac = 1\n```\n"
    assert list(DOCS.commands(DOCS.Page("a.md", text))) == [(1, "stac init"), (6, "stac doctor")]


@pytest.mark.parametrize(
    "block",
    [
        '```python\nfrom engine.hooks.v1 import NilReturn\nNilReturn(says="No record.", **more)\n```',
        "```toml\na = 1\n```",
        '```json\n{"a": 1}\n{"b": 2,\n "c": 3}\n```',
        "```sh\nstac init && echo done\n```",
        "```text\nnot { anything\n```",
    ],
)
def test_an_example_that_can_be_read_is_left_alone(block: str) -> None:
    assert not list(DOCS.broken_examples(DOCS.Page("a.md", block)))


@pytest.mark.parametrize(
    ("block", "fault"),
    [
        ("```python\nfrom engine.hooks.v1 import NoSuchName\n```", "engine.hooks.v1 has no NoSuchName"),
        ("```python\nfrom engine.no_such import x\n```", "No module named 'engine.no_such'"),
        (
            '```python\nfrom engine.hooks.v1 import NilReturn\nNilReturn(said="No record.")\n```',
            "NilReturn takes no said",
        ),
        ("```python\ndef f(:\n```", "invalid syntax"),
        ("```toml\na = = 1\n```", "Invalid value"),
        ('```json\n{"a": 1,}\n```', "a.md:1: json"),
        ("```sh\nif true; then\n```", "a.md:1: sh"),
    ],
)
def test_an_example_that_cannot_be_read_is_named(block: str, fault: str) -> None:
    (found,) = DOCS.broken_examples(DOCS.Page("a.md", block))
    assert fault in found


def test_every_page_of_the_repository_is_read() -> None:
    paths = {page.path for page in DOCS.pages()}
    assert {
        "README.md",
        "docs/panel/README.md",
        "docs/decisions/README.md",
        "plugins/police/README.md",
    } <= paths
