"""Files go in, and what comes out is what pandas and networkx count in the same rows on their own."""

from __future__ import annotations

import csv
import itertools
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.clock import SystemClock
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import PatternsFound
from engine.services.tools.registers import (
    around,
    components_of,
    import_links,
    path_between,
    patterns_in,
    summary_of,
)

ROLES = {"Suspect": {"P"}, "Victim": {"V"}, "Witness": {"W"}, "Dual": {"P", "V"}, "": set[str]()}
NAMES = ("1", "01", "Ana Ng", "Łukasz", "الأب", "田中", "=x", "a,b", "Ω", "N/A")
THINGS = (("T1", "phone"), ("T2", "account"), ("T3", "vehicle"), ("T4", "email"))

a_day = st.dates(date(2020, 1, 1), date(2023, 12, 31)).map(date.isoformat)
a_part = st.tuples(st.sampled_from(NAMES), st.integers(0, 9), st.sampled_from(sorted(ROLES)))


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[list[str]], list[list[str]]]:
    """People with hard names in crimes on days, and the things that they use."""
    days = draw(st.lists(a_day, min_size=10, max_size=10))
    parts = draw(st.lists(a_part, min_size=1, max_size=30))
    uses = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(THINGS)), max_size=12))
    entities = [[name, "person"] for name in NAMES]
    entities += [[f"C{n}", "crime"] for n in range(10)] + [list(thing) for thing in THINGS]
    links = [[name, f"C{crime}", "in", role, days[crime]] for name, crime, role in parts]
    return entities, links + [[name, thing, "uses", "", ""] for name, (thing, _) in uses]


def written(place: Path, network: tuple[list[list[str]], list[list[str]]]) -> Path:
    """The network as two files, taken into a register."""
    for name, header, rows in (
        ("e.csv", ["id", "type"], network[0]),
        ("l.csv", ["from", "to", "kind", "role", "date"], network[1]),
    ):
        with (place / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    done = import_links(
        clock=SystemClock(), entities=[place / "e.csv"], links=[place / "l.csv"], register=place / "r.stac"
    )
    assert not done.rejected
    return place / "r.stac"


def read(place: Path) -> tuple[pd.DataFrame, pd.DataFrame, nx.Graph[str]]:
    entities, links = (
        pd.read_csv(place / name, dtype=str, keep_default_na=False) for name in ("e.csv", "l.csv")
    )
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(entities["id"])
    graph.add_edges_from(zip(links["from"], links["to"], strict=True))
    return entities, links, graph


def subjects(found: PatternsFound, key: str, number: int = 1) -> set[Any]:
    """Whom the findings of a pattern are about."""
    texts = [each.persons[:number] for each in found.findings[PatternKey(key)]]
    return {each[0] if number == 1 else each for each in texts}


few = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@few
@given(networks())
def test_figures_paths_and_neighbourhoods_are_those_of_pandas_and_networkx(
    tmp_path: Path, network: tuple[list[list[str]], list[list[str]]]
) -> None:
    register = written(tmp_path, network)
    entities, links, graph = read(tmp_path)
    answer = summary_of(register=register)
    assert answer["entities"] == entities["type"].value_counts().to_dict()
    assert answer["links"] == links.drop_duplicates()["kind"].value_counts().to_dict()
    assert answer["repeated_rows"] == links.duplicated().sum()
    sizes = [len(each) for each in nx.connected_components(graph)]
    assert (answer["components"], answer["largest_component"]) == (len(sizes), max(sizes))
    assert components_of(register=register)["largest"] == max(sizes)
    for kind, of_kind in entities.groupby("type")["id"]:
        degrees = {each: graph.degree(each) for each in of_kind}
        most = max(degrees.values())
        assert answer["max_degree"][str(kind)]["degree"] == most
        assert set(answer["max_degree"][str(kind)]["ids"]) == {e for e, n in degrees.items() if n == most}
    for one, other in (("1", "01"), ("田中", "C3"), ("T1", "=x")):
        path = path_between(register=register, start=one, end=other)
        if nx.has_path(graph, one, other):
            wanted = {tuple(each) for each in nx.all_shortest_paths(graph, one, other)}
            assert {tuple(each) for each in path["paths"]} == wanted
            assert (path["hops"], path["count"]) == (nx.shortest_path_length(graph, one, other), len(wanted))
        else:
            assert (path["hops"], path["paths"], path["count"]) == (None, [], 0)
        near = nx.node_link_graph(dict(around(register=register, entity_id=one, hops=2)))
        assert set(near) == set(nx.ego_graph(graph, one, 2))


@few
@given(networks())
def test_every_pattern_is_about_those_whom_pandas_finds(
    tmp_path: Path, network: tuple[list[list[str]], list[list[str]]]
) -> None:
    found = patterns_in(clock=SystemClock(), register=written(tmp_path, network))
    _, links, _ = read(tmp_path)
    parts = links[links["kind"] == "in"].drop_duplicates()
    did, suffered = (parts[[side in ROLES[role] for role in parts["role"]]] for side in "PV")
    did, suffered = (each[["from", "to", "date"]].drop_duplicates() for each in (did, suffered))
    met = did.merge(suffered, on="to", suffixes=("", "_v"))
    met = met[met["from"] != met["from_v"]]
    assert subjects(found, "serial-perpetrator") == over(met.groupby("from")["from_v"].nunique(), 2)
    assert subjects(found, "several-perpetrators") == over(met.groupby("from_v")["from"].nunique(), 2)
    assert subjects(found, "repeat-victim") == over(suffered.groupby("from")["to"].nunique(), 2)
    assert subjects(found, "role-overlap") == set(did["from"]) & set(suffered["from"])
    pairs = set(zip(met["from"], met["from_v"], strict=True))
    mutual = {frozenset(pair) for pair in pairs if pair[::-1] in pairs}
    assert {frozenset(each) for each in subjects(found, "counter-allegation", 2)} == mutual
    uses = links[links["kind"] == "uses"].drop_duplicates()
    handles = uses[~uses["to"].isin(["T3"])]
    wanted = over(handles.groupby("from")["to"].nunique(), 3) - only_victims(parts)
    assert subjects(found, "many-handles") == wanted
    shared = over(uses.groupby("to")["from"].nunique(), 2)
    assert {each.path[1] for each in found.findings[PatternKey.SHARED_OBJECT]} == shared
    by_time = {pair: sorted(map(date.fromisoformat, days)) for pair, days in days_of(met).items()}
    assert subjects(found, "three-in-twelve-months", 2) == {
        pair
        for pair, days in by_time.items()
        if any(within_a_year(a, c) for a, c in zip(days, days[2:], strict=False))
    }
    assert subjects(found, "quiet-then-return", 2) == {
        pair
        for pair, days in by_time.items()
        if any((b - a).days >= 180 for a, b in list(itertools.pairwise(days))[1:])
    }
    assert subjects(found, "repeat-case", 2) == {
        pair
        for pair, days in by_time.items()
        if any(b > a and within_a_year(a, b) for a, b in itertools.pairwise(days))
    }


def over(counts: pd.Series[int], least: int) -> set[str]:
    return set(counts[counts >= least].index)


def days_of(met: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    return {
        (str(pair[0]), str(pair[1])): list(days) for pair, days in met.groupby(["from", "from_v"])["date"]
    }


def only_victims(parts: pd.DataFrame) -> set[str]:
    answer: dict[str, set[str]] = {}
    for person, role in zip(parts["from"], parts["role"], strict=True):
        answer.setdefault(person, set()).update(ROLES[role])
    return {person for person, roles in answer.items() if roles == {"V"}}


def within_a_year(first: date, last: date) -> bool:
    return pd.Timestamp(last) <= pd.Timestamp(first) + pd.DateOffset(months=12)


def test_a_chain_of_any_length_has_its_path(tmp_path: Path) -> None:
    names = [f"N{n}" for n in range(400)]
    links = [[a, b, "knows", "", ""] for a, b in itertools.pairwise(names)]
    register = written(tmp_path, ([[name, "person"] for name in names], links))
    path = path_between(register=register, start="N0", end="N399")
    assert (path["hops"], path["count"], path["paths"]) == (399, 1, [names])


@pytest.mark.parametrize("users", [51, 10_000])
def test_an_object_of_very_many_users_joins_no_strangers_and_the_shorter_way_is_told(
    tmp_path: Path, users: int
) -> None:
    people = [f"N{n}" for n in range(users)]
    links = [[name, "T1", "uses", "", ""] for name in people]
    links += [["N0", "N1", "knows", "", ""], ["N1", "N2", "knows", "", ""], ["N2", "N3", "knows", "", ""]]
    register = written(tmp_path, ([[name, "person"] for name in people] + [["T1", "phone"]], links))
    path = path_between(register=register, start="N0", end="N3")
    assert (path["hops"], path["through_hubs"], path["hops_through_hubs"]) == (3, False, 2)
    crossing = path_between(register=register, start="N0", end="N9")
    assert (crossing["hops"], crossing["through_hubs"]) == (2, True)
    assert summary_of(register=register)["max_degree"]["phone"]["ids"] == ["T1"]
