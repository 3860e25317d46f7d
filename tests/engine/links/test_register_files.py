"""A register in a file: the same when opened again, written whole or not at all, and nothing in it is run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.domain.errors import InvalidInputError
from engine.links.register_files import open_register, save_register
from tests.engine.links.given import a_reading

NETWORK = (
    "id,type,label,sex\n1,person,Zoë Ångström,0\n2,person,,1\n9,crime,,",
    "id,from,to,kind,role,date,grade,source,note\nA,1,9,in,Suspect,2024-03,1A P,police,seen\n"
    "B,2,9,in,victim,,,,",
)


def test_everything_is_the_same_when_it_is_opened_again(tmp_path: Path) -> None:
    register = a_reading(*NETWORK).register
    save_register(register, tmp_path / "r")
    again = open_register(tmp_path / "r")
    assert [again.entity(n) for n in range(3)] == [register.entity(n) for n in range(3)]
    assert [again.link(n) for n in range(2)] == [register.link(n) for n in range(2)]
    assert [again.link_id(n) for n in range(2)] == [register.link_id(n) for n in range(2)]
    assert again.steps(2) == register.steps(2)
    assert [again.find(each) for each in ("1", "9", "3")] == [0, 2, None]
    assert again.link(0).attributes == {"note": "seen"}
    assert again.entity(0).label == "Zoë Ångström"


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    save_register(a_reading(*NETWORK).register, tmp_path / "r")
    assert (tmp_path / "r").stat().st_mode & 0o077 == 0


def test_an_older_file_stays_when_a_new_one_cannot_be_written(tmp_path: Path) -> None:
    place = tmp_path / "r"
    place.mkdir()
    (place / "kept").touch()
    with pytest.raises(InvalidInputError, match="register: cannot be written there"):
        save_register(a_reading(*NETWORK).register, place)
    assert [each.name for each in tmp_path.iterdir()] == ["r"]
    assert (place / "kept").exists()


def test_a_file_that_is_none_is_refused_in_a_sentence(tmp_path: Path) -> None:
    for name, content in (("text", b"id,type\n1,person\n"), ("empty", b""), ("cut", b"PK\x03\x04 and then")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InvalidInputError, match="is not a register of links"):
            open_register(tmp_path / name)
    with pytest.raises(InvalidInputError, match="the file was not found"):
        open_register(tmp_path / "nowhere")


def test_a_file_with_objects_in_it_is_refused_and_not_run(tmp_path: Path) -> None:
    with (tmp_path / "r").open("wb") as file:
        np.savez(file, header=np.array([{"stac-links": 1}], dtype=object))
    with pytest.raises(InvalidInputError, match="is not a register of links"):
        open_register(tmp_path / "r")


def test_a_file_cut_short_is_refused(tmp_path: Path) -> None:
    save_register(a_reading(*NETWORK).register, tmp_path / "r")
    whole = (tmp_path / "r").read_bytes()
    (tmp_path / "r").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidInputError, match="is not a register of links"):
        open_register(tmp_path / "r")
