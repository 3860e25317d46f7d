"""What is marked protected takes part in nothing: each pattern would fire with it, and does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.links.components import components, summary
from engine.links.exporting.graph_files import GraphFormat, write_graph
from engine.links.exporting.i2 import entity_rows, link_rows
from engine.links.neighbourhood import neighbourhood
from engine.links.paths import shortest_paths
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import scan
from engine.links.register import Register
from tests.engine.links.given import ABOUT, LIMITS, a_reading, incidents, people

# For each pattern a network that shows it, and the one entity without which it would not.
FIRING: dict[str, tuple[str, str]] = {
    "serial-perpetrator": (incidents(("I1", "P1", "V1", ""), ("I2", "P1", "V2", "")), "V2"),
    "repeat-victim": (incidents(("I1", "P1", "V1", ""), ("I2", "P2", "V1", "")), "I2"),
    "repeat-case": (incidents(("I1", "P1", "V1", "2025-01-01"), ("I2", "P1", "V1", "2025-02-01")), "I2"),
    "counter-allegation": (incidents(("I1", "P1", "V1", ""), ("I2", "V1", "P1", "")), "I2"),
    "proxy": (incidents(("I1", "P1", "V1", "")) + "\nP1,T1,uses,,,\nP2,T1,uses,,,", "T1"),
    "role-overlap": (incidents(("I1", "P1", "V1", ""), ("I2", "V1", "P2", "")), "I2"),
    "many-handles": ("P1,A1,uses,,,\nP1,A2,uses,,,\nP1,T1,uses,,,", "A2"),
    "shared-object": ("P1,T1,uses,,,\nP2,T1,uses,,,\nP1,T2,uses,,,", "T1"),
    "order-then-switch": (
        incidents(("I1", "P1", "V1", "2025-01-01"), ("I2", "P1", "V2", "2025-03-01"))
        + "\nP1,O1,subject to,,2025-02-01,",
        "I2",
    ),
    "quiet-then-return": (
        incidents(
            *((f"I{n}", "P1", "V1", day) for n, day in enumerate(("2025-01-01", "2025-01-02", "2025-09-09")))
        ),
        "I2",
    ),
    "repeat-location": (
        incidents(("I1", "P1", "V1", ""), ("I2", "P1", "V2", "")) + "\nI1,W1,at,,,\nI2,W1,at,,,",
        "W1",
    ),
    "several-perpetrators": (incidents(("I1", "P1", "V1", ""), ("I2", "P2", "V1", "")), "P2"),
    "professional-targeted": (incidents(("I1", "P1", "V1", "")) + "\nV1,V2,advocate of,,,", "V2"),
    "three-in-twelve-months": (
        incidents(*((f"I{n}", "P1", "V1", f"2025-0{n}-01") for n in (1, 2, 3))),
        "I3",
    ),
}


def the_network(key: str, *, protected: bool, rows: bool = False) -> Register:
    """The network with its one entity protected, or not; or the links to it protected one by one."""
    links, hidden = FIRING[key]
    texts = links.splitlines()
    ends = dict.fromkeys(end for line in texts for end in line.split(",")[:2])
    lines = people(*ends).splitlines()
    if protected and not rows:
        lines = [f"{line}true" if line.startswith(f"{hidden},") else line for line in lines]
    marked = [f"{line},{'yes' if rows and hidden in line.split(',')[:2] else ''}" for line in texts]
    return a_reading(
        "\n".join(lines), "\n".join(["from,to,kind,role,date,grade,protected", *marked])
    ).register


def test_every_pattern_has_its_case_here() -> None:
    assert set(FIRING) == {key.value for key in PatternKey}


@pytest.mark.parametrize("key", FIRING)
def test_a_pattern_that_fires_is_silent_when_what_it_rests_on_is_protected(key: str) -> None:
    assert scan(the_network(key, protected=False), LIMITS).findings[PatternKey(key)]
    for rows in (False, True):
        hidden = scan(the_network(key, protected=True, rows=rows), LIMITS)
        assert not hidden.findings[PatternKey(key)]


@pytest.mark.parametrize("key", FIRING)
def test_a_protected_entity_is_nowhere(key: str, tmp_path: Path) -> None:
    register = the_network(key, protected=True)
    hidden = FIRING[key][1]
    assert register.find(hidden) is None
    texts = [scan(register, LIMITS).model_dump_json(), repr(summary(register))]
    texts += [repr(row) for row in (*entity_rows(register), *link_rows(register))]
    start = next(end for end in ("P1", "P2") if register.find(end) is not None)
    drawn = neighbourhood(register, start, hops=6, hub_cap=1)
    texts += [repr(drawn.graph.nodes), repr(drawn.hubs), repr(components(register))]
    for form in GraphFormat:
        for file in write_graph(register, form, tmp_path / form.value, ABOUT):
            assert not re.search(rf"\b{hidden}\b", file.read_text(encoding="utf-8-sig"))
    assert not any(f'"{hidden}"' in each or f"'{hidden}'" in each for each in texts)


def test_no_path_leads_over_a_protected_place() -> None:
    links = "from,to,kind\nP1,W1,seen at\nV1,W1,lives at"
    open_, held = (
        a_reading("id,type,protected\nP1,person,\nV1,person,\nW1,place," + mark, links).register
        for mark in ("no", "yes")
    )
    assert shortest_paths(open_, "P1", "V1").hops == 2
    assert shortest_paths(held, "P1", "V1").hops is None


def test_any_row_that_marks_an_id_protects_it_and_a_doubtful_mark_protects_too() -> None:
    reading = a_reading(
        "id,type,protected\nV1,person,\nV1,person,true\nV2,person,perhaps\nP1,person,no",
        "from,to,kind\nP1,V1,knows\nP1,V2,knows",
    )
    assert [reading.register.id_of(n) for n in range(len(reading.register))] == ["P1"]
    assert (reading.protected_entities, reading.protected_links) == (2, 2)
    assert reading.rejected == ()
