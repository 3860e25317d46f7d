"""Graph files come back as they were written, by networkx's own readers; nothing missing becomes a value."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from engine.domain.errors import InvalidInputError
from engine.domain.shown import disarmed
from engine.links.exporting.graph_files import GraphFormat, write_graph
from engine.links.exporting.i2 import strength
from engine.links.neighbourhood import drawn_graph
from engine.links.reading import read_register
from tests.engine.links.given import ABOUT, a_reading, entity_file, link_file

REGISTER = a_reading(
    "id,type,label,note\n1,person,Zoë & <Co>,\n2,person,,=1+1\n3,person,张伟,\n9,crime,,",
    "id,from,to,kind,role,date,grade,source\n"
    "a,1,9,in,Suspect Victim,2024-03,1A P,police\nb,2,9,in,,2024-03-09,,\n"
    "c,2,9,in,witness,,3D C,\nd,1,2,knows,,,,",
).register
FORMATS = (GraphFormat.GRAPHML, GraphFormat.GEXF, GraphFormat.CYTOSCAPE, GraphFormat.NODELINK)


def read_graph(form: GraphFormat, file: Path) -> nx.MultiDiGraph[str]:
    """A file as networkx's own reader of that layout has it."""
    text = file.read_text(encoding="utf-8")
    match form:
        case GraphFormat.GRAPHML:
            found: Any = nx.read_graphml(file, force_multigraph=True)
        case GraphFormat.GEXF:
            found = nx.read_gexf(file)
        case GraphFormat.CYTOSCAPE:
            found = nx.cytoscape_graph(json.loads(text))
        case _:
            found = nx.node_link_graph(json.loads(text), edges="edges")
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(found)
    return graph


def plain(graph: nx.MultiDiGraph[str]) -> tuple[dict[str, Any], list[Any]]:
    """Entities and links with what was recorded of them, whatever else a format adds."""
    ours = {"type", "label", "note"}
    nodes = {
        str(node): {name: answer[name] for name in ours & answer.keys() if answer[name] != str(node)}
        for node, answer in graph.nodes(data=True)
    }
    named = {"kind", "role", "role_as_given", "date", "grade", "told_by"}
    edges = [
        (str(one), str(other), sorted((name, answer[name]) for name in named & answer.keys()))
        for one, other, answer in graph.edges(data=True)
    ]
    return nodes, sorted(edges)


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_comes_back_as_it_was_written(form: GraphFormat, tmp_path: Path) -> None:
    (file,) = write_graph(REGISTER, form, tmp_path / "out", ABOUT)
    again = read_graph(form, file)
    assert plain(again) == plain(drawn_graph(REGISTER, range(4), range(REGISTER.link_count)))
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_not_recorded_is_not_there(form: GraphFormat, tmp_path: Path) -> None:
    (file,) = write_graph(REGISTER, form, tmp_path / "out", ABOUT)
    text = file.read_text(encoding="utf-8")
    assert "None" not in text
    texts = {
        frozenset(data) & {"date", "grade", "told_by"}
        for _, _, data in read_graph(form, file).edges(data=True)
    }
    assert texts == {
        frozenset({"date", "grade", "told_by"}),
        frozenset({"date"}),
        frozenset({"grade"}),
        frozenset(),
    }


def test_a_date_keeps_its_own_precision(tmp_path: Path) -> None:
    (file,) = write_graph(REGISTER, GraphFormat.NODELINK, tmp_path / "out", ABOUT)
    assert sorted(
        data["date"]
        for _, _, data in read_graph(GraphFormat.NODELINK, file).edges(data=True)
        if "date" in data
    ) == ["2024-03", "2024-03-09"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_direction_mark_in_a_value_stays_in_a_file_that_a_machine_reads(
    form: GraphFormat, tmp_path: Path
) -> None:
    register = a_reading("id,type,label\n1,person,Ka\u202ete\n2,person,", "from,to\n1,2").register
    (file,) = write_graph(register, form, tmp_path / "out", ABOUT)
    assert read_graph(form, file).nodes["1"]["label"] == "Ka\u202ete"


def test_characters_that_xml_cannot_hold_are_replaced(tmp_path: Path) -> None:
    register = a_reading("id,type,label\n1\x02,person,a\x00b\n2,person,", "from,to\n1\x02,2").register
    for form in (GraphFormat.GRAPHML, GraphFormat.GEXF):
        (file,) = write_graph(register, form, tmp_path / form.value, ABOUT)
        assert (
            read_graph(form, file).nodes["1\N{REPLACEMENT CHARACTER}"]["label"]
            == "a\N{REPLACEMENT CHARACTER}b"
        )


def test_two_ids_that_differ_in_such_a_character_stay_two(tmp_path: Path) -> None:
    register = a_reading(
        "id,type\n1\x02,person\n1\x03,person\n1\ufffd,person\n2,person", "from,to\n1\x02,2\n1\x03,2"
    ).register
    (file,) = write_graph(register, GraphFormat.GRAPHML, tmp_path / "out", ABOUT)
    assert set(read_graph(GraphFormat.GRAPHML, file)) == {"1\ufffd", "1\ufffd-2", "1\ufffd-3", "2"}


def test_an_attribute_that_a_format_keeps_for_itself_gets_another_name(tmp_path: Path) -> None:
    register = a_reading("id,type,start,value\n1,person,noon,7\n2,person,,", "from,to,weight\n1,2,5").register
    for form in FORMATS:
        (file,) = write_graph(register, form, tmp_path / form.value, ABOUT)
        again = read_graph(form, file)
        assert again.nodes["1"]["start_as_given"] == "noon"
        assert again.nodes["1"]["value_as_given"] == "7"


def the_tables(place: Path) -> list[list[list[str]]]:
    files = write_graph(REGISTER, GraphFormat.I2, place, ABOUT)
    assert [file.name for file in files] == ["entities.csv", "links.csv"]
    return [list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines())) for file in files]


def test_the_tables_for_i2_have_their_columns_and_iso_dates(tmp_path: Path) -> None:
    entities, links = the_tables(tmp_path / "i2")
    assert entities[0] == ["id", "type", "label", "note"]
    assert entities[4] == ["9", "crime", "9", ""]
    wanted = "id,from,to,type,role,direction,date,label,strength,grade,source"
    assert ",".join(links[0]) == wanted
    assert links[1] == [
        "a", "1", "9", "in", "perpetrator and victim", "from to", "2024-03", "perpetrator and victim",
        "Confirmed", "1A P", "police",
    ]  # fmt: skip
    assert (tmp_path / "i2" / "links.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_no_cell_is_a_formula_and_it_comes_back(tmp_path: Path) -> None:
    entities, _ = the_tables(tmp_path / "i2")
    assert entities[2][3] == "'=1+1"
    for cell in ("+44 7700 900001", "-1", "@home", "\tx", "\n=1", "\uff1d1+1"):
        assert disarmed(cell) == f"'{cell}"
    assert disarmed("plain") == "plain"


def test_the_tables_can_be_taken_in_again(tmp_path: Path) -> None:
    entities, links = the_tables(tmp_path / "i2")
    again = read_register(
        [entity_file("\n".join(",".join(cells) for cells in entities))],
        [link_file("\n".join(",".join(cells) for cells in links))],
    )
    assert not again.rejected
    assert len(again.register) == 4
    assert [again.register.link(n).date for n in range(4)] == [REGISTER.link(n).date for n in range(4)]
    assert [again.register.link(n).role for n in range(4)] == [REGISTER.link(n).role for n in range(4)]


def test_the_strength_of_a_line_is_what_its_grade_says() -> None:
    assert [strength(grade) for grade in ("1A P", "2A", "3A", "1E C", None)] == [
        "Confirmed",
        "Unconfirmed",
        "Tentative",
        "Tentative",
        "Unconfirmed",
    ]


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="out: cannot be written there"):
        write_graph(REGISTER, GraphFormat.GEXF, tmp_path / "nowhere" / "out", ABOUT)


def test_gexf_has_the_beginning_and_the_end_of_each_date_for_a_timeline(tmp_path: Path) -> None:
    register = a_reading(
        "id,type,when\n1,person,\n2,crime,2024-02\n3,crime,never",
        "id,from,to,kind,date\na,1,2,in,2024-03\nb,1,3,in,1899-12-31\nc,2,3,near,",
    ).register
    (file,) = write_graph(register, GraphFormat.GEXF, tmp_path / "out", ABOUT)
    graph = nx.read_gexf(file)
    assert graph.graph["mode"] == "dynamic"
    times = {node: (fields.get("start"), fields.get("end")) for node, fields in graph.nodes(data=True)}
    assert times == {"1": (None, None), "2": ("2024-02-01", "2024-02-29"), "3": (None, None)}
    spans = {
        (one, other): (f.get("start"), f.get("end"), f.get("date"))
        for one, other, f in graph.edges(data=True)
    }
    assert spans == {
        ("1", "2"): ("2024-03-01", "2024-03-31", "2024-03"),
        ("1", "3"): ("1899-12-31", "1899-12-31", "1899-12-31"),
        ("2", "3"): (None, None, None),
    }
