"""Plugins to be checked: the one that ``stac plugin new`` writes, whole or with something put wrong."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

from engine.domain.base import Frozen
from engine.hooks.conformance.candidate import Candidate, candidate
from engine.hooks.conformance.people import ASKED_ON
from engine.hooks.conformance.suite import Checked, check_plugin
from engine.hooks.contract.versions import Deprecated
from engine.hooks.new_plugin import write_plugin

EXAMPLE = Path(__file__).parents[4] / "docs" / "agencies" / "examples" / "housing"


OURS = "cli.pytest_plugin"
LOADED = () if any(each.value == OURS for each in entry_points(group="pytest11")) else ("-p", OURS)
"""What loads our pytest plugin where the installation is older than its entry point."""


class Spoilt(Frozen):
    """One replacement in one of the package's files."""

    file: str
    was: str
    now: str


def a_plugin(tmp_path: Path, *spoilt: Spoilt, code: str = "harbourside") -> Path:
    """The project folder of a new plugin, with these replacements."""
    written = write_plugin(code, name=None, out=tmp_path)
    package = written.folder / "src" / written.package
    for each in spoilt:
        text = (package / each.file).read_text(encoding="utf-8")
        assert each.was in text, f"{each.file} does not hold what was to be replaced"
        (package / each.file).write_text(text.replace(each.was, each.now), encoding="utf-8")
    return written.folder


def found(place: Path, work: Path) -> Candidate:
    return candidate(str(place), work=work)


def checked(place: Path, work: Path, table: tuple[Deprecated, ...] | None = None) -> Checked:
    return check_plugin(found(place, work), on=ASKED_ON, work=work / "check", table=table)
