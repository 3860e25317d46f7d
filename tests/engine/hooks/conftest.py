"""Toy agencies, each with one fault, beside the real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from engine.domain.people.persons import Identifier, IdentifierScheme
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.hooks.registry import Agencies, load_agencies

TOYS = Path(__file__).parent / "toys"
TOY_FOLDERS = {
    folder.name.replace("_", "-"): folder
    for folder in sorted(TOYS.iterdir())
    if (folder / "agency.toml").exists()
}


@pytest.fixture
def toys(tmp_path: Path) -> Iterator[Callable[..., Agencies]]:
    """Loads toy agencies by code; their processes are gone when the test is over."""
    with ExitStack() as opened:

        def load(*codes: str, **how: object) -> Agencies:
            extra = {code: TOY_FOLDERS[code] for code in codes}
            agencies = load_agencies(tmp_path / "home", extra=extra, **how)  # type: ignore[arg-type]
            return opened.enter_context(agencies)

        yield load


@pytest.fixture(scope="module")
def all_toys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agencies]:
    """Every toy at once, for tests that leave each as they found it: not running, or ready."""
    with load_agencies(tmp_path_factory.mktemp("home"), extra=TOY_FOLDERS) as agencies:
        yield agencies


@pytest.fixture
def case() -> CaseAsked:
    """A case with more in it than any toy is shown."""
    return CaseAsked(
        reference="R-7K3M9QX",
        on=date(2026, 11, 24),
        perpetrator=PersonAsked(
            forename="Perpetua",
            surname="Toyson",
            identifiers=(
                Identifier(scheme=IdentifierScheme.PNC, value="2012/0000001A"),
                Identifier(scheme=IdentifierScheme.NHS, value="9990000018"),
            ),
        ),
        victim=PersonAsked(forename="Victoria", surname="Hidden"),
        relationship="former partner",
    )
