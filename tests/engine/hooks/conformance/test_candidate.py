"""Which plugin is meant by a path, a project, a wheel or a code; nothing of it is imported."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from engine.domain.errors import InvalidInputError
from engine.hooks.conformance.candidate import candidate
from tests.engine.hooks.conformance.packages import EXAMPLE, Spoilt, a_plugin


def a_wheel(
    project: Path, place: Path, *, entries: str = "[stac.agencies]\nharbourside = stac_harbourside\n"
) -> Path:
    with zipfile.ZipFile(place, "w") as wheel:
        for file in sorted((project / "src").rglob("*")):
            if file.is_file():
                wheel.write(file, file.relative_to(project / "src"))
        wheel.writestr("stac_harbourside-0.1.0.dist-info/entry_points.txt", entries)
    return place


def test_an_installed_agency_is_meant_by_its_code_and_by_its_folder(tmp_path: Path) -> None:
    by_code = candidate("police", work=tmp_path)
    by_folder = candidate(str(by_code.announced.folder), work=tmp_path)

    assert by_code.installed
    assert by_folder == by_code


def test_a_project_a_package_and_a_wheel_are_the_same_plugin(tmp_path: Path) -> None:
    project = a_plugin(tmp_path)
    wheel = a_wheel(project, tmp_path / "stac_harbourside-0.1.0-py3-none-any.whl")

    given = [project, project / "src" / "stac_harbourside", wheel]
    found = [candidate(str(each), work=tmp_path) for each in given]

    assert {each.code for each in found} == {"harbourside"}
    assert {each.announced.package for each in found} == {"stac_harbourside"}
    assert len({each.digest() for each in found}) == 1
    assert not any(each.installed for each in found)


def test_a_changed_file_changes_the_digest_and_a_compiled_one_does_not(tmp_path: Path) -> None:
    project = a_plugin(tmp_path)
    found = candidate(str(project), work=tmp_path)
    before = found.digest()

    cached = found.announced.folder / "__pycache__"
    cached.mkdir()
    (cached / "hooks.pyc").write_bytes(b"0")
    assert found.digest() == before
    (found.announced.folder / "records.py").write_text("# changed\n")
    assert found.digest() != before


def test_a_folder_without_python_is_read_by_the_engines_own_hooks(tmp_path: Path) -> None:
    found = candidate(str(EXAMPLE), work=tmp_path)

    assert found.code == "housing"
    assert found.announced.definition == EXAMPLE
    assert found.announced.package == "engine.hooks.nocode"


def test_a_mapping_beside_hooks_is_no_agency_without_python(tmp_path: Path) -> None:
    project = a_plugin(tmp_path)
    package = project / "src" / "stac_harbourside"
    shutil.copy(EXAMPLE / "mapping.toml", package)

    assert candidate(str(package), work=tmp_path).announced.definition is None


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda place: place / "nowhere", "no installed agency and no folder"),
        (lambda place: place, "no installed agency and no folder"),
    ],
)
def test_what_is_no_plugin_is_refused_in_a_sentence(make, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        candidate(str(make(tmp_path)), work=tmp_path)


def test_a_project_that_announces_no_agency_is_told_what_it_lacks(tmp_path: Path) -> None:
    project = a_plugin(tmp_path)
    file = project / "pyproject.toml"
    file.write_text(file.read_text().replace('"stac.agencies"', '"stac.agency"'))

    with pytest.raises(InvalidInputError, match=r'it needs \[project\.entry-points\."stac\.agencies"\]'):
        candidate(str(project), work=tmp_path)


def test_a_project_whose_package_is_missing_is_told(tmp_path: Path) -> None:
    project = a_plugin(tmp_path)
    shutil.rmtree(project / "src")

    with pytest.raises(InvalidInputError, match=r"the package that it announces has no agency\.toml"):
        candidate(str(project), work=tmp_path)


def test_a_file_that_is_no_wheel_and_a_wheel_without_an_agency_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "broken.whl").write_text("no zip")
    without = a_wheel(a_plugin(tmp_path), tmp_path / "without.whl", entries="[console_scripts]\na = b:c\n")

    with pytest.raises(InvalidInputError, match="this file is not a readable wheel"):
        candidate(str(tmp_path / "broken.whl"), work=tmp_path)
    with pytest.raises(InvalidInputError, match="the wheel announces no agency"):
        candidate(str(without), work=tmp_path)


def test_a_wheel_writes_nothing_outside_the_folder_that_it_is_unpacked_in(tmp_path: Path) -> None:
    wheel = a_wheel(
        a_plugin(tmp_path, Spoilt(file="hooks.py", was="import", now="import")), tmp_path / "evil.whl"
    )
    with zipfile.ZipFile(wheel, "a") as opened:
        opened.writestr("../../../escaped.txt", "x")
    work = tmp_path / "a" / "b" / "c"
    work.mkdir(parents=True)

    candidate(str(wheel), work=work)

    assert [each for each in tmp_path.rglob("escaped.txt") if not each.is_relative_to(work)] == []
