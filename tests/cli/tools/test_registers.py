"""`stac links`, tried as an analyst would: on files, without a record, a user or a home."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from tests.cli.command import CommandResult, Stac
from tests.cli.test_start_up import loaded

FILES = Path(__file__).parents[2] / "files" / "links"
KEYS = {
    "serial-perpetrator", "repeat-victim", "repeat-case", "counter-allegation", "proxy", "role-overlap",
    "many-handles", "shared-object", "order-then-switch", "quiet-then-return", "repeat-location",
    "several-perpetrators", "professional-targeted", "three-in-twelve-months",
}  # fmt: skip


@pytest.fixture
def bare(tmp_path: Path) -> Stac:
    """The command where nothing was ever initialised."""
    return Stac(tmp_path / "no-home")


def taken_in(stac: Stac, name: str, place: Path, *more: str) -> tuple[str, CommandResult]:
    """A register of one of the small networks."""
    register = str(place / "register")
    files = ("--entities", str(FILES / f"{name}-entities.csv"), "--links", str(FILES / f"{name}-links.csv"))
    return register, stac("links", "import", *files, "--register", register, *more, user=None)


def asked(stac: Stac, *given: str) -> Any:
    findings = stac("links", *given, "--json", user=None)
    assert findings.code == 0, findings
    return findings.json


def test_a_published_network_without_dates_is_taken_in_and_told(bare: Stac, tmp_path: Path) -> None:
    register, findings = taken_in(bare, "bipartite", tmp_path)
    assert findings.code == 0, findings
    assert "10 entities and 9 links" in findings.out
    summary = asked(bare, "summary", "--register", register)
    assert summary["entities"] == {"person": 6, "crime": 4}
    assert summary["links"] == {"involved": 9}
    assert (summary["components"], summary["largest_component"]) == (2, 8)
    assert summary["max_degree"]["crime"]["ids"] == ["101", "102"]
    patterns = asked(bare, "patterns", "--register", register)
    assert set(patterns) == KEYS | {"not_judged"}
    assert [each["persons"][0] for each in patterns["serial-perpetrator"]] == ["2", "5"]
    assert [each["persons"] for each in patterns["role-overlap"]] == [["5"]]
    assert {each["pattern"] for each in patterns["not_judged"]} >= {"repeat-case", "shared-object"}


def test_every_finding_has_the_shape_that_others_read(bare: Stac, tmp_path: Path) -> None:
    register, _ = taken_in(bare, "stalking", tmp_path)
    patterns = asked(bare, "patterns", "--register", register)
    shown = {key for key in KEYS if patterns[key]}
    assert shown == KEYS - {"quiet-then-return"}
    for key in shown:
        for each in patterns[key]:
            assert set(each) == {"says", "path", "persons", "incidents", "counter_evidence"}


def test_a_protected_place_is_in_no_answer_and_no_file(bare: Stac, tmp_path: Path) -> None:
    register, findings = taken_in(bare, "stalking", tmp_path)
    assert "1 protected entities and 2 links" in findings.out
    answers = [
        bare("links", *given, "--register", register, "--json", user=None).out
        for given in (["summary"], ["patterns"], ["components"], ["neighbours", "V1", "--hops", "6"])
    ]
    assert not any('"S1"' in answer or "safe house" in answer for answer in answers)
    assert b"safe house" not in Path(register).read_bytes()
    held = bare("links", "neighbours", "S1", "--register", register, user=None)
    nowhere = bare("links", "neighbours", "S2", "--register", register, user=None)
    assert (held.code, held.err.replace("S1", "S2")) == (1, nowhere.err)


def test_the_number_of_victims_can_be_asked_for(bare: Stac, tmp_path: Path) -> None:
    register, _ = taken_in(bare, "bipartite", tmp_path)
    found = asked(bare, "patterns", "--register", register, "--at-least", "3", "--only", "serial-perpetrator")
    assert [each["persons"][0] for each in found["serial-perpetrator"]] == ["2"]
    assert bare("links", "patterns", "--register", register, "--only", "nonsense", user=None).code == 2
    tried = (
        "patterns",
        "--register",
        register,
        "--only",
        "serial-perpetrator",
        "--threshold",
        "serial_victims=3",
    )
    compared = asked(bare, *tried, "--by-chance")
    assert compared["serial-perpetrator"] == found["serial-perpetrator"]
    assert set(compared["changed"]["serial-perpetrator"]) == {"by_default", "new", "gone"}
    assert compared["by_chance"]["serial-perpetrator"]["reshuffles"] == 100
    refused = bare("links", *tried[:-1], "victims=3", user=None)
    assert refused.code == 1
    assert "'victims' is not known; use serial_victims" in refused.err
    assert bare("links", *tried[:-1], "serial_victims", user=None).code == 2


def test_a_neighbourhood_is_node_link_data_that_networkx_reads(bare: Stac, tmp_path: Path) -> None:
    register, _ = taken_in(bare, "bipartite", tmp_path)
    graph = nx.node_link_graph(
        asked(bare, "neighbours", "1", "--hops", "2", "--register", register), edges="edges"
    )
    assert set(graph) == {"1", "101", "103", "2", "3", "5"}
    assert graph.nodes["101"]["type"] == "crime"


def test_a_path_tells_hops_paths_and_count(bare: Stac, tmp_path: Path) -> None:
    register, _ = taken_in(bare, "bipartite", tmp_path)
    answer = asked(bare, "shortest-path", "3", "4", "--register", register)
    assert answer["hops"] == 4
    assert answer["paths"] == [["3", "101", "2", "102", "4"]]
    assert answer["count"] == 1
    none = asked(bare, "shortest-path", "3", "6", "--register", register)
    assert (none["hops"], none["paths"], none["count"]) == (None, [], 0)
    itself = bare("links", "shortest-path", "3", "3", "--register", register, user=None).out
    assert "Both ends are 3, so there is no path between them." in itself
    assert "0 links" not in itself


DATED = """from,to,kind,date,grade,source
a,b,knows,2024-03,2B P,police
a,c,knows,2022,,
c,b,knows,2022-05-01,,
"""


def dated(bare: Stac, place: Path) -> str:
    """A network where two are linked in 2024, and by a third person in 2022."""
    (place / "l.csv").write_text(DATED, encoding="utf-8")
    register = str(place / "dated.stac")
    assert (
        bare("links", "import", "--links", str(place / "l.csv"), "--register", register, user=None).code == 0
    )
    return register


def test_a_path_is_limited_to_dates_and_the_next_longer_ones_follow(bare: Stac, tmp_path: Path) -> None:
    register = dated(bare, tmp_path)
    whole = asked(bare, "shortest-path", "a", "b", "--register", register, "--longer", "1")
    assert (whole["paths"], whole["longer_paths"]) == ([["a", "b"]], [["a", "c", "b"]])
    assert whole["in_words"] == [["a - b: knows, March 2024, 2B P, police"]]
    assert whole["longer_in_words"] == [["a - c: knows, 2022", "c - b: knows, 1 May 2022"]]
    assert (whole["longer_cut"], whole["longer_stopped"]) == (False, False)
    for limits, paths in (
        (("--until", "2023-12-31"), [["a", "c", "b"]]),
        (("--since", "2024-03-31"), [["a", "b"]]),
        (("--since", "2024-04-01"), []),
    ):
        found = asked(bare, "shortest-path", "a", "b", "--register", register, *limits)
        assert (found["paths"], found["longer_paths"]) == (paths, []), limits
    text = bare("links", "shortest-path", "a", "b", "--register", register, "--longer", "2", user=None).out
    assert "longer path 1 of 2 links:\n  a - c: knows, 2022" in text
    wrong = ("--since", "2024-01-02", "--until", "2024-01-01")
    assert bare("links", "shortest-path", "a", "b", "--register", register, *wrong, user=None).code == 2


def test_an_id_that_a_register_has_not_is_said_to_be_no_such_id(bare: Stac, tmp_path: Path) -> None:
    register, _ = taken_in(bare, "bipartite", tmp_path)
    for given in (["shortest-path", "3", "9999"], ["shortest-path", "9999", "3"], ["neighbours", "9999"]):
        findings = bare("links", *given, "--register", register, user=None)
        assert findings.code == 1
        assert "the register has no entity 9999; check the id" in findings.err
        assert "you cannot view" not in findings.err


def test_each_command_reads_as_sentences_too(bare: Stac, tmp_path: Path) -> None:
    register, _ = taken_in(bare, "stalking", tmp_path)
    for given, sentence in (
        (("summary",), "2 components; the largest holds 15 entities"),
        (("components",), "2 components"),
        (("patterns",), "A counter-allegation makes neither of them a perpetrator."),
        (
            ("shortest-path", "V1", "A1"),
            "A path shows how records are linked, not that people know each other.",
        ),
        (("neighbours", "T1", "--hops", "1"), "3 entities and 2 links within 1 links of T1"),
    ):
        findings = bare("links", *given, "--register", register, user=None)
        assert findings.code == 0, findings
        assert findings.out.startswith("OFFICIAL-SENSITIVE")
        assert sentence in findings.out


@pytest.mark.parametrize("command", ["summary", "patterns", "components", "export"])
def test_without_a_register_it_is_the_record_that_is_asked_and_by_somebody(bare: Stac, command: str) -> None:
    more = ("--format", "gexf", "--out", "x", "--why", "So.") if command == "export" else ()
    findings = bare("links", command, *more, user=None)
    assert findings.code == 2
    assert "give the user" in findings.err


def test_bad_rows_are_told_the_good_ones_kept_and_the_command_says_so_by_its_code(
    bare: Stac, tmp_path: Path
) -> None:
    entities, links = tmp_path / "e.csv", tmp_path / "l.csv"
    entities.write_text("id,type\n1,person\n2,person\n1,crime\n", encoding="utf-8")
    links.write_text(
        'from,to,kind\n1,2,knows\n1,3,knows\n"1,2,knows\n2,2,knows\n2,1,knows\n', encoding="utf-8"
    )
    given = ("--entities", str(entities), "--links", str(links), "--register", str(tmp_path / "r"))
    findings = bare("links", "import", *given, "--json", user=None)
    assert findings.code == 1
    assert (findings.json["entities"], findings.json["links"]) == (2, 2)
    assert [(each["file"], each["row"], each["column"]) for each in findings.json["rejected"]] == [
        ("entities", 4, "id"), ("links", 3, "to"), ("links", 4, None), ("links", 5, "to"),
    ]  # fmt: skip
    assert sum(findings.json["rejected_by_reason"].values()) == 4
    assert "row 4" in bare("links", "import", *given, user=None).out


def test_several_files_are_one_network_and_a_fault_has_its_file(bare: Stac, tmp_path: Path) -> None:
    given: list[str] = []
    for number in range(1, 5):
        file = tmp_path / f"phase-{number}.csv"
        file.write_text(f"from,to,kind\na,b{number},calls\nb{number},b{number},calls\n", encoding="utf-8")
        given += ["--links", str(file)]
    register = str(tmp_path / "r")
    findings = bare("links", "import", *given, "--register", register, "--json", user=None)
    assert findings.code == 1
    assert (findings.json["entities"], findings.json["links"]) == (5, 4)
    assert [(each["file"], each["row"]) for each in findings.json["rejected"]] == [
        (str(tmp_path / f"phase-{number}.csv"), 3) for number in range(1, 5)
    ]
    assert f"{tmp_path / 'phase-3.csv'}, row 3, column to" in bare(
        "links", "import", *given, "--register", register, user=None
    ).out.replace("\n", "")
    before = Path(register).read_bytes()
    (tmp_path / "phase-3.csv").write_text("who,whom\na,b\n", encoding="utf-8")
    for more, fault in (
        ((), "link file 3: row 1: the column 'from' is missing; a mapping may name it\n"),
        (given[:2], "link file 5: is given twice; give each file once\n"),
        (("--entities", str(tmp_path / "none.csv")), "entity file: the file was not found; check its name\n"),
    ):
        refused = bare("links", "import", *given, *more, "--register", register, user=None)
        assert (refused.code, refused.err) == (1, fault)
    assert Path(register).read_bytes() == before


def test_an_empty_network_is_refused_and_leaves_nothing(bare: Stac, tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id,type\n", encoding="utf-8")
    (tmp_path / "l.csv").write_text("from,to\n", encoding="utf-8")
    findings = bare(
        "links", "import", "--entities", str(tmp_path / "e.csv"), "--links", str(tmp_path / "l.csv"),
        "--register", str(tmp_path / "r"), user=None,
    )  # fmt: skip
    assert findings.code == 1
    assert findings.err == "entity file: the file has a header but no valid entity rows\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["e.csv", "l.csv"]


def test_an_object_of_ten_thousand_users_is_drawn_and_not_expanded(bare: Stac, tmp_path: Path) -> None:
    entities = ["id,type", "T,phone", *(f"{number},person" for number in range(10_000))]
    links = ["from,to,kind", *(f"{number},T,uses" for number in range(10_000)), "1,2,knows"]
    (tmp_path / "e.csv").write_text("\n".join(entities), encoding="utf-8")
    (tmp_path / "l.csv").write_text("\n".join(links), encoding="utf-8")
    findings = bare(
        "links", "import", "--entities", str(tmp_path / "e.csv"), "--links", str(tmp_path / "l.csv"),
        "--register", str(tmp_path / "r"), user=None,
    )  # fmt: skip
    assert findings.code == 0
    assert "T has 10,000 links: it is shown but not expanded" in findings.out
    drawn = asked(bare, "neighbours", "1", "--hops", "4", "--register", str(tmp_path / "r"))
    assert {node["id"] for node in drawn["nodes"]} == {"1", "2", "T"}
    assert drawn["graph"]["hubs_not_expanded"] == [{"id": "T", "links": 10_000}]
    assert asked(bare, "patterns", "--register", str(tmp_path / "r"))["shared-object"] == []


@pytest.mark.parametrize(("encoding", "mark"), [("cp1252", ";"), ("utf-8-sig", "\t")])
def test_files_of_other_programs_are_read(bare: Stac, tmp_path: Path, encoding: str, mark: str) -> None:
    (tmp_path / "e.csv").write_text(
        f"id{mark}type{mark}label\n1{mark}person{mark}Zoë\n2{mark}person{mark}", encoding
    )
    (tmp_path / "l.csv").write_text(f"from{mark}to\n1{mark}2\n", encoding)
    given = ("--entities", str(tmp_path / "e.csv"), "--links", str(tmp_path / "l.csv"))
    assert bare("links", "import", *given, "--register", str(tmp_path / "r"), user=None).code == 0
    drawn = asked(bare, "neighbours", "1", "--register", str(tmp_path / "r"))
    assert drawn["nodes"][0]["label"] == "Zoë"


def test_events_are_judged_case_by_case(bare: Stac) -> None:
    answer = asked(bare, "trends", str(FILES / "events.csv"))
    assert [(each["case"], each["events"], each["alarm"]) for each in answer] == [
        ("K-1", 9, True), ("K-2", 6, None), ("K-3", 2, None),
    ]  # fmt: skip
    assert list(answer[0]) == ["case", "events", "statistic", "p_trend", "p_permutation", "alarm", "says"]
    graver = asked(bare, "trends", str(FILES / "events.csv"), "--severity")
    assert [each["severity_p"] is None for each in graver] == [False, False, True]
    assert [each["severity_p_between"] is None for each in graver] == [False, False, True]
    assert (answer[2]["alarm"], answer[2]["reason"], answer[2]["smallest"]) == (None, "too few to judge", 6)
    read = bare("links", "trends", str(FILES / "events.csv"), user=None)
    assert "K-2: gaps too alike to judge whether they came faster" in read.out
    assert "0.0" not in read.out, "probabilities are for --json"


def test_a_row_of_events_that_is_left_out_is_said(bare: Stac, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("case,date\nA,2024-01\n", encoding="utf-8")
    findings = bare("links", "trends", str(tmp_path / "events.csv"), "--json", user=None)
    assert findings.code == 1
    assert findings.json[0]["says"].startswith("too few to judge")
    assert findings.err == "row 2: the date is not a full date; the event was not counted\n"


@pytest.mark.parametrize("form", ["graphml", "gexf", "cytoscape", "nodelink", "i2"])
def test_a_register_is_written_for_other_programs(bare: Stac, tmp_path: Path, form: str) -> None:
    register, _ = taken_in(bare, "stalking", tmp_path)
    files = asked(bare, "export", "--register", register, "--format", form, "--out", str(tmp_path / "out"))[
        "files"
    ]
    for file in files:
        text = Path(file).read_text(encoding="utf-8-sig")
        assert "safe house" not in text
    assert len(files) == (2 if form == "i2" else 1)
    if form == "nodelink":
        assert len(json.loads(Path(files[0]).read_text(encoding="utf-8"))["nodes"]) == 16


def test_a_register_is_asked_without_any_database(bare: Stac, tmp_path: Path) -> None:
    register, _ = taken_in(bare, "bipartite", tmp_path)
    there = loaded("links", "patterns", "--register", register, "--json", home=tmp_path)
    assert not there & {"sqlmodel", "sqlalchemy", "prefect", "pandas", "duckdb"}
