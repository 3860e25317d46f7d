"""Patterns of the record: both ways find the same, and what is protected takes part in no question."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.links.maps import MapAsked
from engine.domain.people.persons import Thing, ThingKind
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.links.exporting.graph_files import GraphFormat
from engine.links.kinds import Shape
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.scan import scan
from engine.links.patterns.searching import PatternsAsked
from engine.links.patterns.thresholds import Thresholds, thresholds_on
from engine.links.record_kinds import shape_of_node
from engine.links.snapshot_files import current_name, open_snapshot
from engine.services.links import export as link_export
from engine.services.links import graphs as link_graphs
from engine.services.links import maps as link_maps
from engine.services.links import register as link_register
from engine.services.links.graphs import neighbourhood
from engine.services.links.projection import refresh_links
from engine.services.links.record import RecordLinks, links_for
from engine.services.links.views import view_around
from tests.builders import Desk, a_desk, a_person, an_incident
from tests.engine.links.patterns.directly import scan_directly
from tests.engine.services.links.test_graphs import screened, tied
from tests.engine.services.links.test_orders import recorded

LOOSE: Thresholds = thresholds_on(date(2026, 11, 25)).model_copy(
    update={"object_users": 6, "quiet_before": 1, "quiet_days": 10, "three_incidents": 2}
)
GRADES = (None, "2E P", "1A P", None)
PHONES = [f"07700 90020{number}" for number in range(6)]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, list[Acting], tuple[str, ...]]]:
    """Cases of few people and many shared things: some came after the arrays, some are not screened."""
    chance = random.Random(3)
    with a_desk(tmp_path_factory.mktemp("busy") / "home") as desk:

        def a_tied_referral(number: int) -> Any:
            one, other = (a_person("Per", f"Son{name}") for name in chance.sample(range(5), 2))
            return tied(
                str(number),
                *chance.sample(PHONES, 3),
                perpetrator=one,
                victim=other,
                incidents=(
                    an_incident("2026-01-05", crime_reference=f"cr/{chance.randrange(4)}"),
                    an_incident(f"2026-02-2{chance.randrange(9)}", grade=GRADES[number % 4]),
                ),
            )

        cases = desk.refer(*map(a_tied_referral, range(8))).referrals
        screened(desk, *cases[:6])
        for case in cases[:3]:
            recorded(desk, case, made="2026-01-20")
        refresh_links(desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots)
        later = desk.refer(*map(a_tied_referral, range(8, 11))).referrals
        yield desk, [desk.coordinator, desk.add("ana", Role.ANALYST)], (*cases, *later)


def test_candidates_in_the_arrays_and_the_record_asked_directly_find_the_same(
    busy: tuple[Desk, list[Acting], tuple[str, ...]],
) -> None:
    desk, viewers, cases = busy
    found = set[PatternKey]()
    for acting in viewers:
        with desk.runtime.uow.unrecorded() as work:
            snapshots = desk.runtime.link_snapshots
            register = link_register.viewer_register(work, acting, desk.clock, snapshots).register
            large = scan(register, LOOSE).findings
            record, _ = links_for(work, acting, desk.clock, desk.runtime.link_snapshots)
            everybody = {found for case in cases for found in _reached(record, case)}
            direct = scan_directly(record, sorted(everybody), LOOSE)
        for key, findings in direct.items():
            assert sorted(map(repr, large[key])) == sorted(map(repr, findings)), (acting.user, key)
            found |= {key} if findings else set()
    assert found >= {
        PatternKey.SHARED_OBJECT,
        PatternKey.PROXY,
        PatternKey.MANY_HANDLES,
        PatternKey.REPEAT_VICTIM,
    }


def _reached(links: RecordLinks, case: str) -> set[int]:
    start = links.find(case)
    reached, waiting = set[int](), [] if start is None else [start]
    while waiting:
        each = waiting.pop()
        if each not in reached:
            reached.add(each)
            waiting += [step.to for step in links.steps(each)]
    return reached


SHARED_PHONE, SHARED_PLACE, SHARED_ACCOUNT = (
    "07700 900456",
    "9 Quiet Street, ZZ1 1AA",
    "quiet.one@example.org",
)
MARKS = ("900456", "uiet street", "quiet.one")
PROTECTED = (
    ProtectedValue(kind=ProtectedKind.PHONE, value=SHARED_PHONE),
    ProtectedValue(kind=ProtectedKind.ADDRESS, value=SHARED_PLACE),
    ProtectedValue(kind=ProtectedKind.EMAIL, value=SHARED_ACCOUNT),
)


def a_pair(desk: Desk, *protected: ProtectedValue) -> tuple[str, str]:
    """Two perpetrators who share a telephone, a place and an account; and another's protected values."""
    things = tuple(
        Thing(kind=kind, value=value)
        for kind, value in (
            (ThingKind.PHONE, SHARED_PHONE),
            (ThingKind.ACCOUNT, SHARED_ACCOUNT),
            (ThingKind.PHONE, "07700 900300"),
        )
    )
    one, other, _ = desk.refer(
        tied("1", perpetrator_things=things, perpetrator_address=SHARED_PLACE),
        tied("2", perpetrator_things=things[:2], perpetrator_address=SHARED_PLACE),
        tied("3", protected=protected),
    ).referrals
    screened(desk, one, other)
    return one, other


class Pair(NamedTuple):
    """A desk with the two cases, and who asks."""

    desk: Desk
    one: str
    other: str
    folder: Path
    acting: Acting

    def asked(self) -> dict[str, Any]:
        context = self.desk.context(self.acting)
        return {"context": context, "snapshots": self.desk.runtime.link_snapshots}


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[tuple[Pair, ...], tuple[Pair, ...]]]:
    """The same two cases, without and with a third whose protected values are what they share."""
    made = []
    with ExitStack() as desks:
        for name, protected in (("open", ()), ("held", PROTECTED)):
            folder = tmp_path_factory.mktemp(name)
            desk = desks.enter_context(a_desk(folder / "home"))
            one, other = a_pair(desk, *protected)
            refresh_links(desk.context(desk.coordinator), snapshots=desk.runtime.link_snapshots)
            viewers = (desk.coordinator, desk.add("ana", Role.ANALYST))
            made.append(tuple(Pair(desk, one, other, folder, acting) for acting in viewers))
        yield made[0], made[1]


def _around(pair: Pair, **more: Any) -> bool:
    graph = neighbourhood(**{**pair.asked(), **more}, person=pair.one, hops=6)
    return (
        pair.other in graph or {"place", "account"} & {kind for _, kind in graph.nodes(data="type")} != set()
    )


def _hubs(pair: Pair) -> bool:
    graph = neighbourhood(**pair.asked(), person=pair.one, hops=6, hub_cap=1)
    return bool(graph.graph["hubs_not_expanded"])


def _view(pair: Pair) -> bool:
    text = view_around(**pair.asked(), reference=pair.one, hops=6).model_dump_json()
    return pair.other in text or any(mark in text for mark in MARKS)


def _map(pair: Pair) -> bool:
    drawn = link_maps.draw_map(**pair.asked(), asked=MapAsked(start=pair.one, hops=4))
    found = {each.key for each in drawn.patterns.found}
    return bool(found & {"shared-object", "proxy"}) or any(
        node.node.kind.value == "place" for node in drawn.nodes
    )


def _path(pair: Pair) -> bool:
    return link_graphs.path(**pair.asked(), a=pair.one, b=pair.other, through_hubs=True).hops is not None


def _components(pair: Pair) -> bool:
    components = link_graphs.components(**pair.asked())
    return any({pair.one, pair.other} <= set(graph) for graph in components.graphs)


def _summary(pair: Pair) -> bool:
    return "place" in link_register.summary(**pair.asked())["entities"]


def _export(pair: Pair, form: GraphFormat) -> bool:
    out = pair.folder / f"{form.value}-{pair.acting.user}"
    files = link_export.export(**pair.asked(), form=form, out=out, why="For the chart.")
    return "place" in "".join(Path(file).read_text(encoding="utf-8-sig") for file in files)


def _pattern(pair: Pair, key: PatternKey) -> bool:
    return bool(link_register.patterns(**pair.asked(), asked=PatternsAsked([key])).findings[key])


def _files(pair: Pair) -> bool:
    """Whether a place is among the nodes that the arrays were written with."""
    folder = pair.desk.runtime.settings.home / "links"
    snapshot = open_snapshot(folder, str(current_name(folder)))
    assert snapshot is not None
    return any(shape_of_node(int(node)) is Shape.PLACE for node in snapshot.nodes)


QUESTIONS: dict[str, Callable[[Pair], bool]] = {
    "around": _around,
    "hubs": _hubs,
    "view": _view,
    "map, layout and patterns on it": _map,
    "path": _path,
    "components": _components,
    "summary": _summary,
    "arrays": _files,
    **{f"export as {form.value}": partial(_export, form=form) for form in GraphFormat},
    **{
        key.value: partial(_pattern, key=key)
        for key in (PatternKey.SHARED_OBJECT, PatternKey.PROXY, PatternKey.MANY_HANDLES)
    },
}
"""Each says whether what the two share takes part in its answer."""


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_two_share_takes_part_unless_it_is_protected_in_any_case(
    pairs: tuple[tuple[Pair, ...], tuple[Pair, ...]], question: str
) -> None:
    for open_, held in zip(*pairs, strict=True):
        assert QUESTIONS[question](open_), open_.acting.user
        assert not QUESTIONS[question](held), held.acting.user
