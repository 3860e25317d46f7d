"""A manifest names instruments; those of the package's own files are read with it, and faults are told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from engine.hooks.manifest import Manifest, ManifestFaultsError, read_manifest

MANIFEST = """
code = "quay"
name = "Quay"
version = "1.0"
contract = "1.0"
contact = "quay@example.invalid"
purpose = "To be a toy."
fields = ["perpetrator.name"]
"""
FORM = """
id = "ropes"
version = "1"
name = "Ropes"
kind = "checklist"
licence = "Our own words."
source = "Invented."
who_may_use = "Nobody."
never_used_for = ["Anything."]
how_a_result_is_reached = "Each stands for itself."
in_force_from = 2020-01-01

[[items]]
id = "loose"
asks = "Is one loose?"
"""
SCORED = FORM.replace('"checklist"', '"scored by a function"').replace(
    "in_force_from", 'scorer = "quay.scoring:score"\nin_force_from'
)


def a_package(place: Path, named: str, **files: str) -> Path:
    """A package whose manifest names these instruments; ``ropes`` is the file ropes.toml."""
    folder = place / "quay"
    folder.mkdir()
    (folder / "agency.toml").write_text(f"{MANIFEST}\ninstruments = {named}\n")
    (folder / "scoring.py").write_text("raise SystemExit('imported')\n")
    for name, text in files.items():
        file = folder.joinpath(*name.split("__")).with_suffix(".toml")
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(ManifestFaultsError) as caught:
        read_manifest(folder, agency="quay")
    return [fault.reason for fault in caught.value.faults]


def read(folder: Path) -> Manifest:
    return read_manifest(folder, agency="quay")


def test_a_file_of_the_package_is_read_with_the_manifest(tmp_path: Path) -> None:
    manifest = read(a_package(tmp_path, '["four", "ropes.toml"]', ropes=FORM))
    assert [each.name for each in manifest.own_instruments] == ["Ropes"]
    assert manifest.instrument_ids == {"four", "ropes"}


def test_a_folder_in_the_package_will_do(tmp_path: Path) -> None:
    manifest = read(a_package(tmp_path, '["forms/ropes.toml"]', forms__ropes=FORM))
    assert manifest.instrument_ids == {"ropes"}


def test_a_function_of_the_package_is_named_and_nothing_is_imported(tmp_path: Path) -> None:
    manifest = read(a_package(tmp_path, '["ropes.toml"]', ropes=SCORED))
    assert manifest.own_instruments[0].scorer == "quay.scoring:score"
    assert "quay" not in sys.modules


@pytest.mark.parametrize(
    ("named", "files", "sentence"),
    [
        ('["ropes.toml"]', {}, "ropes.toml is not there"),
        ('["ropes.toml"]', {"ropes": "id = "}, "ropes.toml is not TOML"),
        ('["ropes.toml"]', {"ropes": ""}, "ropes.toml: licence is missing"),
        ('["knots"]', {}, "instruments: 'knots' is not an instrument of the engine"),
        ('["../ropes.toml"]', {}, "instruments.0: name one of the engine's instruments, or a file"),
        ('["/tmp/ropes.toml"]', {}, "instruments.0: name one of the engine's instruments, or a file"),
        ('["four", "four.toml"]', {}, "instruments names one instrument twice"),
        (
            '["four.toml"]',
            {"four": FORM.replace('"ropes"', '"four"')},
            "four.toml: id: the engine has an instrument of that name",
        ),
        (
            '["ropes.toml"]',
            {"ropes": SCORED.replace("quay.scoring", "os.path")},
            "ropes.toml: scorer: names no module of this package",
        ),
        (
            '["ropes.toml"]',
            {"ropes": SCORED.replace("quay.scoring", "quay.scorning")},
            "ropes.toml: scorer: names no module of this package",
        ),
        (
            '["ropes.toml"]',
            {"ropes": SCORED.replace("quay.scoring", "wharf.quay.scoring")},
            "ropes.toml: scorer: names no module of this package",
        ),
        (
            '["ropes.toml"]',
            {"ropes": SCORED.replace("quay.scoring:score", "quay.scoring")},
            "ropes.toml: scorer: ",
        ),
    ],
)
def test_a_fault_is_told_in_a_sentence(
    named: str, files: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    assert any(sentence in fault for fault in faults(a_package(tmp_path, named, **files)))


def test_the_faults_of_all_its_instruments_are_told_at_once(tmp_path: Path) -> None:
    texts = faults(a_package(tmp_path, '["ropes.toml", "knots.toml", "buoys"]', ropes="id = "))
    assert len(texts) == 3


def test_an_answer_carries_only_instruments_that_the_manifest_names(tmp_path: Path) -> None:
    """The registry asks ``instrument_ids``; a file is named by its stem, wherever it lies."""
    manifest = read(a_package(tmp_path, '["forms/ropes.toml"]', forms__ropes=FORM))
    assert "ropes" in manifest.instrument_ids
    assert "forms/ropes.toml" not in manifest.instrument_ids


def test_reading_a_manifest_with_instruments_starts_no_process_and_imports_no_plugin(tmp_path: Path) -> None:
    folder = a_package(tmp_path, '["ropes.toml"]', ropes=SCORED)
    code = (
        "import sys; from pathlib import Path; from engine.hooks.manifest import read_manifest; "
        f"read_manifest(Path({str(folder)!r}), agency='quay'); "
        "assert not {'quay', 'quay.scoring', 'quay.hooks', 'multiprocessing'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3], timeout=60)
