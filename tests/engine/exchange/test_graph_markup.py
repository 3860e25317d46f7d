"""GraphML and GEXF as two tables: what networkx wrote comes back, and what is hostile is one sentence."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from engine.domain.errors import InvalidInputError
from engine.exchange.graph_markup import EDGES, NODES, GraphMarkup
from engine.exchange.network_files import LIMITS, TextAllowance, tables_in
from engine.links.exporting.graph_files import GraphFormat, write_graph
from engine.links.reading import read_register
from engine.links.rows import NetworkFile
from tests.engine.links.given import ABOUT, a_register

BOMB = """<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<graphml><graph><node id="&b;"/></graph></graphml>"""


def read(path: Path) -> GraphMarkup:
    return GraphMarkup(path, part="graph", limits=LIMITS)


def written(place: Path, text: str) -> Path:
    file = place / "graph.xml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("form", [GraphFormat.GRAPHML, GraphFormat.GEXF])
def test_a_register_comes_back_as_it_was_exported(tmp_path: Path, form: GraphFormat) -> None:
    register = a_register("""P1,I1,involved,perpetrator,2024-03-09,1A P
                             V1,I1,involved,victim,2024-03,
                             P1,V1,knows,,1899-01-01,""")
    write_graph(register, form, tmp_path / "graph", ABOUT)
    nodes, edges = tables_in(tmp_path / "graph", part="graph")
    again = read_register(
        [NetworkFile("nodes", "graph", nodes.rows())], [NetworkFile("edges", "graph", edges.rows())]
    )
    assert not again.rejected
    entities = [[made.entity(n)[:3] for n in range(3)] for made in (again.register, register)]
    assert entities[0] == entities[1]
    names = ("start", "end", "kind", "role", "date", "grade")
    links = [
        {tuple(getattr(made.link(n), name) for name in names) for n in range(3)}
        for made in (again.register, register)
    ]
    assert links[0] == links[1]


def test_the_karate_club_of_networkx_is_read_with_its_attributes(tmp_path: Path) -> None:
    club = nx.karate_club_graph()
    nx.write_graphml_xml(club, tmp_path / "club")
    found = read(tmp_path / "club")
    assert (found.numbers[NODES], found.numbers[EDGES]) == (34, 78)
    header, first, *_ = found.rows(NODES)
    assert (header.cells, first.cells, first.row) == (["id", "club"], ["0", "Mr. Hi"], 2)
    assert len(list(found.rows(EDGES))) == 79


def test_labels_defaults_and_nested_nodes_of_other_programs_are_read(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:y="http://www.yworks.com/xml/graphml">
        <key id="d0" for="node" attr.name="type"><default>person</default></key>
        <key id="d1" for="all" attr.name="id"/><key id="d6" for="node" yfiles.type="nodegraphics"/>
        <graph edgedefault="directed">
        <node id="a"><data key="d6"><y:ShapeNode><y:Geometry x="1"/><y:NodeLabel>Ann</y:NodeLabel>
        </y:ShapeNode></data><graph><node id="b"><data key="d0">phone</data>
        <data key="d1">own id</data></node>
        </graph></node>
        <edge source="a" target="b"/></graph></graphml>""",
    )
    header, inner, outer = read(file).rows(NODES)
    assert header.cells == ["id", "label", "type", "id_as_given", "d6"]
    assert (inner.row, inner.cells) == (3, ["b", "", "phone", "own id", ""])
    assert (outer.row, outer.cells[:3]) == (2, ["a", "Ann", "person"])
    assert [row.cells[1:3] for row in read(file).rows(EDGES)] == [["from", "to"], ["a", "b"]]


def test_labels_kinds_weights_and_moments_of_gexf_are_columns(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        """<gexf version="1.3"><graph timeformat="dateTime"><attributes class="node">
        <attribute id="0" title="town"/></attributes><nodes><node id="1" label="Ann"><attvalues>
        <attvalue for="0" value="Leyton"/></attvalues></node><node id="2"/></nodes><edges>
        <edge id="0" source="1" target="2" label="calls" weight="2.0" start="2024-03-09T10:00:00"/></edges>
        </graph></gexf>""",
    )
    assert [row.cells for row in read(file).rows(NODES)] == [
        ["id", "label", "town"], ["1", "Ann", "Leyton"], ["2", "", ""],
    ]  # fmt: skip
    assert [row.cells for row in read(file).rows(EDGES)] == [
        ["id", "from", "to", "kind", "weight", "date"], ["0", "1", "2", "calls", "2.0", "2024-03-09"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BOMB, "it declares entities or a document type"),
        ("<graphml><graph><node id='1'>", "it is not whole GraphML or GEXF"),
        ("<graphml>" + "<graph><node id='1'>" * 200, "nested too deeply"),
        ("<graphml><graph/></graphml>", "it has no node"),
        ("<html/>", "it is XML of another kind"),
    ],
    ids=["bomb", "cut off", "deep", "empty", "another"],
)
def test_a_hostile_file_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        read(written(tmp_path, text))


def test_a_text_that_is_far_too_long_costs_its_row_alone(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        f"<gexf><graph><nodes><node id='1' label='{'x' * 30_000}'/><node id='2'/></nodes></graph></gexf>",
    )
    assert [bool(row.fault) for row in read(file).rows(NODES)] == [False, True, False]


def defaulted(numbers: int, *, keys: int, characters: int) -> str:
    """A graph whose nodes have nothing but long defaults."""
    text = "x" * characters
    given = "".join(f'<key id="d{n}" for="node"><default>{text}</default></key>' for n in range(keys))
    nodes = "".join(f'<node id="{n}"/>' for n in range(numbers))
    return f"<graphml>{given}<graph>{nodes}</graph></graphml>"


def test_a_small_graph_that_repeats_its_defaults_does_not_fill_the_memory(tmp_path: Path) -> None:
    file = written(tmp_path, defaulted(10_000, keys=3, characters=20_000))
    (nodes,) = tables_in(file, part="graph")
    with pytest.raises(InvalidInputError, match="graph: it repeats texts until they fill the memory"):
        for _ in nodes.rows():
            pass


def test_the_files_of_a_network_share_what_they_may_repeat(tmp_path: Path) -> None:
    file = written(tmp_path, defaulted(1_500, keys=3, characters=20_000))
    allowance = TextAllowance()
    first, second = (tables_in(file, part="graph", allowance=allowance)[0] for _ in range(2))
    assert sum(1 for _ in first.rows()) == 1_501
    with pytest.raises(InvalidInputError, match="it repeats texts"):
        for _ in second.rows():
            pass


def test_a_row_of_many_long_texts_and_a_text_without_end_cost_their_row(tmp_path: Path) -> None:
    file = written(tmp_path, defaulted(1, keys=60, characters=20_000))
    assert [row.fault for row in read(file).rows(NODES)] == [
        None, "has texts longer than 1,048,576 characters together; shorten them",
    ]  # fmt: skip
    endless = f"<data key='d'>x{' ' * 3_000_000}x</data>"
    graph = f"<graphml><key id='d' for='node'/><graph><node id='1'>{endless}</node></graph></graphml>"
    *_, row = read(written(tmp_path, graph)).rows(NODES)
    assert row.fault
    assert len(row.cells[1]) < 1_200_000


def a_timed_graph(timeformat: str, edge: str, inner: str = "") -> str:
    return f"""<gexf version="1.3"><graph mode="dynamic" {timeformat}><nodes><node id="a"/><node id="b">
        <spells><spell start="2024-01-05" end="2024-01-06"/>
        <spell start="2024-02-01" end="2024-02-03"/></spells></node></nodes>
        <edges><edge id="e" source="a" target="b" {edge}>{inner}</edge></edges></graph></gexf>"""


def test_the_times_of_a_dynamic_graph_are_read_from_attributes_and_spells(tmp_path: Path) -> None:
    spell = "<spells><spell start='2024-03-09T10:00:00' endopen='2024-03-11'/></spells>"
    graph = read(written(tmp_path, a_timed_graph("timeformat='date'", "", spell)))
    assert [row.cells for row in graph.rows(EDGES)][1] == ["e", "a", "b", "2024-03-09", "2024-03-11"]
    header, _, second = graph.rows(NODES)
    assert (header.cells, second.cells) == (["id", "date", "until"], ["b", "2024-01-05", "2024-02-03"])


def test_steps_of_a_dynamic_graph_are_no_dates(tmp_path: Path) -> None:
    graph = read(written(tmp_path, a_timed_graph("timeformat='double'", "start='1.0' end='4.0'")))
    header, edge = graph.rows(EDGES)
    assert header.cells[3:] == ["date_as_number", "until_as_number"]
    assert edge.cells[3:] == ["1.0", "4.0"]


def test_the_times_of_an_export_come_back_as_the_dates_that_they_were(tmp_path: Path) -> None:
    register = a_register("A,B,knows,,2024-03,\nA,C,knows,,2024-03-09,\nB,C,knows,,,")
    write_graph(register, GraphFormat.GEXF, tmp_path / "graph", ABOUT)
    nodes, edges = tables_in(tmp_path / "graph", part="graph")
    again = read_register(
        [NetworkFile("nodes", "graph", nodes.rows())], [NetworkFile("edges", "graph", edges.rows())]
    )
    dates = [again.register.link(number).date for number in range(3)]
    assert sorted(str(each) for each in dates) == ["2024-03", "2024-03-09", "None"]
    assert again.register.links.attributes.keys() == {"networkx_key"}, "no time comes back a second time"
