"""What an installation needs fits constraints.txt, and pip refuses a file that was replaced."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scripts import requirements


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The files that the requirements are made from, and they themselves."""
    for name in ("constraints.txt", "pyproject.toml"):
        shutil.copy(requirements.ROOT / name, tmp_path / name)
    shutil.copytree(requirements.ROOT / requirements.FOLDER, tmp_path / requirements.FOLDER)
    return tmp_path


def changed(file: Path, before: str, after: str) -> None:
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


def test_the_files_fit_as_they_are(tree: Path) -> None:
    assert requirements.faults(tree) == []


def test_a_changed_pin_is_named(tree: Path) -> None:
    changed(tree / "constraints.txt", "typer==", "typer==9.")
    found = requirements.faults(tree)
    assert "requirements/product.txt was made from other versions or needs" in found
    assert any(each.startswith("constraints.txt: typer==9.") for each in found)


def test_a_pin_without_a_hash_and_an_address_are_named(tree: Path) -> None:
    product = tree / "requirements/product.txt"
    product.write_text(product.read_text() + "typer==0\n")
    assert "requirements/product.txt: typer==0 has no hash" in requirements.faults(tree)
    product.write_text(product.read_text() + "# https://packages.example\n")
    assert any("has an address or an option" in each for each in requirements.faults(tree))


def test_a_file_that_is_missing_is_named(tree: Path) -> None:
    (tree / "requirements/postgres.txt").unlink()
    assert "requirements/postgres.txt is missing" in requirements.faults(tree)


@pytest.mark.parametrize("is_replaced", [False, True])
def test_pip_refuses_a_package_that_was_replaced(tmp_path: Path, is_replaced: bool) -> None:
    package = tmp_path / "invented-1-py3-none-any.whl"
    with zipfile.ZipFile(package, "w") as wheel:
        wheel.writestr("invented.py", "")
        wheel.writestr("invented-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: invented\nVersion: 1\n")
        wheel.writestr("invented-1.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("invented-1.dist-info/RECORD", "")
    pin = requirements.Pin("invented", "1", "", (f"--hash=sha256:{_digest(package)}",))
    (tmp_path / "needs.txt").write_text(pin.lines() + "\n")
    if is_replaced:
        with zipfile.ZipFile(package, "a") as wheel:
            wheel.writestr("more.py", "")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--require-hashes"),
            *("--find-links", str(tmp_path), "--target", str(tmp_path / "there"), "-r", "needs.txt"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0, (tmp_path / "there/invented.py").exists()) == (not is_replaced,) * 2, done
    assert ("DO NOT MATCH" in done.stderr) is is_replaced


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
