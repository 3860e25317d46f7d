"""Invented people decide in the planned shares and give their reasons, and the domain accepts all of it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.conference.gaps import is_own_reason
from engine.domain.conference.risk import Decision, Domain, Level
from engine.domain.errors import InvalidInputError
from engine.domain.invented import InventedEpisode
from engine.domain.plans.actions import OPEN_STATUSES, ActionStatus
from engine.domain.referrals.intake import AlarmAnswers, Referral
from engine.domain.referrals.screening import FourAnswer, FourQuestion, Screening
from engine.domain.responses.answers import AnswerState, RefusalGround
from engine.synthetic.city import invented_episodes
from engine.synthetic.figures import figures
from engine.synthetic.panel import decision_of, screening_of, triage_of
from engine.synthetic.planning import action_updates, plan_of
from engine.synthetic.practitioners import (
    is_late,
    keeps_waiting,
    professional_of,
    refusal_of,
    release_delay_hours,
    strikes_of,
)
from tests.engine.synthetic.conftest import SEED, UNTIL
from tests.engine.synthetic.rates import near, share

City = tuple[InventedEpisode, ...]
Referrals = tuple[Referral, ...]

AGENCIES = ("north", "south", "east", "west")
ALL_IN = dict.fromkeys(AGENCIES, AnswerState.CONTRIBUTION)
TAKEN_UP = {TriageOutcome.CONSULTATION, TriageOutcome.CONFERENCE, TriageOutcome.URGENT}
MANAGED = {TriageOutcome.CONFERENCE, TriageOutcome.URGENT}
STATES = st.sampled_from(AnswerState)


def triaged(city: City, referrals: Referrals) -> list[TriageOutcome]:
    return [
        triage_of(episode, seed=SEED, alarms=referral.alarms)
        for episode, referral in zip(city, referrals, strict=True)
    ]


WHY = "Invented reasons in more than five different words."


def decided(episode: InventedEpisode, answered: dict[str, AnswerState] | None = None) -> Decision:
    answers = ALL_IN if answered is None else answered
    return decision_of(
        episode, answers, seed=SEED, agencies=AGENCIES, on=episode.referred_on + timedelta(days=14)
    )


def test_triage_has_the_planned_mix(city: City, referrals: Referrals) -> None:
    outcomes = triaged(city, referrals)
    for outcome, planned in figures().mix("triage").items():
        counted = share(one.value == outcome for one in outcomes)
        assert near(counted, planned, of=len(outcomes), beside=0.005), outcome


def test_of_a_hundred_referrals_about_fifteen_are_taken_up_and_five_managed(
    city: City, referrals: Referrals
) -> None:
    outcomes = triaged(city, referrals)
    assert 0.12 <= share(outcome in TAKEN_UP for outcome in outcomes) <= 0.18
    assert 0.035 <= share(outcome in MANAGED for outcome in outcomes) <= 0.065


def test_alarms_push_the_outcome_up(city: City, referrals: Referrals) -> None:
    outcomes = triaged(city, referrals)
    taken_up = [
        share(
            outcome in TAKEN_UP
            for outcome, referral in zip(outcomes, referrals, strict=True)
            if least <= len(referral.alarms.raised) <= most
        )
        for least, most in ((0, 0), (1, 1), (2, 9))
    ]
    assert taken_up == sorted(taken_up)
    assert taken_up[2] > 3 * taken_up[0]


@pytest.mark.parametrize("outcome", TriageOutcome)
def test_a_screening_is_whole_whatever_it_comes_to(city: City, outcome: TriageOutcome) -> None:
    for episode in city[:50]:
        references = [f"I-{number}" for number in range(len(episode.incidents))]
        screening = screening_of(episode, references, seed=SEED, people=("ann", "ben"), outcome=outcome)
        assert screening.outcome is outcome
        assert screening.people == ("ann", "ben")
        assert screening.reason.endswith(".")
        assert (screening.advice is not None) == (outcome is TriageOutcome.ADVICE)
        assert (screening.safeguarding is not None) == (outcome is TriageOutcome.URGENT)
        assert Screening.model_validate_json(screening.model_dump_json()) == screening


def test_a_yes_of_the_four_rests_on_incidents_that_were_shown(city: City) -> None:
    for episode in city[:200]:
        references = [f"I-{number}" for number in range(len(episode.incidents))]
        for item in screening_of(episode, references, seed=SEED, people=()).four:
            assert set(item.incidents) <= set(references)
            assert bool(item.incidents) == (item.answer is FourAnswer.YES)


def test_nothing_is_said_to_be_repeated_on_one_incident_or_none(city: City) -> None:
    for shown in ([], ["I-1"]):
        for episode in city[:50]:
            four = screening_of(episode, shown, seed=SEED, people=()).four
            answer = next(item.answer for item in four if item.question is FourQuestion.REPEATED)
            assert answer is FourAnswer.UNCLEAR


def test_the_drawn_outcome_is_the_one_that_is_screened(city: City, referrals: Referrals) -> None:
    for episode, referral in zip(city[:300], referrals[:300], strict=True):
        screening = screening_of(episode, ["I-1", "I-2"], seed=SEED, people=(), alarms=referral.alarms)
        assert screening.outcome is triage_of(episode, seed=SEED, alarms=referral.alarms)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(min_value=0, max_value=2**63),
    states=st.dictionaries(st.sampled_from(AGENCIES), STATES),
)
def test_a_decision_is_valid_whatever_is_missing(seed: int, states: dict[str, AnswerState]) -> None:
    whole = {AnswerState.CONTRIBUTION, AnswerState.NIL_RETURN}
    gaps = [f"awaited: {code}" for code in AGENCIES if states.get(code) not in whole]
    for episode in invented_episodes(seed, count=5, until=UNTIL):
        on = episode.referred_on
        decision = decision_of(episode, states, seed=seed, agencies=AGENCIES, on=on, gaps=gaps)
        low = [judgement for judgement in decision.judgements if judgement.level is Level.LOW]
        assert [judgement.domain for judgement in decision.judgements] == list(Domain)
        assert (decision.low_despite_unknown is not None) == bool(low and gaps)
        assert list(decision.weighed) == (gaps if low else [])
        why = decision.low_despite_unknown or WHY
        assert is_own_reason(why, gaps=gaps, others=[j.why for j in decision.judgements])
        assert decision.review_on is not None
        assert date.fromisoformat(decision.review_on) > episode.referred_on
        assert {attendance.agency for attendance in decision.attendance} == set(AGENCIES)
        assert all(judgement.why.endswith(".") for judgement in decision.judgements)


def test_with_hardly_an_answer_the_panel_says_more_often_that_it_cannot_say(city: City) -> None:
    def unable(answered: dict[str, AnswerState]) -> float:
        return share(
            j.level is Level.UNABLE_TO_SAY for e in city[:300] for j in decided(e, answered).judgements
        )

    assert unable(ALL_IN) == 0.0
    assert 0.4 < unable(dict.fromkeys(AGENCIES, AnswerState.FAILED)) < 0.6


def test_dissent_is_recorded_in_its_planned_share_by_somebody_who_was_there(city: City) -> None:
    decisions = [decided(episode) for episode in city[:2_000]]
    assert near(share(bool(decision.dissent) for decision in decisions), figures().rate("dissent"), of=2_000)
    for decision in decisions:
        there = {(one.agency, one.who) for one in decision.attendance if not one.apologies}
        assert all((dissent.agency, dissent.who) in there for dissent in decision.dissent)


def test_every_level_is_given_in_every_domain(city: City) -> None:
    given_levels = {(j.domain, j.level) for e in city[:2_000] for j in decided(e).judgements}
    assert {
        (domain, level) for domain in Domain for level in (Level.LOW, Level.MODERATE, Level.HIGH)
    } <= given_levels
    assert (Domain.VIOLENCE, Level.DOES_NOT_APPLY) not in given_levels


def test_returns_are_late_refused_or_struck_in_their_planned_shares(city: City) -> None:
    asked = [(episode.key, agency) for episode in city for agency in AGENCIES]
    assert near(share(is_late(SEED, key, agency) for key, agency in asked), 0.10, of=len(asked))
    assert near(
        share(refusal_of(SEED, key, agency) is not None for key, agency in asked), 0.05, of=len(asked)
    )
    struck = share(bool(strikes_of(SEED, key, agency, ("a", "b"))) for key, agency in asked)
    assert near(struck, figures().rate("strikes_something"), of=len(asked))


def test_a_release_comes_after_its_due_time_exactly_when_it_is_late(city: City) -> None:
    for episode in city[:1_000]:
        for agency in AGENCIES:
            hours = release_delay_hours(SEED, episode.key, agency, due_hours=48)
            assert hours > 0
            assert (hours > 48) == is_late(SEED, episode.key, agency)


def test_only_a_late_agency_keeps_everybody_waiting(city: City) -> None:
    waiting = [(e.key, a) for e in city for a in AGENCIES if keeps_waiting(SEED, e.key, a)]
    assert all(is_late(SEED, key, agency) for key, agency in waiting)
    assert near(len(waiting) / (4 * len(city)), 0.03, of=4 * len(city))


def test_every_refusal_gives_a_ground_that_the_domain_knows_and_says_it(city: City) -> None:
    refusals = [r for e in city[:1_000] for a in AGENCIES if (r := refusal_of(SEED, e.key, a)) is not None]
    assert len({refusal.ground for refusal in refusals}) > 2
    assert RefusalGround.OTHER not in {refusal.ground for refusal in refusals}
    assert all(refusal.says.endswith(".") for refusal in refusals)


def test_nothing_is_struck_from_an_answer_without_findings(city: City) -> None:
    assert all(strikes_of(SEED, episode.key, "north", ()) == () for episode in city[:500])


def test_the_same_professional_has_the_same_name() -> None:
    assert professional_of(SEED, "north", 2) == professional_of(SEED, "north", 2)
    assert len({professional_of(SEED, agency, n).name for agency in AGENCIES for n in range(3)}) > 8


def test_a_plan_has_owners_and_days_after_it_was_made(city: City) -> None:
    for episode in city[:300]:
        on = episode.referred_on
        plan = plan_of(episode, seed=SEED, on=on, agencies=AGENCIES)
        assert 4 <= len(plan.actions) <= 7
        assert len({action.what for action in plan.actions}) == len(plan.actions)
        assert all(action.agency in AGENCIES and action.due > on and action.owner for action in plan.actions)
        assert [action.due for action in plan.actions] == sorted(action.due for action in plan.actions)


def test_an_action_goes_to_the_seat_that_it_suits(city: City) -> None:
    seats = {"north": "victim-voice", "south": "investigation"}
    agencies_by_action: dict[str, set[str]] = {}
    for episode in city[:200]:
        plan = plan_of(episode, seed=SEED, on=UNTIL, agencies=AGENCIES, seats=seats)
        for action in plan.actions:
            agencies_by_action.setdefault(action.what, set()).add(action.agency)
    by_start = {what.split()[0]: agencies for what, agencies in agencies_by_action.items()}
    assert by_start["Go"] == {"north"}  # through the safety plan with the victim
    assert by_start["Secure"] == {"south"}  # call data and devices
    assert by_start["Offer"] == {"east", "west"}  # a clinical appointment: nobody has that seat here


def test_a_plan_for_no_agency_is_refused_in_a_sentence(city: City) -> None:
    with pytest.raises(InvalidInputError, match="agencies: give at least one"):
        plan_of(city[0], seed=SEED, on=UNTIL, agencies=())


def test_action_updates_do_not_hang_on_random_references(city: City) -> None:
    on, today = UNTIL, UNTIL + timedelta(days=30)
    plan = plan_of(city[0], seed=SEED, on=on, agencies=AGENCIES)
    result = [
        action_updates(
            city[0],
            {f"{letter}-{place}": action.due for place, action in enumerate(plan.actions)},
            seed=SEED,
            planned_on=on,
            today=today,
        )
        for letter in "AB"
    ]
    assert [(u.status, u.on, u.note) for u in result[0]] == [(u.status, u.on, u.note) for u in result[1]]
    assert result[0]


def test_owners_say_nothing_before_the_plan_or_after_today(city: City) -> None:
    statuses: list[ActionStatus] = []
    asked = 0
    for episode in city[:400]:
        on = episode.referred_on
        plan = plan_of(episode, seed=SEED, on=on, agencies=AGENCIES)
        actions = {str(place): action.due for place, action in enumerate(plan.actions)}
        for days in (0, 7, 60):
            today = on + timedelta(days=days)
            updates = action_updates(episode, actions, seed=SEED, planned_on=on, today=today)
            assert all(on <= update.on <= today for update in updates)
            if days == 60:
                asked += len(actions)
                statuses += [update.status for update in updates]
    said_nothing = 1 - len(statuses) / asked
    assert near(said_nothing, figures().mix("action_past_due")["not started"], of=asked)
    assert set(statuses) == set(ActionStatus) - {ActionStatus.NOT_STARTED}
    still_open = share(status in OPEN_STATUSES for status in statuses)
    assert 0.05 < still_open < 0.16


def test_nothing_that_invented_people_write_holds_a_name_or_an_address_of_the_two(city: City) -> None:
    for episode in city[:500]:
        decision, plan = decided(episode), plan_of(episode, seed=SEED, on=UNTIL, agencies=AGENCIES)
        screening = screening_of(episode, ["I-1", "I-2"], seed=SEED, people=())
        written = [decision.summary, decision.low_despite_unknown, plan.reason, plan.departs_from_wishes]
        written += [judgement.why for judgement in decision.judgements]
        written += [dissent.reasons for dissent in decision.dissent]
        written += [action.what for action in plan.actions]
        written += [screening.reason, screening.advice, screening.safeguarding]
        text = " ".join(part for part in written if part)
        words = set(re.findall(r"\w+", text))
        for person in (episode.perpetrator, episode.victim):
            held = (person.address, person.postcode, person.workplace, person.phone, person.email)
            assert not [value for value in held if value in text]
            assert not {person.forename, *person.surname.split()} & words


def test_alarms_left_out_are_taken_from_what_is_true(city: City) -> None:
    calm = AlarmAnswers()
    assert any(triage_of(e, seed=SEED) is not triage_of(e, seed=SEED, alarms=calm) for e in city[:1_000])
