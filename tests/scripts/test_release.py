"""A release is signed, each difference from what was signed is named, and its bill of materials is whole."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts import requirements

ROOT = requirements.ROOT
OF_A_RELEASE = ("build", "product", "postgres", "dask")
READ_BILL = """
import json, sys
from cyclonedx.model.bom import Bom
bom = Bom.from_json(json.load(open(sys.argv[1])))
print(bom.metadata.component.name, bom.metadata.component.version, sep="==")
for part in bom.components:
    print(part.name, part.version, sep="==")
"""

pytestmark = pytest.mark.skipif(
    shutil.which("minisign") is None, reason="minisign is not installed; on Debian: apt-get install minisign"
)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def keys(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a pair of keys without a password: the secret one, and the public one."""
    secret, public = folder / f"{name}.key", folder / f"{name}.pub"
    assert run("minisign", "-G", "-W", "-p", public, "-s", secret).returncode == 0
    return secret, public


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Path]:
    """A small folder that is signed as a release is, and the public key."""
    secret, public = keys(tmp_path, "ours")
    folder = tmp_path / "release"
    (folder / "requirements").mkdir(parents=True)
    files = ("engine.whl", "requirements/product.txt")
    for name in files:
        (folder / name).write_text(f"of {name}\n")
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    (folder / "SHA256SUMS").write_text("".join(f"{digests[name]}  {name}\n" for name in files))
    assert run("minisign", "-S", "-s", secret, "-m", folder / "SHA256SUMS", "-t", "a trial").returncode == 0
    return folder, public


def refusal(folder: Path, public: str | Path) -> str:
    """Return the one sentence that refuses a release."""
    done = run("scripts/verify-release", folder, public)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done
    sentence, _, advice = done.stderr.rpartition("; ")
    assert advice == "install nothing of it\n"
    return sentence


def test_as_it_was_signed_it_is_verified_by_the_keys_file_or_text(signed: tuple[Path, Path]) -> None:
    folder, public = signed
    for key in (public, public.read_text().splitlines()[-1]):
        done = run("scripts/verify-release", folder, key)
        assert (done.returncode, done.stdout, done.stderr) == (0, "verified: 2 files, a trial\n", "")


def test_changed_missing_and_added_files_are_named(signed: tuple[Path, Path]) -> None:
    folder, public = signed
    began = "the release is not as it was signed: "
    (folder / "engine.whl").write_text("another\n")
    assert refusal(folder, public) == f"{began}changed engine.whl"
    (folder / "requirements/product.txt").unlink()
    assert refusal(folder, public) == f"{began}changed engine.whl, missing requirements/product.txt"
    (folder / "engine.whl").write_text("of engine.whl\n")
    (folder / "requirements/product.txt").write_text("of requirements/product.txt\n")
    assert run("scripts/verify-release", folder, public).returncode == 0
    (folder / "requirements/SHA256SUMS").write_text("")
    (folder / "more\x1b[2J.whl").write_text("")
    sentence = refusal(folder, public)
    assert "not signed requirements/SHA256SUMS" in sentence
    assert "not signed more?[2J.whl" in sentence


def test_a_link_in_place_of_a_file_is_no_file(signed: tuple[Path, Path]) -> None:
    folder, public = signed
    (folder / "engine.whl").rename(folder.parent / "elsewhere.whl")
    (folder / "engine.whl").symlink_to(folder.parent / "elsewhere.whl")
    assert refusal(folder, public) == "the release is not as it was signed: missing engine.whl"


def test_hashes_that_were_changed_with_their_file_and_another_key_are_not_signed(
    signed: tuple[Path, Path],
) -> None:
    folder, public = signed
    _, another = keys(folder.parent, "another")
    for key in (another, another.read_text().splitlines()[-1], "no key"):
        assert refusal(folder, key) == "SHA256SUMS is not signed by this key"
    (folder / "engine.whl").write_text("another\n")
    before = hashlib.sha256(b"of engine.whl\n").hexdigest()
    sums = (folder / "SHA256SUMS").read_text()
    (folder / "SHA256SUMS").write_text(sums.replace(before, hashlib.sha256(b"another\n").hexdigest()))
    assert refusal(folder, public) == "SHA256SUMS is not signed by this key"
    (folder / "SHA256SUMS.minisig").unlink()
    assert refusal(folder, public) == "SHA256SUMS.minisig is missing"


def test_a_key_in_the_repository_or_a_folder_that_is_there_is_refused(tmp_path: Path) -> None:
    secret, _ = keys(tmp_path, "ours")
    there = run("scripts/release", tmp_path, "--key", secret, "--trial")
    assert (there.returncode, there.stderr) == (1, "the folder of a release must not exist yet\n")
    inside = run("scripts/release", tmp_path / "new", "--key", "README.md", "--trial")
    assert (inside.returncode, inside.stderr) == (
        1,
        "the secret key is in the repository; store it elsewhere\n",
    )
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="a release is made from a git checkout")
def test_a_whole_release_is_verified_and_its_bill_names_each_package(tmp_path: Path) -> None:
    secret, public = keys(tmp_path, "ours")
    folder = tmp_path / "release"
    made = run("scripts/release", folder, "--key", secret, "--trial")
    assert made.returncode == 0, made.stderr
    verified = run("scripts/verify-release", folder, public)
    assert verified.stdout.startswith("verified: 6 files, stac-engine, commit "), verified.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        assert "cli/main.py" in opened.namelist()
    for name in OF_A_RELEASE:
        ours = ROOT / requirements.FOLDER / f"{name}.txt"
        assert (folder / "requirements" / ours.name).read_bytes() == ours.read_bytes()

    read = run(ROOT / ".venv/tools/bin/python", "-c", READ_BILL, folder / "bill-of-materials.cdx.json")
    whole, *named = read.stdout.split()
    assert whole.startswith("stac-engine=="), read.stderr
    wanted = {
        f"{canonicalize_name(pin.name)}=={pin.version}"
        for name in OF_A_RELEASE
        for pin in requirements.pins((folder / "requirements" / f"{name}.txt").read_text())
        if not pin.marker or Requirement(f"x; {pin.marker}").marker.evaluate()  # type: ignore[union-attr]
    }
    assert len(wanted) > 100
    listed = {
        f"{canonicalize_name(name)}=={version}"
        for name, _, version in (each.partition("==") for each in named)
    }
    assert {each for each in listed ^ wanted if not each.startswith("stac-engine==")} == set()
