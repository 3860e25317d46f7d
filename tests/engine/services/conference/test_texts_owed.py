"""A decision owes a text where agencies differ or the panel departs, as far as its chair can see."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.cases.police_decisions import NONE_RECORDED, PoliceAction, PoliceDecisionGiven
from engine.domain.cases.views import DecisionView
from engine.domain.conference.risk import AgencyGap, Confidence, Decision, Domain, Level
from engine.domain.errors import InvalidInputError
from engine.services.cases.views import view_case
from engine.services.conference import amending, decisions
from engine.services.plans.reviews import record_police_decision
from engine.services.referrals.incidents import record_incident
from engine.services.responses import requests as response_requests
from engine.settings import ConferenceSettings
from tests.builders import a_decision, an_incident
from tests.conferences import Room
from tests.dashboard.visits import a_view, answers
from tests.prepared import prepared

PHONE = AgencyGap(agency="harbour", says="The phone is not examined yet.")
SETTLED = "The newest report weighed most."


@pytest.fixture
def case(room: Room) -> str:
    """Two agencies agree on violence, and differ by two levels on persistence and by one on recurrence."""
    return prepared(room.desk, _answered, room)


def _answered(room: Room) -> str:
    case = room.cases[0]
    response_requests.open_requests(room.context(room.desk.coordinator), reference=case)
    for agency, persistence, recurrence in (
        ("voice", Level.LOW, Level.MODERATE),
        ("harbour", Level.HIGH, Level.HIGH),
    ):
        answers(
            room.desk,
            room.workers[agency],
            case,
            a_view(Level.HIGH),
            a_view(persistence, Domain.PERSISTENCE),
            a_view(recurrence, Domain.RECURRENCE),
            a_view(Level.HIGH, Domain.PSYCHOSOCIAL_HARM),
            gaps=(PHONE.says,) if agency == "harbour" else (),
        )
    room.started().next()
    return case


def without(domain: Domain, *texts: str, level: Level = Level.HIGH) -> Decision:
    """High on each domain, and only on this one without these texts."""
    judgements = [
        each.model_copy(update={"level": level, **dict.fromkeys(texts)}) if each.domain is domain else each
        for each in a_decision().judgements
    ]
    return a_decision(judgements=judgements)


def decide(room: Room, case: str, decision: Decision) -> DecisionView:
    decisions.decide(room.context(), reference=case, decision=decision)
    recorded = view_case(room.context(), reference=case).decision
    assert recorded is not None
    return recorded


def test_where_agencies_and_the_panel_agree_no_text_is_asked(room: Room, case: str) -> None:
    agreed = without(Domain.VIOLENCE, "reasons", "settled").model_copy(update={"alternatives": None})
    recorded = decide(room, case, agreed)
    assert (recorded.judgements[0].reasons, recorded.alternatives) == (None, None)


@pytest.mark.parametrize(
    ("decision", "sentence"),
    [
        (without(Domain.VIOLENCE, "reasons", level=Level.MODERATE), "violence: give the panel's reasons"),
        (without(Domain.PERSISTENCE, "settled"), "persistence: agencies differ by two levels"),
        (without(Domain.RECURRENCE, "reasons", "settled"), "recurrence: agencies differ; give"),
        (a_decision(confidence=None), "confidence: give the panel's confidence"),
        (
            a_decision(Level.MODERATE, alternatives=None),
            "alternatives: the panel departs from the agencies; give what else it considered",
        ),
        (a_decision(missing=[PHONE, {**dict(PHONE), "agency": "voice"}]), "missing: entry 2 is not what"),
    ],
)
def test_a_text_that_is_owed_is_asked_for_and_nothing_is_recorded(
    room: Room, case: str, decision: Decision, sentence: str
) -> None:
    with pytest.raises(InvalidInputError) as error:
        decide(room, case, decision)
    assert sentence in str(error.value)
    levels = set() if decision.confidence is None else {"high", "moderate", "low"}  # there they are choices
    assert not levels & set(str(error.value).replace(",", " ").split())
    assert view_case(room.context(), reference=case).decision is None


def test_how_it_was_settled_needs_more_than_a_full_stop(room: Room, case: str) -> None:
    judgements = [each.model_copy(update={"settled": "x."}) for each in a_decision().judgements]
    with pytest.raises(InvalidInputError, match="say how the difference was settled in at least 10"):
        decide(room, case, a_decision(judgements=judgements))


def test_confidence_what_matters_and_alternatives_are_in_the_decision(room: Room, case: str) -> None:
    more: dict[str, Any] = {
        "confidence": Confidence.MODERATE,
        "missing": [PHONE],
        "alternatives": "An order alone.",
    }
    recorded = decide(room, case, a_decision(**more))
    assert (recorded.confidence, recorded.missing) == (Confidence.MODERATE, (PHONE,))
    assert recorded.alternatives == "An order alone."
    assert {each.settled for each in recorded.judgements} == {SETTLED}


def test_a_police_decision_that_is_awaited_may_be_marked_as_missing_until_it_is_recorded(
    room: Room, case: str
) -> None:
    police = AgencyGap(agency="harbour", says=NONE_RECORDED)
    with pytest.raises(InvalidInputError, match="entry 1 is not what the agency recorded as missing"):
        room.decide(case, missing=(police,), judgements=a_decision().judgements)
    incident = record_incident(
        room.context(), reference=case, incident=an_incident("2026-02-20", kind=IncidentKind.ASSAULT)
    )
    with pytest.raises(InvalidInputError, match="entry 1"):
        room.decide(case, missing=(AgencyGap(agency="voice", says=NONE_RECORDED),))
    settled = [each.model_copy(update={"settled": SETTLED}) for each in a_decision().judgements]
    room.decide(case, missing=(police, PHONE), judgements=settled, alternatives="A warning.")
    given = PoliceDecisionGiven(
        incident=incident,
        action=PoliceAction.ARREST,
        decided_by="PC 1",
        decided_on=room.desk.clock.today(),
        why="A threat.",
    )
    record_police_decision(room.context(), reference=case, decision=given)
    decision = view_case(room.context(), reference=case).decision
    assert decision is not None
    assert decision.missing == (police, PHONE), "a decision stays as it was recorded"
    amended = a_decision(
        judgements=[each.model_copy(update={"level": Level.MODERATE}) for each in settled],
        missing=(police,),
        alternatives="A warning.",
        amended_because="Said so.",
    )
    with pytest.raises(InvalidInputError, match="entry 1 is not what the agency recorded as missing"):
        amending.amend_decision(room.context(), reference=case, decision=amended)


def test_the_longest_texts_of_any_script_are_recorded_whole(room: Room, case: str) -> None:
    scripts = "Łódź Ω שלום 你好 e\u0301 🙂 "
    longest = (scripts * 1_000)[:9_999] + "."
    settled = (scripts * 100)[:599] + "."
    judgements = [each.model_copy(update={"settled": settled}) for each in a_decision().judgements]
    recorded = decide(room, case, a_decision(judgements=judgements, summary=longest, alternatives=longest))
    assert (recorded.summary, recorded.alternatives) == (longest, longest)
    assert recorded.judgements[0].settled == settled


@pytest.mark.parametrize(("text", "longest"), [("summary", 10_000), ("alternatives", 10_000)])
def test_a_longer_text_is_no_decision(text: str, longest: int) -> None:
    fits: dict[str, Any] = {text: "x" * longest}
    a_decision(**fits)
    too_long: dict[str, Any] = {text: "x" * (longest + 1)}
    with pytest.raises(ValidationError, match=f"at most {longest} characters"):
        a_decision(**too_long)


def test_the_review_date_is_proposed_by_the_outcome_of_screening_to_who_may_decide(
    room: Room, case: str
) -> None:
    proposed = view_case(room.context(), reference=case).review_proposed
    assert proposed is not None
    assert (proposed.days, proposed.outcome) == (56, TriageOutcome.CONFERENCE)
    assert (proposed.on - room.desk.clock.today()).days == 56
    assert view_case(room.context(room.workers["voice"]), reference=case).review_proposed is None


def test_an_operator_changes_the_days_of_one_outcome_and_the_others_stay() -> None:
    days = ConferenceSettings.model_validate({"review_after_days": {"urgent": 7}}).review_after_days
    assert (days[TriageOutcome.URGENT], days[TriageOutcome.CONFERENCE]) == (7, 56)
