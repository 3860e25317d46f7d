"""Records that others on a case learn of: on the case only, by rule, the same whatever is held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.links.maps import LinkMap, MapAsked, PathAsked
from engine.domain.responses.answers import Contribution, NilReturn
from engine.domain.sharing import WHOLE_ANSWER, AudienceKind, Grounds, RuleGiven, VisibilityToOthers
from engine.services.links import export as link_export
from engine.services.links import maps as link_maps
from engine.services.links import path_maps
from engine.services.referrals import incidents as referral_incidents
from engine.services.referrals import screening
from engine.services.responses.agency_answers import answer_by_hand
from engine.services.sharing.incident_rules import set_incident_rule
from engine.services.sharing.release_rules import set_rule
from tests.builders import (
    TOY_CODES,
    Desk,
    a_contribution,
    a_desk,
    a_referral,
    a_screening,
    an_incident,
    ask_all,
    with_toys,
)

WHY = "They may ask us."
CONTRIBUTION = a_contribution("Two calls were recorded.")
NIL = NilReturn(says="No record.", looked_in=("register",))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as made:
        with_toys(made)
        yield made


def worker(agency: str) -> Acting:
    return Acting(user=f"{agency}-worker", role=Role.PRACTITIONER, agency=agency)


def a_case(desk: Desk, agency: str = "harbour", answer: Contribution | NilReturn = CONTRIBUTION) -> str:
    """A screened case on which this agency answered."""
    (reference,) = desk.refer(a_referral()).referrals
    people = tuple(f"{code}-worker" for code in TOY_CODES)
    screening.screen(
        desk.context(desk.coordinator), reference=reference, screening=a_screening(people=people)
    )
    ask_all(desk, reference)
    answer_by_hand(desk.context(worker(agency)), reference=reference, agency=agency, answer=answer)
    return reference


def rule(item: str, otherwise: VisibilityToOthers) -> RuleGiven:
    return RuleGiven(
        item=item,
        audience=AudienceKind.OWNER,
        otherwise=otherwise,
        grounds=Grounds(purpose="case work"),
        why=WHY,
    )


def ruled(desk: Desk, case: str, otherwise: VisibilityToOthers, agency: str = "harbour") -> None:
    set_rule(desk.context(worker(agency)), reference=case, agency=agency, rule=rule(WHOLE_ANSWER, otherwise))


def drawn(desk: Desk, case: str, acting: Acting | None = None) -> LinkMap:
    return link_maps.draw_map(
        desk.context(acting or desk.chair),
        asked=MapAsked(start=case, folds=False),
        snapshots=desk.runtime.link_snapshots,
    )


def shown(desk: Desk, case: str, acting: Acting | None = None) -> list[tuple[str, str]]:
    return [(each.case, each.sentence) for each in drawn(desk, case, acting).hidden_records]


@pytest.mark.parametrize("answer", [CONTRIBUTION, NIL], ids=["a contribution", "a nil return"])
def test_the_reply_is_the_same_whatever_is_held_and_for_those_who_work_the_case(
    desk: Desk, answer: Contribution | NilReturn
) -> None:
    case = a_case(desk, answer=answer)
    assert shown(desk, case) == []
    ruled(desk, case, VisibilityToOthers.STUB)
    ((where, sentence),) = shown(desk, case)
    assert where == case
    assert sentence.startswith("Exists: ask ")
    assert shown(desk, case, worker("lantern")) == [(case, sentence)]
    assert shown(desk, case, worker("harbour")) == []
    assert shown(desk, case, desk.add("ana", Role.ANALYST)) == []
    found = path_maps.draw_path(
        desk.context(desk.chair),
        asked=PathAsked(start=case, end=drawn(desk, case).nodes[1].node.id),
        snapshots=desk.runtime.link_snapshots,
    )
    assert [each.case for each in found.drawn.hidden_records] in ([], [case])


@pytest.mark.parametrize("otherwise", [VisibilityToOthers.HIDE, VisibilityToOthers.WITHHOLD])
def test_a_hidden_or_withheld_record_is_not_on_a_map(desk: Desk, otherwise: VisibilityToOthers) -> None:
    case = a_case(desk)
    before = drawn(desk, case).model_copy(update={"read_at": desk.clock.now()})
    ruled(desk, case, otherwise)
    after = drawn(desk, case).model_copy(update={"read_at": desk.clock.now()})
    assert after.hidden_records == ()
    assert after.nodes == before.nodes


@pytest.mark.parametrize("otherwise", [VisibilityToOthers.HIDE, VisibilityToOthers.WITHHOLD])
def test_the_rule_on_the_whole_answer_comes_before_those_on_its_items(
    desk: Desk, otherwise: VisibilityToOthers
) -> None:
    case = a_case(desk)
    of_harbour = desk.context(worker("harbour"))
    of_item = rule("finding-1", VisibilityToOthers.STUB)
    set_rule(of_harbour, reference=case, agency="harbour", rule=of_item)
    assert [where for where, _ in shown(desk, case)] == [case]
    ruled(desk, case, otherwise)
    assert shown(desk, case) == []


def test_a_rule_on_an_item_that_left_the_answer_names_no_agency(desk: Desk) -> None:
    case = a_case(desk)
    of_harbour = desk.context(worker("harbour"))
    of_item = rule("finding-1", VisibilityToOthers.STUB)
    set_rule(of_harbour, reference=case, agency="harbour", rule=of_item)
    assert [where for where, _ in shown(desk, case)] == [case]
    answer_by_hand(of_harbour, reference=case, agency="harbour", answer=NIL)
    assert shown(desk, case) == []


@pytest.mark.parametrize("agency", ["lantern", "voice"])
def test_an_agency_that_releases_by_hand_is_never_named(desk: Desk, agency: str) -> None:
    case = a_case(desk, agency)
    ruled(desk, case, VisibilityToOthers.STUB, agency)
    assert shown(desk, case) == []


def test_an_incident_of_an_agency_is_said_of_the_case_and_in_no_file(desk: Desk) -> None:
    case = a_case(desk)
    here: dict[str, Any] = {"context": desk.context(worker("harbour")), "reference": case}
    incident = referral_incidents.record_incident(**here, incident=an_incident("2026-02-28"))
    before = {each.node.id for each in drawn(desk, case).nodes}
    set_incident_rule(**here, rule=rule(incident, VisibilityToOthers.STUB))
    after = drawn(desk, case)
    assert [each.case for each in after.hidden_records] == [case]
    assert before - {each.node.id for each in after.nodes} >= {incident}
    common: dict[str, Any] = {
        "context": desk.context(desk.chair),
        "snapshots": desk.runtime.link_snapshots,
    }
    taken = link_export.ask_export(**common, asked=MapAsked(start=case), form="graphml", why=WHY)
    content = link_export.made_export(**common, reference=taken.ref).content
    assert b"Exists" not in content
    assert incident.encode() not in content
