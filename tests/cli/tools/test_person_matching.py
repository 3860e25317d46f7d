"""`stac person match`: without a record and without a user."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Stac
from tests.cli.test_start_up import HEAVY, loaded_after
from tests.engine.tools.matching.invented_files import Maker, written

MAPPING = (
    'id = "id"\nforename = "forename"\nsurname = "surname"\ndate_of_birth = "date_of_birth"\ntown = "town"\n'
)
SHAPE = {"records", "candidate_pairs", "threshold", "pairs", "seconds"}
SCORES = {"precision", "recall", "f1", "b_cubed_f"}


@pytest.fixture
def nowhere(tmp_path: Path) -> Stac:
    """A home where nothing was ever made."""
    return Stac(tmp_path / "nowhere")


@pytest.fixture
def given(tmp_path: Path) -> tuple[str, str]:
    """A file of persons and its mapping."""
    maker = Maker(41)
    people = maker.modern(150)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(MAPPING + 'true_person = "person"\n', encoding="utf-8")
    rows = maker.mixed([*people, *maker.again(people, 0.4, 0.1)])
    return str(written(tmp_path / "a.csv", rows)), str(mapping)


def test_the_answer_has_the_shape_that_others_build_on(nowhere: Stac, given: tuple[str, str]) -> None:
    file, mapping = given
    findings = nowhere("person", "match", file, "--mapping", mapping, "--json", user=None)
    assert findings.code == 0
    assert set(findings.json) == SHAPE | SCORES
    assert findings.json["records"] == 210
    assert findings.json["f1"] > 0.9
    assert not nowhere.home.exists()


def test_without_a_truth_the_scores_are_absent(nowhere: Stac, given: tuple[str, str], tmp_path: Path) -> None:
    file, _ = given
    mapping = tmp_path / "bare.toml"
    mapping.write_text(MAPPING, encoding="utf-8")
    findings = nowhere("person", "match", file, "--mapping", str(mapping), "--json", user=None)
    assert set(findings.json) == SHAPE


def test_a_person_reads_figures_and_that_nothing_merges(
    nowhere: Stac, given: tuple[str, str], tmp_path: Path
) -> None:
    file, mapping = given
    out = tmp_path / "pairs.csv"
    findings = nowhere("person", "match", file, "--mapping", mapping, "--out", str(out), user=None)
    assert findings.code == 0
    for sentence in (
        "blocked on",
        "threshold",
        "F1, B-cubed F",
        str(out),
        "pairs.weights.json",
        "Nothing is merged automatically",
    ):
        assert sentence in findings.out
    assert out.exists()


def test_what_is_wrong_is_one_sentence(nowhere: Stac, given: tuple[str, str]) -> None:
    file, mapping = given
    findings = nowhere("person", "match", "nosuch.csv", "--mapping", mapping, user=None)
    assert (findings.code, findings.err) == (1, "the file: the file was not found; check its name\n")
    findings = nowhere("person", "match", file, "--mapping", "nosuch.toml", "--json", user=None)
    assert (findings.code, findings.json) == (1, {"error": "mapping: the file was not found; check its name"})
    assert nowhere("person", "match", file, file, file, "--mapping", mapping, user=None).code == 2


def test_its_help_loads_nothing_heavy(tmp_path: Path) -> None:
    (loaded,) = loaded_after("person match --help", home=tmp_path).values()
    assert "typer" in loaded
    assert not loaded & (HEAVY | {"scipy", "rapidfuzz", "sqlalchemy"})
