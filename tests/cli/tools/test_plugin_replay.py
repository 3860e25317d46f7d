"""`stac plugin replay`, read as a developer reads it, without a record and without a user."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command import Stac
from tests.engine.hooks.conformance.packages import EXAMPLE


@pytest.fixture
def nowhere(tmp_path: Path) -> Stac:
    """The command where there is no home at all."""
    return Stac(tmp_path / "nowhere")


def test_replay_without_a_change_says_so(nowhere: Stac, tmp_path: Path) -> None:
    saved = str(tmp_path / "before.json")
    assert nowhere("plugin", "replay", str(EXAMPLE), "--save", saved, user=None).code == 0

    findings = nowhere("plugin", "replay", str(EXAMPLE), "--against", saved, user=None)

    assert (findings.code, findings.out) == (0, "No difference between 1.0 and 1.0 of housing.\n")


def test_replay_shows_a_changed_sentence_under_its_case_and_finding(nowhere: Stac, tmp_path: Path) -> None:
    changed = tmp_path / "housing"
    shutil.copytree(EXAMPLE, changed)
    mapping = changed / "mapping.toml"
    mapping.write_text(mapping.read_text().replace("The tenancy ended on", "It ended on"))

    findings = nowhere("plugin", "replay", str(changed), "--against", str(EXAMPLE), user=None)

    assert findings.code == 0
    assert "    - The tenancy ended on" in findings.out
    assert "    + It ended on" in findings.out
    assert "case-" in findings.out
    assert "different invented records" not in findings.out


def test_replay_against_a_version_that_is_not_kept_is_refused(nowhere: Stac) -> None:
    findings = nowhere("plugin", "replay", str(EXAMPLE), "--against", "0.9", user=None)

    assert findings.code == 1
    assert "no run of this version is saved (none is saved)" in findings.err


def test_replay_of_nothing_against_nothing_is_wrong_use(nowhere: Stac) -> None:
    assert nowhere("plugin", "replay", str(EXAMPLE), user=None).code == 2
