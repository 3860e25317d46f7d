"""`stac links ask` and paths by kinds on the record, as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Stac, a_row, referred

PHONE = {"perpetrator_phone": "07700 900123"}


@pytest.fixture
def two(stac: Stac, tmp_path: Path) -> list[str]:
    """Two referrals whose alleged perpetrators share a phone."""
    first = a_row("1", perpetrator_forename="Daniel", perpetrator_surname="Roe", **PHONE)
    second = a_row("2", perpetrator_forename="Rex", perpetrator_surname="Yarn", victim_surname="Ode", **PHONE)
    return referred(stac, tmp_path, first, second)


def test_a_path_between_two_names_is_told_in_steps_with_what_is_against_it(
    stac: Stac, two: list[str]
) -> None:
    said = stac("links", "ask", "path from Daniel Roe to Rex Yarn").out
    assert "path 1 of 1:" in said
    assert "1. Daniel Roe uses phone 07700 900123" in said
    assert "2. Rex Yarn uses phone 07700 900123" in said
    assert "but: A link does not show that people know each other." in said
    assert "Sent to the coordinator" in said
    answer = stac.json("links", "ask", "path from Daniel Roe to Rex Yarn")
    assert [len(end["results"]) for end in answer["ends"]] == [1, 1]
    assert len(answer["path"]["paths"]) == 1


def test_a_name_lists_where_its_links_begin(stac: Stac, two: list[str]) -> None:
    said = stac("links", "ask", "Daniel Roe").out
    assert "matched on the same name" in said
    nobody = stac("links", "ask", "Nobody Atall").out
    assert "No results does not mean that agencies hold nothing." in nobody


def test_a_list_is_refused_and_a_path_takes_kinds(stac: Stac, two: list[str]) -> None:
    assert stac("links", "ask", "Daniel Roe; Rex Yarn").code == 1
    by = {
        kind: stac.json("links", "shortest-path", *two, "--kind", "referred in", "--kind", kind)["hops"]
        for kind in ("uses", "at")
    }
    assert by == {"uses": 4, "at": None}


def test_a_path_takes_dates_and_the_next_longer_ones(stac: Stac, two: list[str]) -> None:
    whole = stac.json("links", "shortest-path", *two, "--longer", "2")
    assert all(len(way) > whole["hops"] + 1 for way in whole["longer_paths"])
    assert len(whole["longer_in_words"]) == len(whole["longer_paths"])
    none = stac.json("links", "shortest-path", *two, "--until", "1990-01-01")
    assert none["hops"] is None or none["hops"] >= whole["hops"]
    assert stac("links", "shortest-path", *two, "--since", "yesterday").code == 2


def test_a_map_and_a_path_of_the_record_are_written_with_a_reason(
    stac: Stac, two: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "map.svg"
    for part in (("--around", two[0]), ("--path", *two)):
        given = ("links", "export", *part, "--format", "svg", "--out", str(out))
        assert stac(*given).code == 2, "without a reason"
        done = stac(*given, "--why", "For the conference.")
        assert done.code == 0, done
        text = out.read_text(encoding="utf-8")
        for words in ("OFFICIAL-SENSITIVE", "Record of the STAC within the access of", "07700 900123"):
            assert words in text, words
        out.unlink()


def test_an_end_that_is_another_record_of_one_person_is_explained(stac: Stac, two: list[str]) -> None:
    with stac.runtime() as runtime, runtime.uow.unrecorded() as work:
        (one, victim), (other, _) = ([each.reference for each in work.people.on_cases([ref])] for ref in two)
    apart = stac("links", "shortest-path", other, victim).out
    assert "are records of one person" not in apart
    assert stac("person", "same", one, other, "--why", "Seen.").code == 0
    together = stac("links", "shortest-path", other, victim).out
    assert f"{other} is shown as {one}. They are records of one person." in together
    itself = stac("links", "shortest-path", other, one).out
    assert f"Both ends are {one}, so there is no path between them." in itself
    assert "path 1" not in itself
