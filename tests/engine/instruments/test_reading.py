"""An instrument's file tells every fault at once, by its name, in sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.instruments.reading import (
    SHIPPED,
    InstrumentFaultsError,
    read_folder,
    read_instrument,
    shipped_instruments,
)

GOOD = SHIPPED / "four.toml"


def faults_of(file: Path) -> tuple[str, ...]:
    with pytest.raises(InstrumentFaultsError) as caught:
        read_instrument(file)
    return caught.value.faults


def written(folder: Path, text: str | bytes, name: str = "four.toml") -> Path:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.read_text().replace('licence = "', 'license = "').replace('id = "fixated"', 'id = "9"')
    texts = faults_of(written(tmp_path, text))
    assert "four.toml: licence is missing" in texts
    assert "four.toml: license is not part of an instrument; leave it out" in texts
    assert any(each.startswith("four.toml: items.1.id:") for each in texts)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"id = ", "four.toml is not TOML"),
        (b"id = '\xff'", "four.toml is not UTF-8 text"),
        (b"x = " + b"[" * 100_000, "four.toml is"),
        (b"", "four.toml: id is missing"),
        (b"# " + b"x" * 2_000_001, "four.toml is larger than 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(text: bytes, sentence: str, tmp_path: Path) -> None:
    assert any(each.startswith(sentence) for each in faults_of(written(tmp_path, text)))


def test_a_file_that_is_not_there_or_is_a_folder_says_so(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "none.toml") == ("none.toml is not there",)
    (tmp_path / "folder.toml").mkdir()
    assert faults_of(tmp_path / "folder.toml")[0].startswith("folder.toml could not be opened")


def test_the_file_bears_the_id_as_its_name(tmp_path: Path) -> None:
    texts = faults_of(written(tmp_path, GOOD.read_text(), "five.toml"))
    assert texts == ("five.toml has id 'four'; it must be 'five'",)


def test_a_folder_tells_the_faults_of_all_its_files(tmp_path: Path) -> None:
    written(tmp_path, "id = ", "a-one.toml")
    written(tmp_path, "", "b-two.toml")
    with pytest.raises(
        InstrumentFaultsError, match=r"(?s)a-one\.toml is not TOML.*b-two\.toml: id is missing"
    ):
        read_folder(tmp_path)


def test_a_folder_that_is_not_there_holds_none(tmp_path: Path) -> None:
    assert read_folder(tmp_path / "none") == {}


def test_only_an_agency_names_a_function(tmp_path: Path) -> None:
    text = GOOD.read_text().replace('"recognition aid"', '"scored by a function"')
    written(tmp_path, text.replace("version =", 'scorer = "os.path:join"\nversion ='))
    with pytest.raises(InstrumentFaultsError, match="only an agency's own instrument may name a function"):
        read_folder(tmp_path)


def test_what_ships_states_its_licence_and_its_limits() -> None:
    assert {"four", "stalking-topics", "four-domains", "route-repeat", "route-visible-high-risk"} <= set(
        shipped_instruments()
    )
    for instrument in shipped_instruments().values():
        assert instrument.licence
        assert instrument.never_used_for
        assert instrument.scorer is None
