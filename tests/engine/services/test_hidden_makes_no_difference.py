"""With and without a restricted case, whoever may not know of it is told the same to the byte."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import networkx as nx
import pytest

from engine.domain.acting import Acting, Role, flow_acting
from engine.domain.agency_health import ChasedHow
from engine.domain.answers import NilReturn
from engine.domain.errors import StacError
from engine.domain.ids import new_reference
from engine.domain.lifecycle import Act, State
from engine.domain.outcomes import OutcomeGiven
from engine.domain.plan import ActionStatus
from engine.domain.seen_before import SeenBeforeAsked
from engine.links.exporting.graph_files import GraphFormat
from engine.services import (
    agency_health,
    answering,
    arrival,
    break_glass,
    cases,
    chasing,
    conferences,
    connections,
    episodes,
    link_export,
    link_register,
    link_views,
    links,
    looks,
    outcomes,
    plans,
    reassessing,
    referrals,
    restricting,
    same_person,
    screening,
    seen_before,
    summary,
    suspension,
    users,
    withdrawing,
    worklists,
)
from tests.builders import (
    SAFE_HOUSE,
    SAFE_PHONE,
    TOY_CODES,
    Desk,
    a_decision,
    a_person,
    a_plan,
    a_screening,
    an_incident,
)
from tests.differential import VIEWERS, TwoWorlds, two_worlds

WHY = "It cannot wait."


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoWorlds]:
    """Built once, for tests that do the same in both or change nothing."""
    with two_worlds(tmp_path_factory.mktemp("worlds")) as made:
        yield made


@pytest.fixture
def own_worlds(tmp_path: Path) -> Iterator[TwoWorlds]:
    """For a test that changes them."""
    with two_worlds(tmp_path) as made:
        yield made


def everything_listed(desk: Desk, acting: Acting, shown: str) -> dict[str, str]:
    """What every service that lists, counts or shows tells this person, errors too, by the service."""
    runtime = desk.runtime
    common: dict[str, Any] = {**desk.common, "acting": acting}
    known = {**common, "agencies": runtime.agencies_known}
    here = {**known, "reference": shown}
    unscreened: dict[str, Any] = {"first": 0, "count": 50, "triage": [None]}
    return {
        name: _told(ask)
        for name, ask in {
            "list": lambda: cases.list_cases(**known),
            "page": lambda: cases.list_page(**known, first=0, count=1),
            "unscreened": lambda: cases.list_page(**known, **unscreened),
            "decided": lambda: cases.list_page(**known, states=[State.IN_DELIVERY]),
            "show": lambda: cases.view_case(**here),
            "worklist": lambda: worklists.worklist(**common, settings=runtime.settings),
            "summary": lambda: summary.summary(**common),
            "outcomes": lambda: outcomes.reoffending(**common),
            "health": lambda: agency_health.health(
                **common, settings=runtime.settings, agencies=runtime.agencies
            ),
            "diagnostics": lambda: agency_health.diagnostics(
                **common, settings=runtime.settings, agencies=runtime.agencies
            ),
            "rejected": lambda: referrals.rejected_rows(**common),
            "users": lambda: users.list_users(**common),
            "urgent looks": lambda: break_glass.to_review(**common),
            "who may know": lambda: restricting.who_may_know(**here),
            "who has looked": lambda: looks.who_has_looked(**here),
            "review queue": lambda: same_person.review_queue(**common),
            "blind queue": lambda: same_person.review_queue(**common, blind=True),
            **links_asked(desk, acting, shown),
        }.items()
    }


def every_question(desk: Desk, acting: Acting) -> list[str]:
    """What this person is told of everybody in the case that is hidden, and what then waits."""
    runtime = desk.runtime
    him, her = a_person(pnc="2001/0000123Y"), a_person("Amira", "Kent", pnc="2003/0000456Q")
    questions: list[dict[str, Any]] = [
        {"perpetrator": him.model_dump(mode="json", exclude={"sex"})},
        {"victim": her.model_dump(mode="json", exclude={"sex"})},
        {"address": SAFE_HOUSE},
        {"phone": SAFE_PHONE},
    ]
    common: dict[str, Any] = {**desk.common, "acting": acting, "key": runtime.key}
    told = [
        _told(
            partial(
                seen_before.seen_before,
                **common,
                settings=runtime.settings,
                asked=SeenBeforeAsked.model_validate(question),
            )
        )
        for question in questions
    ]
    return [*told, re.sub(r"S-[0-9A-Z]{7}", "S", _told(lambda: seen_before.searches_sent(**common)))]


def links_asked(desk: Desk, acting: Acting, shown: str) -> dict[str, Callable[[], object]]:
    """Every question about links, from a case that is open to this person."""
    common: dict[str, Any] = {**desk.common, "acting": acting}
    around: dict[str, Any] = {**common, "reference": shown}
    whole: dict[str, Any] = {**common, "snapshots": desk.runtime.link_snapshots}
    near = _somebody_near(desk, shown)
    return {
        "links, two hops": lambda: link_views.view_around(**around),
        "links, many hops": lambda: link_views.view_around(**around, hops=6),
        "links, a hub of one": lambda: link_views.view_around(**around, hops=4, hub_cap=1),
        "links, few drawn": lambda: link_views.view_around(**around, hops=6, most=4),
        "links, one kind": lambda: link_views.view_around(**around, hops=4, kinds=["uses"]),
        "links, long ago": lambda: link_views.view_around(**around, hops=4, at=date(2026, 2, 21)),
        "links in figures": lambda: _without_age(link_register.summary(**whole)),
        "links, components": lambda: _drawn(links.components(**whole)),
        "links, trends": lambda: _without_age(link_register.trends(**whole).told()),
        "links, patterns": lambda: link_register.patterns(**whole).model_dump(
            mode="json", exclude={"snapshot_at"}
        ),
        "links, a path": lambda: _without_age(links.path(**whole, a=shown, b=near).told()),
        "links, no such path": lambda: links.path(**whole, a=shown, b="P-222222B"),
        **{f"links as {form.value}": partial(_exported, desk, acting, form) for form in GraphFormat},
        "links as a graph": lambda: nx.node_link_data(
            links.neighbourhood(**common, person=shown, hops=6), edges="edges"
        ),
    }


def _without_age(told: dict[str, Any]) -> dict[str, Any]:
    """When the arrays were made tells of the machine, not of a case; how many changed since is compared."""
    return {name: each for name, each in told.items() if name != "snapshot_at"}


def _drawn(found: links.Components) -> list[object]:
    return [_without_age(found.told), [nx.node_link_data(graph, edges="edges") for graph in found.graphs]]


def _somebody_near(desk: Desk, shown: str) -> str:
    """The alleged perpetrator of the case that is open: a path leads there."""
    with desk.runtime.uow.unrecorded() as work:
        return work.people.on_cases([shown])[0].reference


def _exported(desk: Desk, acting: Acting, form: GraphFormat) -> list[tuple[str, int, str]]:
    """Every file that is written, by name, size and content."""
    with TemporaryDirectory() as place:
        files = link_export.export(
            **desk.common,
            acting=acting,
            snapshots=desk.runtime.link_snapshots,
            form=form,
            out=Path(place, "out"),
            why=WHY,
        )
        read = [(Path(file).name, Path(file).read_bytes()) for file in files]
    return [(name, len(written), written.decode()) for name, written in read]


def every_act_on(desk: Desk, acting: Acting, reference: str, action: str) -> dict[str, Callable[[], object]]:
    """Every use case that names a case or an action, tried on this one by this person."""
    runtime = desk.runtime
    here: dict[str, Any] = {**desk.common, "acting": acting, "reference": reference}
    known = {**here, "agencies": runtime.agencies_known}
    answer = {**here, "agency": acting.agency or "harbour"}
    finding = {
        "measure": "reported further stalking",
        "found": "none found",
        "looked_until": "2026-03-01",
        "looked_in": ["harbour"],
        "says": "Nothing was found.",
    }
    acted: dict[str, Any] = {**desk.common, "acting": acting, "action": action}
    return {
        "show": lambda: cases.view_case(**known),
        "screen": lambda: screening.screen(**known, screening=a_screening()),
        "name people": lambda: screening.name_people(**here, people=["ana"]),
        "acknowledge": lambda: screening.acknowledge_alarm(**here),
        "safeguard": lambda: screening.record_safeguarding(**here, done="Locks changed."),
        "end": lambda: screening.end_involvement(**here, act=Act.CLOSE, why="Over."),
        "leave episode": lambda: episodes.take_back_joining(**here, why="Another."),
        "incident": lambda: referrals.record_incident(**here, incident=an_incident()),
        "prepared": lambda: answering.prepared_answer(**answer),
        "answer": lambda: answering.answer_by_hand(
            **answer, key=runtime.key, answer=NilReturn(looked_in=("cards",), says="Nothing is held.")
        ),
        "release": lambda: answering.release(**answer, key=runtime.key),
        "withdraw": lambda: withdrawing.withdraw(**answer, key=runtime.key, item="finding-1"),
        "chase": lambda: chasing.chase(**here, agency="harbour", how=ChasedHow.EMAIL),
        "conference": lambda: conferences.open_conference(**here),
        "decide": lambda: conferences.decide(**here, decision=a_decision()),
        "plan": lambda: plans.make_plan(**here, plan=a_plan(agency="harbour"), agencies=TOY_CODES),
        "outcome": lambda: outcomes.record_outcome(**here, outcome=OutcomeGiven.model_validate(finding)),
        "act": lambda: plans.act(**acted, status=ActionStatus.DONE),
        "restrict": lambda: restricting.restrict(**known, why=WHY),
        "lift": lambda: restricting.lift(**here, why=WHY),
        "who may know": lambda: restricting.who_may_know(**known),
        "say own": lambda: connections.say_own(**here, is_connected=True),
        "say of": lambda: connections.say_of(**known, user="ana", is_connected=True, why=WHY),
        "question": lambda: connections.question(**here, settings=_asks(desk)),
        "break glass": lambda: break_glass.break_glass(**here, settings=runtime.settings, why=WHY),
        "who has looked": lambda: looks.who_has_looked(**known),
        "links": lambda: link_views.view_around(**here),
    }


def _asks(desk: Desk) -> Any:
    return desk.runtime.settings.model_copy(update={"ask_about_connections": True})


def _told(ask: Callable[[], object]) -> str:
    try:
        return json.dumps(_plain(ask()), sort_keys=True, default=str)
    except StacError as error:
        return f"{type(error).__name__}: {error}"


def _referrals_in_a_new_batch(desk: Desk) -> int:
    batch, _ = reassessing.open_batch(
        **desk.common, acting=desk.chair, agencies=desk.runtime.agencies, reason="A new extract."
    )
    return batch.referrals


def _plain(answer: object) -> object:
    if isinstance(answer, (tuple, list)):
        return [_plain(each) for each in answer]
    return answer.model_dump(mode="json") if hasattr(answer, "model_dump") else answer


@pytest.mark.parametrize("role", VIEWERS)
def test_every_list_count_and_page_is_the_same_to_the_byte(worlds: TwoWorlds, role: str) -> None:
    acting = worlds.viewers[role]
    without = everything_listed(worlds.without, acting, worlds.shown)
    having = everything_listed(worlds.having, acting, worlds.shown)
    assert having == without
    for secret in (worlds.hidden, worlds.unscreened, worlds.hidden_action):
        assert not any(secret in text for text in having.values())


@pytest.mark.parametrize("role", VIEWERS)
def test_every_refusal_is_that_of_a_reference_that_does_not_exist(worlds: TwoWorlds, role: str) -> None:
    desk, acting = worlds.having, worlds.viewers[role]
    nowhere, no_action = new_reference("involvement"), new_reference("action")
    unknown = every_act_on(worlds.without, acting, nowhere, no_action)
    for hidden in (worlds.hidden, worlds.unscreened):
        for name, act in every_act_on(desk, acting, hidden, worlds.hidden_action).items():
            told = _told(act).replace(hidden, "R").replace(worlds.hidden_action, "A")
            assert told == _told(unknown[name]).replace(nowhere, "R").replace(no_action, "A"), name
            assert "Error" in told or told == "null", f"{name} did something"


@pytest.mark.parametrize("role", VIEWERS)
def test_whether_somebody_was_seen_before_is_answered_the_same(own_worlds: TwoWorlds, role: str) -> None:
    acting = own_worlds.viewers[role]
    having, without = (every_question(desk, acting) for desk in (own_worlds.having, own_worlds.without))
    assert having == without
    assert not any(own_worlds.hidden in told or own_worlds.unscreened in told for told in having)
    assert own_worlds.hidden in "".join(every_question(own_worlds.having, own_worlds.having.chair))


def test_those_who_may_know_see_the_difference(worlds: TwoWorlds) -> None:
    worker = Acting(user="harbour-worker", role=Role.PRACTITIONER, agency="harbour")
    for acting in (worlds.having.chair, worlds.having.coordinator, worker):
        without = everything_listed(worlds.without, acting, worlds.shown)
        having = everything_listed(worlds.having, acting, worlds.shown)
        for name in ("list", "page", "show", "worklist"):
            assert having[name] != without[name], f"{acting.user}: {name}"
        for name in ("summary", "outcomes", "health", "diagnostics"):
            assert having[name] == without[name], f"{acting.user}: {name} would tell the others"


def test_the_figures_do_count_what_is_not_restricted(own_worlds: TwoWorlds) -> None:
    desk = own_worlds.having
    before = summary.summary(**desk.common, acting=own_worlds.viewers["manager"])
    restricting.lift(**desk.common, acting=desk.chair, reference=own_worlds.hidden, why="He has left.")
    after = summary.summary(**desk.common, acting=own_worlds.viewers["manager"])
    assert after.decisions == before.decisions + 1
    assert sum(after.referrals.values()) == sum(before.referrals.values()) + 1
    assert (after.actions, after.outcomes) == (before.actions + 1, before.outcomes + 1)
    assert (
        own_worlds.hidden
        in everything_listed(desk, own_worlds.viewers["co-ordinator"], own_worlds.shown)["list"]
    )
    restricting.restrict(
        **desk.common, acting=desk.chair, agencies=(), reference=own_worlds.hidden, why="He is back."
    )
    assert (
        own_worlds.hidden
        not in everything_listed(desk, own_worlds.viewers["co-ordinator"], own_worlds.shown)["list"]
    )


def test_looking_up_arrivals_asking_all_again_and_resuming_count_the_same(own_worlds: TwoWorlds) -> None:
    counted = []
    for desk in (own_worlds.without, own_worlds.having):
        runtime = desk.runtime
        looked_up = arrival.look_up_arrivals(
            **desk.common, acting=flow_acting("arrival", "cora"), agencies=runtime.agencies
        )
        batch = _told(partial(_referrals_in_a_new_batch, desk))
        installed = runtime.agencies.codes
        given: dict[str, Any] = {
            **desk.common,
            "acting": own_worlds.viewers["administrator"],
            "installed": installed,
            "agency": "lantern",
            "why": "Mending.",
        }
        suspension.suspend(**given)
        resumed = suspension.resume(**given, always_suspended=())
        counted.append((looked_up, batch, resumed.cases_to_ask))
    assert counted[0] == counted[1]
