"""The file that a tool prints to begin with."""

from __future__ import annotations

from pathlib import Path

from cli.input_files import checked, document_of
from cli.tools.templates import QUERY
from engine.services.tools.networks import Asked
from tests.cli.command import Stac


def test_a_template_reads_as_the_real_thing(tmp_path: Path) -> None:
    file = tmp_path / "template.toml"
    file.write_text(QUERY)
    assert checked(Asked, document_of(str(file))) is not None


def test_it_needs_neither_a_record_nor_a_user(tmp_path: Path) -> None:
    answer = Stac(tmp_path / "none")("links", "query", "--template", user=None)
    assert (answer.code, answer.out) == (0, QUERY)
