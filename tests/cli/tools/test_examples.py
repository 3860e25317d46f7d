"""The examples of the tools for files run as they are written, without a record and without a user."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from cli.tools.templates import QUERY
from tests.cli.command import ROOT, Stac
from tests.cli.test_examples import EXAMPLES, OF_TOOLS

FIRST = "links import"
"""It makes the register that the others of links read."""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The files that the examples name."""
    place = tmp_path / "files"
    place.mkdir()
    (place / "inputs.jsonl").write_text('{"fixated": "yes", "obsessive": "no"}\n')
    (place / "identifiers.jsonl").write_text('{"type": "pnc", "value": "2001/0000123Y"}\n')
    (place / "persons.csv").write_text(
        "first,last,born\nDaniel,Roe,1988-04-09\nDan,Roe,1988-04-09\nAmira,Kent,1990-02-03\n"
    )
    (place / "persons.toml").write_text('forename = "first"\nsurname = "last"\ndate_of_birth = "born"\n')
    (place / "followed.csv").write_text("days,stalked_again,programme\n90,1,a\n200,0,a\n120,1,b\n365,0,b\n")
    (place / "by-area.csv").write_text("area,count\nBarnet,12\nEaling,4\ntotal,16\n")
    (place / "by-age.csv").write_text("age,count\nunder 30,9\n30 and over,7\ntotal,16\n")
    (place / "question.toml").write_text(QUERY)
    links = ROOT / "tests" / "files" / "links"
    for name, source in (
        ("entities", "stalking-entities"),
        ("links", "stalking-links"),
        ("events", "events"),
    ):
        (place / f"{name}.csv").write_bytes((links / f"{source}.csv").read_bytes())
    return place


def test_every_example_of_a_tool_runs(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files)
    stac = Stac(tmp_path / "no-home")
    for name in sorted(OF_TOOLS, key=lambda each: (each != FIRST, each)):
        answer = stac(*shlex.split(EXAMPLES[name] or "")[1:], user=None)
        assert answer.code == 0, (name, answer.err)
