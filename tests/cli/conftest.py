"""A home for each test of the command, copied from one that is made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command import Invented, Stac, a_home, with_extracts
from tests.databases import copy_home, remove_database


@pytest.fixture(scope="session")
def home_made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with people and no case."""
    return a_home(tmp_path_factory.mktemp("made-once") / "home").home


@pytest.fixture(scope="session")
def home_with_extracts(
    home_made_once: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Invented]:
    """A home with people, whose agencies have extracts."""
    home = copy_home(home_made_once, tmp_path_factory.mktemp("with-extracts") / "home")
    return home, with_extracts(Stac(home))


@pytest.fixture
def stac(home_made_once: Path, tmp_path: Path) -> Iterator[Stac]:
    """The command in a home with people and no case."""
    yield Stac(copy_home(home_made_once, tmp_path / "home"))
    remove_database(tmp_path / "home")


@pytest.fixture
def stac_with_extracts(
    home_with_extracts: tuple[Path, Invented], tmp_path: Path
) -> Iterator[tuple[Stac, Invented]]:
    """The command in a home whose agencies have extracts, and the invented people in them."""
    home, invented = home_with_extracts
    yield Stac(copy_home(home, tmp_path / "home")), invented
    remove_database(tmp_path / "home")
