"""`stac links measures`, `communities` and `query`, tried as an analyst would, on files only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from tests.cli.command import Stac
from tests.cli.test_start_up import loaded


@pytest.fixture
def bare(tmp_path: Path) -> Stac:
    """The command where nothing was ever initialised."""
    return Stac(tmp_path / "no-home")


@pytest.fixture
def karate(bare: Stac, tmp_path: Path) -> str:
    """Zachary's karate club, every link in both directions, as a register without an entity file."""
    rows = [f"{a},{b},{kind}" for a, b in nx.karate_club_graph().edges() for kind in ("meets", "trains")]
    more = [f"{b},{a},trains" for a, b in nx.karate_club_graph().edges()]
    (tmp_path / "links.csv").write_text("\n".join(["from,to,kind", *rows, *more, "0,99,owes"]), "utf-8")
    register = str(tmp_path / "karate.stac")
    assert (
        bare(
            "links", "import", "--links", str(tmp_path / "links.csv"), "--register", register, user=None
        ).code
        == 0
    )
    return register


def asked(stac: Stac, *given: str) -> Any:
    findings = stac("links", *given, "--json", user=None)
    assert findings.code == 0, findings
    return findings.json


def test_measures_have_the_shape_that_others_read(bare: Stac, karate: str) -> None:
    answer = asked(
        bare, "measures", "--register", karate, "--kind", "meets", "--kind", "trains", "--top", "2"
    )
    assert (answer["nodes"], answer["edges"], answer["components"], answer["largest_component"]) == (
        35,
        78,
        2,
        34,
    )
    assert (answer["triangles"], round(answer["transitivity"], 4)) == (45, 0.2557)
    assert answer["density"] == pytest.approx(78 / (35 * 34 / 2))
    assert list(answer["measures"]) == ["degree", "betweenness", "closeness", "triangles", "core"]
    for measure, each in answer["measures"].items():
        assert set(each) == {"exact", "normalised", "formula", "error", "sources", "top"}
        assert (each["exact"], each["normalised"], each["error"]) == (True, measure == "closeness", None)
        assert [set(ranked) for ranked in each["top"]] == [{"id", "value"}] * 2
    assert answer["measures"]["degree"]["top"] == [{"id": "33", "value": 17}, {"id": "0", "value": 16}]
    assert answer["measures"]["betweenness"]["top"][0]["value"] == pytest.approx(231.0714, abs=1e-4)


def test_some_measures_are_asked_for_in_one_option_or_several(bare: Stac, karate: str) -> None:
    two = asked(bare, "measures", "--register", karate, "--measure", "core, degree", "--measure", "core")
    assert list(two["measures"]) == ["core", "degree"]
    refused = bare("links", "measures", "--register", karate, "--measure", "fame", user=None)
    assert refused.code == 1
    assert refused.err == (
        "measure: 'fame' is not a measure; use degree, betweenness, closeness, triangles, core\n"
    )


def test_communities_are_the_same_bytes_for_one_seed(bare: Stac, karate: str) -> None:
    given = ("communities", "--register", karate, "--seed", "5", "--kind", "meets")
    once = asked(bare, *given)
    assert once == asked(bare, *given)
    assert set(once) == {"modularity", "communities"}
    assert once["modularity"] == pytest.approx(0.4198, abs=1e-4)
    assert [len(group) for group in once["communities"]] == [12, 11, 6, 5, 1]
    assert once["communities"][-1] == ["99"]


def test_they_read_as_sentences_that_say_what_they_do_not_show(bare: Stac, karate: str) -> None:
    read = bare("links", "measures", "--register", karate, user=None).out
    assert read.startswith("OFFICIAL-SENSITIVE")
    assert "Important in a network is not dangerous. It may only mean more recording." in read
    assert "degree: number of other entities that it is linked to." in read
    assert "entities: 35; linked pairs: 79; components: 1; entities in the largest: 35" in read
    groups = bare("links", "communities", "--register", karate, "--kind", "meets", user=None).out
    assert "4 communities of 2 or more entities; modularity 0.4198 with seed 1" in groups
    assert "5 runs with other seeds and this one gave 5 groups." in groups
    assert "1 without a link, each shown as a group of its own with --json." in groups
    assert "being in it proves nothing" in groups
    alone = bare("links", "communities", "--register", karate, "--kind", "owes", user=None).out
    assert "1 community of 2 or more entities" in alone


def test_a_question_to_the_record_is_refused(bare: Stac) -> None:
    refused = bare("links", "query", "question.toml", user=None)
    assert refused.code == 2
    assert "people in the record are not ranked" in " ".join(refused.err.split())


@pytest.mark.parametrize("command", ["measures", "communities"])
def test_the_record_is_refused_and_the_reason_given(bare: Stac, karate: str, command: str) -> None:
    refused = bare("links", command, user=None)
    assert refused.code == 2
    assert "people in the record are not ranked or grouped" in " ".join(refused.err.split())
    other = bare("links", command, "--register", str(Path(karate).with_name("links.csv")), user=None)
    assert (other.code, other.err.lstrip()) == (
        1, "register: is not a register of links; make one with 'stac links import'\n",
    )  # fmt: skip
    wrong = bare("links", command, "--register", karate, "--kind", "Meets", user=None)
    assert (wrong.code, wrong.err.lstrip()) == (
        1, "kind: no link is of the kind 'Meets'; 'stac links summary' lists the kinds of a register\n",
    )  # fmt: skip


def test_kinds_limit_paths_and_neighbours(bare: Stac, karate: str) -> None:
    assert asked(bare, "shortest-path", "99", "33", "--register", karate)["hops"] == 3
    apart = asked(bare, "shortest-path", "99", "33", "--register", karate, "--kind", "trains")
    assert (apart["hops"], apart["count"]) == (None, 0)
    near = asked(bare, "neighbours", "99", "--hops", "2", "--register", karate, "--kind", "owes")
    assert {node["id"] for node in near["nodes"]} == {"0", "99"}
    for command in (("shortest-path", "99", "33"), ("neighbours", "99")):
        assert bare("links", *command, "--register", karate, "--kind", "none", user=None).code == 1


def test_a_question_in_a_file_is_answered_and_a_fault_in_it_has_its_place(bare: Stac, tmp_path: Path) -> None:
    files = Path(__file__).parents[2] / "files" / "links"
    register, file = str(tmp_path / "r"), tmp_path / "question.toml"
    given = ("--entities", str(files / "stalking-entities.csv"), "--links", str(files / "stalking-links.csv"))
    bare("links", "import", *given, "--register", register, user=None)
    file.write_text(bare("links", "query", "--template", user=None).out, "utf-8")
    assert asked(bare, "query", str(file), "--register", register) == {"rows": [{"id": "V3", "value": 0}]}
    file.write_text('[find]\ntype = "phone"\n[count]\nto = { type = "person" }\n', "utf-8")
    assert asked(bare, "query", str(file), "--register", register) == {"rows": [{"id": "T1", "value": 2}]}
    read = bare("links", "query", str(file), "--register", register, user=None).out
    assert "1 entity" in read
    assert "More may only mean more recording" in read
    for text, fault in (
        ("[find]\nlinked = [{ near = 3 }]\n", "file: find.linked.1.near is not a part of it; leave it out\n"),
        ("[find\n", "file: neither JSON nor TOML: look at line 1, column 6\n"),
        ("[find]\nid = 'S1'\n", "find.id: no entity has the id 'S1'; write it as in the files\n"),
    ):
        file.write_text(text, "utf-8")
        refused = bare("links", "query", str(file), "--register", register, user=None)
        assert (refused.code, refused.err) == (1, fault)
    assert bare("links", "query", "--register", register, user=None).code == 2


def test_no_database_is_loaded(bare: Stac, karate: str, tmp_path: Path) -> None:
    there = loaded("links", "measures", "--register", karate, "--json", home=tmp_path)
    assert not there & {"sqlmodel", "sqlalchemy", "prefect", "pandas", "duckdb"}
