"""What the band of a case says: each piece, what is nearly one, and what a viewer may not see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting, Role
from engine.domain.cases.band import BandPiece, PieceKind, Tone, tone_of
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import Act, TriageOutcome
from engine.domain.cases.police_decisions import PoliceAction, PoliceDecisionGiven
from engine.domain.referrals.intake import AlarmTopic
from engine.services.alarms.acts import end_alarm, record_done
from engine.services.cases.views import view_case
from engine.services.conference import decisions
from engine.services.plans.reviews import close_review, record_police_decision
from engine.services.referrals.incidents import record_incident, review_incident
from engine.services.referrals.screening import acknowledge_alarm, end_involvement, name_people, screen
from engine.services.referrals.stepping_up import step_up
from tests.builders import TOYS, Desk, a_decision, a_desk, a_referral, a_screening, an_incident

DAY = timedelta(days=1)
KNIFE = {AlarmTopic.WEAPON: YesNo.YES}
K = PieceKind


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.syspath_prepend(str(TOYS))
    with a_desk(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def advocate(desk: Desk) -> Acting:
    return desk.add("ana", Role.PRACTITIONER, "voice")


@pytest.fixture
def officer(desk: Desk) -> Acting:
    return desk.add("olu", Role.PRACTITIONER, "harbour")


def a_case(desk: Desk, outcome: TriageOutcome | None, *people: Acting, **changes: Any) -> str:
    """A referral, screened on the day that it arrived, a day ago."""
    (reference,) = desk.refer(a_referral(**changes)).referrals
    if outcome is not None:
        screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(outcome))
        name_people(
            desk.context(desk.coordinator), reference=reference, people=[each.user for each in people]
        )
    desk.clock.forward(DAY)
    return reference


@pytest.fixture
def advised(desk: Desk, advocate: Acting, officer: Acting) -> str:
    return a_case(desk, TriageOutcome.ADVICE, advocate, officer)


@pytest.fixture
def decided(desk: Desk, advocate: Acting, officer: Acting) -> str:
    reference = a_case(desk, TriageOutcome.CONFERENCE, advocate, officer)
    chair = desk.context(desk.chair)
    decisions.open_conference(chair, reference=reference)
    decisions.decide(chair, reference=reference, decision=a_decision(review_on="2026-03-30"))
    desk.clock.forward(DAY)
    return reference


def seen(desk: Desk, reference: str, acting: Acting | None = None) -> tuple[BandPiece, ...]:
    return view_case(desk.context(acting or desk.coordinator), reference=reference).band


def kinds(band: tuple[BandPiece, ...]) -> list[PieceKind]:
    return [piece.kind for piece in band]


def sentences(band: tuple[BandPiece, ...]) -> list[str]:
    return [piece.says for piece in band]


def record(
    desk: Desk, by: Acting, case: str, kind: IncidentKind = IncidentKind.CONTACTING, **more: Any
) -> str:
    what = more.pop("what", "Nine messages.")
    incident = an_incident(str(more.pop("on", "2026-03-02")), kind=kind, what=what)
    return record_incident(desk.context(by), reference=case, incident=incident, **more)


def test_nothing_new_is_said_of_what_the_viewer_may_see_and_that_the_panel_has_not_decided(
    desk: Desk, advised: str
) -> None:
    band = seen(desk, advised)
    assert sentences(band) == [
        "Nothing new since the advice of 2 March that you may see.",
        "Not decided: no conference is to come.",
    ]
    assert tone_of(band) is Tone.QUIET


def test_before_a_conference_the_panel_has_not_decided_yet(desk: Desk) -> None:
    band = seen(desk, a_case(desk, TriageOutcome.CONFERENCE))
    assert sentences(band) == ["Nothing new since the screening of 2 March that you may see.", "Not decided."]


def test_an_unscreened_case_has_its_warning_and_no_band_until_something_comes(
    desk: Desk,
) -> None:
    reference = a_case(desk, None)
    assert seen(desk, reference) == ()
    record(desk, desk.coordinator, reference)
    assert kinds(seen(desk, reference)) == [K.SINCE, K.INCIDENT]


def test_after_a_decision_nothing_new_is_since_the_decision(desk: Desk, decided: str) -> None:
    assert sentences(seen(desk, decided)) == ["Nothing new since the decision of 3 March that you may see."]


def test_an_incident_without_an_alarm_is_new_until_a_person_notes_why_not(
    desk: Desk, advised: str, advocate: Acting
) -> None:
    incident = record(desk, advocate, advised)
    band = seen(desk, advised)
    assert sentences(band) == ["New since the advice of 2 March.", "Contacting: 2 March, “Nine messages”."]
    assert (band[1].records, band[1].to_review) == ((incident,), (incident,))
    assert tone_of(band) is Tone.NEW
    review_incident(desk.context(desk.coordinator), reference=advised, incident=incident, why="The same.")
    assert kinds(seen(desk, advised)) == [K.NOTHING_NEW, K.NOT_DECIDED]


def test_an_incident_is_new_until_the_case_is_stepped_up(desk: Desk, advised: str, advocate: Acting) -> None:
    record(desk, advocate, advised)
    desk.clock.forward(DAY)
    step_up(desk.context(desk.coordinator), reference=advised, reason="It goes on.")
    assert sentences(seen(desk, advised)) == [
        "Nothing new since the step up of 4 March that you may see.",
        "Not decided.",
    ]


def test_an_incident_on_a_decided_case_is_for_the_review_and_nobody_notes_why_not(
    desk: Desk, decided: str, advocate: Acting
) -> None:
    record(desk, advocate, decided)
    band = seen(desk, decided)
    assert kinds(band) == [K.SINCE, K.INCIDENT, K.REVIEW]
    assert band[0].says == "New since the decision of 3 March."
    assert band[1].to_review == ()
    assert band[2].says == "Review due now: brought forward: new incident; planned for 30 March."
    desk.clock.forward(DAY)
    close_review(
        desk.context(desk.chair),
        reference=decided,
        decided="It goes on.",
        next_on=desk.clock.today() + 9 * DAY,
    )
    assert sentences(seen(desk, decided)) == [
        "Nothing new since the last review of 5 March that you may see."
    ]


def test_a_review_on_its_date_is_due_and_the_day_before_is_not(desk: Desk, decided: str) -> None:
    desk.clock.forward(25 * DAY)
    assert K.REVIEW not in kinds(seen(desk, decided))
    desk.clock.forward(DAY)
    band = seen(desk, decided)
    assert sentences(band)[-1] == "Review due now: planned for 30 March."
    assert tone_of(band) is Tone.NEW


def test_an_alarm_is_red_with_its_date_who_has_it_and_what_was_done_until_it_is_ended(
    desk: Desk, advised: str, advocate: Acting
) -> None:
    incident = record(desk, advocate, advised, IncidentKind.THREAT, what="A knife.", topics=KNIFE)
    coordinator = desk.context(desk.coordinator)
    since, alarm, *late = seen(desk, advised)
    assert since.says == "New since the advice of 2 March."
    assert alarm.says.startswith("Weapon: 2 March, “A knife”. Not acknowledged, due by ")
    assert alarm.records[1] == incident
    assert [piece.kind for piece in late] == [K.POLICE_DECISION]
    assert tone_of([since, alarm]) is Tone.ALARM
    acknowledge_alarm(coordinator, reference=advised)
    assert "cora has it until 4 March" in seen(desk, advised)[1].says
    record_done(coordinator, reference=advised, alarm=alarm.records[0], done="Officers called.")
    assert seen(desk, advised)[1].status.endswith(": Officers called.")
    end_alarm(coordinator, reference=advised, alarm=alarm.records[0], why="A toy knife.")
    (_, still, _) = seen(desk, advised)
    assert (still.kind, still.to_review) == (K.INCIDENT, (incident,)), "its incident is still to be reviewed"


def test_an_alarm_stays_after_a_step_up_and_leaves_with_the_decision(
    desk: Desk, advised: str, advocate: Acting
) -> None:
    record(desk, advocate, advised, IncidentKind.ENTRY, what="Through the window.")
    acknowledge_alarm(desk.context(desk.coordinator), reference=advised)
    desk.clock.forward(DAY)
    step_up(desk.context(desk.coordinator), reference=advised, reason="An entry.")
    band = seen(desk, advised)
    assert kinds(band)[:2] == [K.SINCE, K.ALARM]
    assert band[0].says == "Alarm, not decided by the panel."
    acknowledge_alarm(desk.context(desk.coordinator), reference=advised)
    chair = desk.context(desk.chair)
    decisions.open_conference(chair, reference=advised)
    decisions.decide(chair, reference=advised, decision=a_decision())
    assert kinds(seen(desk, advised)) == [K.NOTHING_NEW, K.POLICE_DECISION]


def test_an_alarm_of_the_referral_stays_until_the_panel_has_decided(
    desk: Desk,
) -> None:
    alarming = a_case(desk, TriageOutcome.CONFERENCE, alarms=(AlarmTopic.WEAPON,))
    (_, alarm) = seen(desk, alarming)
    assert alarm.says.startswith("Weapon: at referral, 2 March. Not acknowledged, overdue since 2 March")
    acknowledge_alarm(desk.context(desk.coordinator), reference=alarming)
    assert seen(desk, alarming)[1].status.startswith("Acknowledged, ")
    chair = desk.context(desk.chair)
    decisions.open_conference(chair, reference=alarming)
    decisions.decide(chair, reference=alarming, decision=a_decision())
    assert K.ALARM not in kinds(seen(desk, alarming))
    end_involvement(chair, reference=alarming, act=Act.EXIT, why="It is over.")
    step_up(chair, reference=alarming, reason="It goes on.")
    assert K.ALARM not in kinds(seen(desk, alarming)), "the panel has decided on it"


def test_a_referral_alarm_of_a_case_that_got_advice_stays_only_until_it_is_acknowledged(desk: Desk) -> None:
    advised = a_case(desk, TriageOutcome.ADVICE, alarms=(AlarmTopic.WEAPON,))
    assert K.ALARM in kinds(seen(desk, advised))
    acknowledge_alarm(desk.context(desk.coordinator), reference=advised)
    assert K.ALARM not in kinds(seen(desk, advised))


def test_many_new_records_are_counted_after_the_first_two_and_none_is_lost(
    desk: Desk, advised: str, advocate: Acting
) -> None:
    added = [record(desk, advocate, advised, on=f"2026-03-0{day}") for day in (1, 2, 3, 3)]
    _, first, second, more = seen(desk, advised)
    assert (first.when, second.when) == ("3 March", "3 March")
    assert more.says == "Contacting: 2 more incidents."
    assert set(more.records) == set(added[:2])
    for _ in range(4):
        record(desk, advocate, advised, IncidentKind.SUICIDAL_STATEMENT)
    _, *alarms, incidents = seen(desk, advised)
    assert [piece.counts for piece in alarms] == [None, None, 2]
    assert alarms[2].says == "Suicidal talk: 2 more alarms, since 3 March. 2 not acknowledged."
    assert len(alarms[2].records) == 4
    assert (incidents.says, incidents.counts) == ("Contacting: 4 incidents.", 4)


def test_a_missing_police_decision_is_one_in_words_and_more_as_a_count(
    desk: Desk, decided: str, officer: Acting
) -> None:
    first = record(desk, officer, decided, IncidentKind.THREAT)
    assert "Police decision missing: on the threat, 2 March." in sentences(seen(desk, decided))
    record(desk, officer, decided, IncidentKind.BREACH)
    assert "Police decision missing: on 2 incidents." in sentences(seen(desk, decided))
    given = PoliceDecisionGiven(
        incident=first, action=PoliceAction.ARREST, decided_by="DS A", decided_on=desk.clock.today()
    )
    record_police_decision(desk.context(desk.coordinator), reference=decided, decision=given)
    assert "Police decision missing: on the breach of order, 2 March." in sentences(seen(desk, decided))


def test_what_a_viewer_may_not_see_makes_no_difference(
    desk: Desk, advised: str, advocate: Acting, officer: Acting
) -> None:
    before = seen(desk, advised), seen(desk, advised, officer)
    withheld = {"topics": KNIFE, "kept_with_us": "Said in confidence."}
    record(desk, advocate, advised, IncidentKind.THREAT, **withheld)
    record(desk, advocate, advised, IncidentKind.BREACH, kept_with_us="Said in confidence.")
    assert (seen(desk, advised), seen(desk, advised, officer)) == before
    assert K.ALARM in kinds(seen(desk, advised, advocate))
    record(desk, advocate, advised)
    with_one = seen(desk, advised, officer)
    assert kinds(with_one) == [K.SINCE, K.INCIDENT]
    assert with_one[1].counts is None
