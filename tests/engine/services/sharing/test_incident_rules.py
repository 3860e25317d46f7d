"""How far an owner's report of an incident goes: on the page, in links, to agencies' software, in counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.cases.incidents import IncidentKind
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.sharing import AudienceKind, Grounds, RuleGiven, VisibilityToOthers
from engine.services.access import emergency as emergency_access
from engine.services.links import views as link_views
from engine.services.referrals import incidents as referral_incidents
from engine.services.responses import corrections
from engine.services.responses.requests import case_asked
from engine.services.sharing import release_rules
from engine.services.sharing.incident_rules import set_incident_rule
from tests.builders import Desk, a_desk, a_referral, an_incident, with_toys
from tests.engine.services.cases.test_pathway import screened
from tests.engine.services.sharing.test_release_rules import as_seen_by

GROUNDS = Grounds(purpose="case work", necessity="They plan visits.")
TOLD = an_incident("2026-02-25", kind=IncidentKind.THREAT, what="Said he would come back.")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, dict[str, Acting], str]]:
    """One case with two incidents of its referral, on which harbour's worker told of a third."""
    with a_desk(tmp_path_factory.mktemp("ruled") / "home") as desk:
        workers = with_toys(desk)
        yield desk, workers, screened(desk)


def told_by_harbour(made: tuple[Desk, dict[str, Acting], str], **stored: Any) -> str:
    """Another incident that harbour reports."""
    desk, workers, reference = made
    return referral_incidents.record_incident(
        desk.context(workers["harbour"]), reference=reference, incident=TOLD, **stored
    )


def ruled(made: tuple[Desk, dict[str, Acting], str], acting: Acting, incident: str, **rule: Any) -> None:
    """Somebody gives a rule on an incident."""
    desk, _, reference = made
    given = {"audience": AudienceKind.OWNER, "grounds": GROUNDS, "why": "In confidence.", **rule}
    set_incident_rule(
        desk.context(acting), reference=reference, rule=RuleGiven.model_validate({"item": incident, **given})
    )


def reads(made: tuple[Desk, dict[str, Acting], str], acting: Acting, incident: str) -> bool:
    """Whether the page and the links tell this person of it; both tell the same."""
    desk, _, reference = made
    on_page = incident in {each.reference for each in as_seen_by(desk, acting, reference).incidents}
    around = link_views.view_around(
        desk.context(acting), reference=reference, hops=4, snapshots=desk.runtime.link_snapshots
    )
    assert (incident in around.model_dump_json()) is on_page
    return on_page


AUDIENCES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "owner only": ({}, {"harbour"}),
    "named agency": ({"audience": AudienceKind.NAMED, "agencies": ("lantern",)}, {"harbour", "lantern"}),
    "named desk": (
        {"audience": AudienceKind.NAMED, "agencies": ("desk",)},
        {"harbour", "chair", "co-ordinator"},
    ),
    "panel": (
        {"audience": AudienceKind.PANEL},
        {"harbour", "lantern", "voice", "chair", "co-ordinator"},
    ),
}


@pytest.mark.parametrize("name", AUDIENCES)
def test_page_and_links_tell_of_it_whom_its_owner_lets_read_it(
    made: tuple[Desk, dict[str, Acting], str], name: str
) -> None:
    desk, workers, _ = made
    rule, readers = AUDIENCES[name]
    incident = told_by_harbour(made)
    ruled(made, workers["harbour"], incident, **rule)
    everybody = {**workers, "chair": desk.chair, "co-ordinator": desk.coordinator}
    who = {each: everybody[each] for each in ("harbour", "lantern", "voice", "chair", "co-ordinator")}
    assert {each for each, acting in who.items() if reads(made, acting, incident)} == readers


def test_what_others_are_told_is_as_its_owner_chose(made: tuple[Desk, dict[str, Acting], str]) -> None:
    desk, workers, reference = made
    before = as_seen_by(desk, desk.chair, reference)
    incident = told_by_harbour(made)
    for otherwise, number in (
        (VisibilityToOthers.WITHHOLD, 1),
        (VisibilityToOthers.STUB, 1),
        (VisibilityToOthers.HIDE, 0),
    ):
        ruled(made, workers["harbour"], incident, otherwise=otherwise)
        view = as_seen_by(desk, desk.chair, reference)
        more = sum(k.count for k in view.incidents_kept_back) - sum(
            k.count for k in before.incidents_kept_back
        )
        assert more == number, otherwise
        assert (view.incidents, view.facts) == (before.incidents, before.facts)
    hidden = as_seen_by(desk, desk.chair, reference).model_dump_json(exclude={"history"})
    assert hidden == before.model_dump_json(exclude={"history"})


def test_over_its_last_day_it_is_hidden_by_the_clock_for_all_but_its_owner(tmp_path: Path) -> None:
    with a_desk(tmp_path / "home") as desk:
        workers = with_toys(desk)
        made = desk, workers, screened(desk)
        incident = told_by_harbour(made)
        ruled(made, workers["harbour"], incident, audience=AudienceKind.PANEL, until=date(2026, 3, 3))
        assert reads(made, desk.chair, incident)
        desk.clock.forward(timedelta(days=2))
        assert not reads(made, desk.chair, incident)
        assert not as_seen_by(desk, desk.chair, made[2]).incidents_kept_back
        assert reads(made, workers["harbour"], incident)


def test_kept_from_its_first_moment_nobody_else_ever_read_it(
    made: tuple[Desk, dict[str, Acting], str],
) -> None:
    desk, workers, _ = made
    incident = told_by_harbour(made, kept_with_us="She told us in confidence.")
    assert reads(made, workers["harbour"], incident)
    assert not reads(made, desk.chair, incident)


def test_agencies_software_is_told_of_what_goes_to_everybody_alone(
    made: tuple[Desk, dict[str, Acting], str],
) -> None:
    desk, workers, reference = made

    def threats() -> int:
        with desk.runtime.uow.unrecorded() as work:
            asked = case_asked(work, work.cases.get(reference), desk.clock)
        return sum(each.kind == "threat" for each in asked.incidents)

    before = threats()
    incident = referral_incidents.record_incident(
        desk.context(workers["harbour"]), reference=reference, incident=TOLD
    )
    assert threats() == before + 1
    for audience in ({"audience": AudienceKind.NAMED, "agencies": ("harbour", "lantern")}, {}):
        ruled(made, workers["harbour"], incident, **audience)
        assert threats() == before
    ruled(made, workers["harbour"], incident, audience=AudienceKind.PANEL)
    assert threats() == before + 1


def test_each_side_decides_about_what_it_told_and_about_nothing_else(
    made: tuple[Desk, dict[str, Acting], str],
) -> None:
    desk, workers, reference = made
    incident = told_by_harbour(made)
    of_referral = as_seen_by(desk, desk.chair, reference).incidents[-1].reference
    for other in (workers["lantern"], desk.chair):
        with pytest.raises(NotPermittedError, match="a practitioner of harbour"):
            ruled(made, other, incident)
    with pytest.raises(NotPermittedError, match="chair or coordinator"):
        ruled(made, workers["harbour"], of_referral)
    ruled(made, desk.chair, of_referral)
    assert reads(made, desk.coordinator, of_referral)
    assert not reads(made, workers["harbour"], of_referral)
    ruled(made, desk.chair, of_referral, audience=AudienceKind.PANEL)


def test_one_that_is_hidden_and_one_that_is_not_there_are_answered_alike(
    made: tuple[Desk, dict[str, Acting], str],
) -> None:
    desk, workers, reference = made
    incident = told_by_harbour(made)
    ruled(made, workers["harbour"], incident, otherwise=VisibilityToOthers.HIDE)
    elsewhere = desk.refer(a_referral("77")).referrals[0]
    there = as_seen_by(desk, desk.chair, elsewhere).incidents[0].reference

    def refusals_of(one: str) -> set[str]:
        said = set()
        for act in (
            lambda: ruled(made, desk.chair, one),
            lambda: corrections.ask_change(
                desk.context(desk.chair),
                reference=reference,
                owner="desk",
                item=one,
                what="The day is wrong.",
            ),
        ):
            with pytest.raises(InvalidInputError) as refused:
                act()
            said.add(str(refused.value).replace(one, "I"))
        return said

    assert refusals_of(incident) == refusals_of(there)


def test_its_owner_reads_the_rule_in_the_ledger_and_nobody_else_does(
    made: tuple[Desk, dict[str, Acting], str],
) -> None:
    desk, workers, reference = made
    incident = told_by_harbour(made)
    ruled(made, workers["harbour"], incident)

    def lines(acting: Acting) -> str:
        there = release_rules.ledger(desk.context(acting), reference=reference)
        return there.model_dump_json()

    assert incident in lines(workers["harbour"])
    for other in (desk.chair, workers["lantern"]):
        assert incident not in lines(other)


def test_a_crime_reference_that_is_kept_makes_two_incidents_one_for_its_readers_alone(
    made: tuple[Desk, dict[str, Acting], str],
) -> None:
    desk, workers, reference = made
    number = TOLD.model_copy(update={"crime_reference": "CR/99", "kind": IncidentKind.GIFT})
    ours, theirs = (
        referral_incidents.record_incident(desk.context(who), reference=reference, incident=number)
        for who in (workers["harbour"], workers["lantern"])
    )
    ruled(made, workers["harbour"], ours, otherwise=VisibilityToOthers.HIDE)
    (gift,) = [i for i in as_seen_by(desk, desk.chair, reference).incidents if i.kind is IncidentKind.GIFT]
    assert (gift.reference, len(gift.reports)) == (theirs, 1)
    assert reads(made, desk.chair, theirs)
    (gift,) = [
        i for i in as_seen_by(desk, workers["harbour"], reference).incidents if i.kind is IncidentKind.GIFT
    ]
    assert len(gift.reports) == 2


def test_an_urgent_look_is_told_nothing_of_what_is_kept_back(
    made: tuple[Desk, dict[str, Acting], str],
) -> None:
    desk, workers, reference = made
    ruled(made, workers["harbour"], told_by_harbour(made))
    stranger = desk.add("stranger", desk.chair.role.PRACTITIONER, "lantern")
    emergency_access.break_glass(desk.context(stranger), reference=reference, why="Now.")
    assert not as_seen_by(desk, stranger, reference).incidents_kept_back
