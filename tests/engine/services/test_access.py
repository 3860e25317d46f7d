"""Who may do what to which case: every cell of the table, and a case that does not exist."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.access.policy import WHO_MAY, May, Relation, is_open, require, sees_levels
from engine.access.policy_table import RELATIONS
from engine.domain.acting import Acting, Role, User, flow_acting
from engine.domain.agency_health import ChasedHow
from engine.domain.answers import NilReturn
from engine.domain.errors import (
    IllegalTransitionError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from engine.domain.ids import new_reference
from engine.domain.lifecycle import Act
from engine.domain.need_to_know import ConnectionWord, SaidBy
from engine.domain.outcomes import OutcomeGiven
from engine.domain.people import PersonDescribed
from engine.domain.victim_rights import RequestDecided, RequestGiven
from engine.services import (
    access_deciding,
    agency_health,
    answering,
    arrival,
    asking,
    audit,
    break_glass,
    cases,
    chasing,
    conferences,
    connections,
    episodes,
    link_register,
    link_views,
    local_accounts,
    looks,
    outcomes,
    plans,
    primary_roles,
    rectifying,
    referrals,
    restricting,
    retention,
    screening,
    sharing,
    subject_access,
    summary,
    suspension,
    users,
    victim_requests,
    worklists,
)
from engine.services.link_record import refresh_links
from engine.store.unit_of_work import Work
from tests.builders import (
    TOY_CODES,
    Desk,
    a_decision,
    a_plan,
    a_referral,
    a_screening,
    an_incident,
    with_toys,
)


@pytest.mark.parametrize(("act", "role"), list(itertools.product(May, Role)))
def test_every_cell_of_the_table_is_kept(act: May, role: Role) -> None:
    acting = Acting(user="someone", role=role)
    if role in WHO_MAY[act]:
        require(act, acting)
        return
    with pytest.raises(NotPermittedError) as refused:
        require(act, acting)
    assert act.value in str(refused.value)
    assert all(who.value in str(refused.value) for who in WHO_MAY[act])


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("named", [True, False])
def test_a_restricted_case_exists_for_named_people_and_the_chair_alone(role: Role, named: bool) -> None:
    acting = Acting(user="someone", role=role)
    may_be_named = role in {Role.COORDINATOR, Role.PRACTITIONER, Role.ANALYST}
    expected = (named and may_be_named) or role in {Role.CHAIR, Role.SYSTEM}
    assert is_open(acting, Relation(is_named=named, is_restricted=True)) is expected


@pytest.mark.parametrize("role", list(Role))
def test_nobody_who_is_connected_to_a_party_gets_in_even_when_named(role: Role) -> None:
    acting = Acting(user="someone", role=role)
    everything = Relation(is_named=True, is_connected=True, looks_urgently=True)
    assert is_open(acting, everything) is (role is Role.SYSTEM)


def test_an_urgent_look_stands_for_being_named_and_opens_nothing_restricted_or_unscreened() -> None:
    acting = Acting(user="someone", role=Role.PRACTITIONER, agency="harbour")
    assert is_open(acting, Relation(is_named=False, looks_urgently=True))
    assert not is_open(acting, Relation(is_named=False, looks_urgently=True, is_restricted=True))
    assert not is_open(acting, Relation(is_named=False, looks_urgently=True, is_screened=False))


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.ANALYST])
def test_being_named_opens_a_case_only_once_it_is_screened(role: Role) -> None:
    acting = Acting(user="someone", role=role)
    assert is_open(acting, Relation(is_named=True))
    assert not is_open(acting, Relation(is_named=True, is_screened=False))
    assert not is_open(acting, Relation(is_named=False))


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_no_case_is_open_to_those_who_need_none(role: Role) -> None:
    assert not is_open(Acting(user="someone", role=role), Relation(is_named=True))


def test_an_agency_sees_its_own_levels_and_others_wait() -> None:
    mine = Acting(user="w", role=Role.PRACTITIONER, agency="harbour")
    assert sees_levels(mine, "harbour", conference_is_open=False)
    assert not sees_levels(mine, "lantern", conference_is_open=False)
    assert sees_levels(mine, "lantern", conference_is_open=True)


def test_a_case_that_is_not_open_reads_like_one_that_does_not_exist(desk: Desk) -> None:
    stranger = desk.add("stranger", Role.PRACTITIONER, "harbour")
    there = desk.refer(a_referral()).referrals[0]
    told = []
    for reference in (there, new_reference("involvement")):
        with pytest.raises(NotFoundError) as refused:
            cases.view_case(**desk.common, acting=stranger, agencies=(), reference=reference)
        told.append(str(refused.value).replace(reference, "R"))
    assert told[0] == told[1]
    assert cases.list_cases(**desk.common, acting=stranger, agencies=()) == ()


def test_the_people_of_asked_agencies_are_named_by_screening_and_nobody_else_is(desk: Desk) -> None:
    workers = with_toys(desk)
    outsider = desk.add("outsider", Role.PRACTITIONER, "quay")
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        **desk.common,
        acting=desk.coordinator,
        agencies=desk.runtime.agencies_known,
        reference=reference,
        screening=a_screening(),
    )
    for worker in workers.values():
        assert len(cases.list_cases(**desk.common, acting=worker, agencies=())) == 1
    assert cases.list_cases(**desk.common, acting=outsider, agencies=()) == ()


def test_naming_one_person_of_an_agency_leaves_its_others_out(desk: Desk) -> None:
    with_toys(desk)
    second = desk.add("harbour-second", Role.PRACTITIONER, "harbour")
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        **desk.common,
        acting=desk.coordinator,
        agencies=desk.runtime.agencies_known,
        reference=reference,
        screening=a_screening(people=("harbour-worker",)),
    )
    assert cases.list_cases(**desk.common, acting=second, agencies=()) == ()


def test_only_the_chair_opens_and_decides(desk: Desk) -> None:
    with_toys(desk)
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        **desk.common, acting=desk.coordinator, agencies=(), reference=reference, screening=a_screening()
    )
    with pytest.raises(NotPermittedError, match="open a conference; chair may"):
        conferences.open_conference(**desk.common, acting=desk.coordinator, reference=reference)
    conferences.open_conference(**desk.common, acting=desk.chair, reference=reference)
    with pytest.raises(NotPermittedError, match="record a decision; chair may"):
        conferences.decide(**desk.common, acting=desk.coordinator, reference=reference, decision=a_decision())


def test_rejected_rows_are_the_coordinators_alone(desk: Desk) -> None:
    with pytest.raises(NotPermittedError, match="co-ordinator may"):
        referrals.rejected_rows(**desk.common, acting=desk.chair)


@pytest.mark.slow
@pytest.mark.parametrize("says", RELATIONS)
def test_every_cell_of_for_whom_a_case_exists_is_kept_by_the_services(desk: Desk, says: str) -> None:
    relation = RELATIONS[says]
    people = {
        role: desk.add(f"one-{role.name.lower().replace('_', '-')}", role) for role in Role if role in _PLAIN
    }
    people[Role.PRACTITIONER] = desk.add("one-practitioner", Role.PRACTITIONER, "harbour")
    reference = desk.refer(a_referral()).referrals[0]
    if relation.is_screened:
        screening.screen(
            **desk.common, acting=desk.coordinator, agencies=(), reference=reference, screening=a_screening()
        )
    with desk.runtime.uow.unrecorded(will_write=True) as work:
        for acting in people.values():
            _stand(work, desk, acting, reference, relation)
    if relation.is_restricted:
        restricting.restrict(**desk.common, acting=desk.chair, agencies=(), reference=reference, why="So.")
    for role, acting in people.items():
        listed = relation.looks_urgently and role is Role.PRACTITIONER  # an urgent look opens no list
        assert _opens(desk, acting, reference) is is_open(acting, relation), role
        if not listed:
            assert _is_listed(desk, acting, reference) is is_open(acting, relation), role


_PLAIN = frozenset(Role) - {Role.PRACTITIONER, Role.SYSTEM}


def _stand(work: Work, desk: Desk, acting: Acting, reference: str, relation: Relation) -> None:
    now = desk.clock.now()
    if relation.is_named:
        work.cases.name_people(reference, [acting.user], by="chair", at=now)
    if relation.looks_urgently:
        work.need_to_know.break_glass(
            reference, user=acting.user, agency=None, why="So.", at=now, until=now + timedelta(hours=1)
        )
    if relation.is_connected:
        work.need_to_know.keep_connection(
            ConnectionWord(
                involvement=reference,
                user=acting.user,
                is_connected=True,
                said_by=SaidBy.CHAIR,
                by="chair",
                why="So.",
                at=now,
            )
        )


def _opens(desk: Desk, acting: Acting, reference: str) -> bool:
    try:
        cases.view_case(**desk.common, acting=acting, agencies=(), reference=reference)
    except NotFoundError:
        return False
    return True


def _is_listed(desk: Desk, acting: Acting, reference: str) -> bool:
    try:
        rows = cases.list_cases(**desk.common, acting=acting, agencies=())
    except NotPermittedError:
        return False
    assert {row.reference for row in rows} <= {reference}
    return bool(rows)


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_every_cell_of_who_may_do_what_on_a_case_is_kept_by_the_services(desk: Desk, role: Role) -> None:
    workers = with_toys(desk)
    reference = desk.refer(a_referral()).referrals[0]
    screening.screen(
        **desk.common,
        acting=desk.coordinator,
        agencies=desk.runtime.agencies_known,
        reference=reference,
        screening=a_screening(),
    )
    asking.open_requests(
        **desk.common,
        acting=flow_acting("assess", "cora"),
        settings=desk.runtime.settings,
        agencies=desk.runtime.agencies,
        reference=reference,
    )
    acting = _one(desk, workers, role)
    if role is not Role.SYSTEM:
        screening.name_people(
            **desk.common, acting=desk.coordinator, reference=reference, people=[acting.user]
        )
    for act, tried in _acts_on(desk, acting, reference).items():
        assert _may(tried) is (role in WHO_MAY[act]), act


def _one(desk: Desk, workers: dict[str, Acting], role: Role) -> Acting:
    """One person in a role; a practitioner has the seat of the victim's voice: nothing else refuses."""
    if role is Role.SYSTEM:
        return flow_acting("test", "cora")
    return workers["voice"] if role is Role.PRACTITIONER else desk.add("one", role)


def _may(tried: Callable[[], object]) -> bool:
    """Whether it was let through: an act that is refused for the case's state or its input was."""
    try:
        tried()
    except (NotPermittedError, NotFoundError):
        return False
    except (InvalidInputError, IllegalTransitionError):
        return True
    return True


def _acts_on(desk: Desk, acting: Acting, reference: str) -> dict[May, Callable[[], object]]:
    runtime = desk.runtime
    common: dict[str, Any] = {**desk.common, "acting": acting}
    here: dict[str, Any] = {**common, "reference": reference}
    known: dict[str, Any] = {**here, "agencies": runtime.agencies_known}
    user = User(name="added", display_name="Added", role=Role.MANAGER)
    swept: dict[str, Any] = {**common, "settings": runtime.settings}
    suspended: dict[str, Any] = {**common, "installed": TOY_CODES, "agency": "lantern", "why": "Mending."}
    owner = acting.agency or "desk"

    def asked_of(agency: str) -> RequestGiven:
        words = dict.fromkeys(("what", "why", "necessary", "handled"), "So.")
        return RequestGiven.model_validate({"agency": agency, **words})

    def drafted() -> str:
        given = {**known, "acting": desk.coordinator, "request": asked_of("harbour")}
        return victim_requests.ask_about_victim(**given).reference

    kept: dict[str, Any] = {**here, "settings": runtime.settings, "owner": owner}
    finding = OutcomeGiven.model_validate(
        {
            "measure": "recorded crime",
            "found": "none found",
            "looked_until": "2026-03-01",
            "looked_in": ["harbour"],
            "says": "Nothing was found.",
        }
    )
    return {
        May.SEE_REJECTED: lambda: referrals.rejected_rows(**common),
        May.SEE_AGGREGATES: lambda: summary.summary(**common),
        May.SEE_AGENCY_HEALTH: lambda: agency_health.health(**swept, agencies=runtime.agencies),
        May.ADD_USER: lambda: users.add_user(**common, user=user),
        May.CHANGE_USER: lambda: local_accounts.give_start_password(**common, name="cora"),
        May.SUSPEND_AGENCY: lambda: suspension.suspend(**suspended),
        May.LOOK_UP_ON_ARRIVAL: lambda: arrival.look_up_arrivals(**common, agencies=runtime.agencies),
        May.EXPORT_AUDIT: lambda: audit.export(**common, file=runtime.settings.home / "chain.jsonl"),
        May.SWEEP: lambda: worklists.daily_sweep(**swept),
        May.VIEW_CASE: lambda: cases.view_case(**known),
        May.ACKNOWLEDGE: lambda: screening.acknowledge_alarm(**here),
        May.JOIN_EPISODE: lambda: episodes.take_back_joining(**here, why="Another."),
        May.RECORD_SAFEGUARDING: lambda: screening.record_safeguarding(**here, done="Locks changed."),
        May.RECORD_INCIDENT: lambda: referrals.record_incident(**here, incident=an_incident()),
        May.ASK_AGENCIES: lambda: asking.open_requests(
            **here, settings=runtime.settings, agencies=runtime.agencies
        ),
        May.ANSWER: lambda: answering.answer_by_hand(
            **here, key=runtime.key, agency="voice", answer=NilReturn(looked_in=("cards",), says="Nothing.")
        ),
        May.CHASE: lambda: chasing.chase(**here, agency="harbour", how=ChasedHow.EMAIL),
        May.RECORD_OUTCOME: lambda: outcomes.record_outcome(**here, outcome=finding),
        May.OPEN_CONFERENCE: lambda: conferences.open_conference(**here),
        May.DECIDE: lambda: conferences.decide(**here, decision=a_decision()),
        May.PLAN: lambda: plans.make_plan(**here, plan=a_plan(agency="voice"), agencies=TOY_CODES),
        May.END: lambda: screening.end_involvement(**here, act=Act.CLOSE, why="Over."),
        May.SCREEN: lambda: screening.name_people(**here, people=["harbour-worker"]),
        May.SAY_OWN_CONNECTION: lambda: connections.say_own(**here, is_connected=False),
        May.SAY_CONNECTION: lambda: connections.say_of(
            **known, user="lantern-worker", is_connected=True, why="A cousin."
        ),
        May.SEE_LOOKS: lambda: looks.who_has_looked(**known),
        May.SEE_LEDGER: lambda: sharing.ledger(**here, settings=runtime.settings),
        May.SEE_RETENTION: lambda: retention.list_kept(**here, settings=runtime.settings),
        May.REVIEW_RETENTION: lambda: retention.review(**kept, erase=False, why="So."),
        May.HOLD: lambda: retention.hold(**here, owner=owner, why="So."),
        May.ERASE: lambda: retention.erase(**kept),
        May.RECORD_ACCESS: lambda: subject_access.open_request(
            **common, asked_by=PersonDescribed(surname="Nobody")
        ),
        May.SAY_SAFETY: lambda: subject_access.safety_to_say(**common, agencies=runtime.agencies_known),
        May.CLEAR_ACCESS: lambda: access_deciding.to_clear(**common),
        May.DECIDE_ACCESS: lambda: access_deciding.list_requests(**common),
        May.ASSESS_ROLES: lambda: primary_roles.assess_roles(**here, is_primary=True, why="So."),
        May.NAME_INVESTIGATOR: lambda: primary_roles.name_investigator(**here, user="cora", why="So."),
        May.DRAFT_REQUEST: lambda: victim_requests.ask_about_victim(**known, request=asked_of("voice")),
        May.DECIDE_REQUEST: lambda: victim_requests.decide_request(
            **common, request=drafted(), decision=RequestDecided(is_met=False, why="So.")
        ),
        May.SEE_REQUESTS: lambda: victim_requests.requests_on(**known),
        May.ASK_CHANGE: lambda: rectifying.changes_on(**here),
        May.REVIEW_GLASS: lambda: break_glass.to_review(**common),
        May.BREAK_GLASS: lambda: break_glass.break_glass(**here, settings=runtime.settings, why="So."),
        May.RESTRICT: lambda: restricting.restrict(**known, why="So."),
        May.LIFT: lambda: restricting.lift(**here, why="So."),
        May.EXPLORE_LINKS: lambda: link_views.view_around(**here),
        May.REFRESH_LINKS: lambda: refresh_links(**common, key=runtime.key),
        May.SEE_PROBABILITIES: lambda: link_register.trends(**common, snapshots=runtime.link_snapshots),
    }
