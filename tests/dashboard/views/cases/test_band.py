"""The band on top of the case page: what it says to whom, and the acts that are one press away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashboard.pages import Place
from engine.domain.absence import YesNo
from engine.domain.accounts.acting import Acting
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.lifecycle import TriageOutcome
from engine.domain.errors import InvalidInputError
from engine.domain.referrals.intake import AlarmTopic
from engine.services.alarms.acts import hand_over, record_done
from engine.services.cases.views import view_case
from engine.services.referrals.incidents import record_incident
from engine.services.referrals.screening import name_people
from tests.builders import Desk, an_incident
from tests.dashboard.visits import Visits, decided, opened, screened


@pytest.fixture
def advised(desk: Desk, workers: dict[str, Acting]) -> str:
    """A case that got advice an hour ago, with every agency's practitioners on it."""
    reference = screened(desk, outcome=TriageOutcome.ADVICE)
    people = [worker.user for worker in workers.values()]
    name_people(desk.context(desk.coordinator), reference=reference, people=people)
    desk.clock.forward(timedelta(hours=1))
    return reference


def record(desk: Desk, by: Acting, case: str, kind: IncidentKind, what: str, *topics: AlarmTopic) -> str:
    return record_incident(
        desk.context(by),
        reference=case,
        incident=an_incident("2026-03-02", kind=kind, what=what),
        topics=dict.fromkeys(topics, YesNo.YES),
    )


def test_the_band_is_said_first_and_its_role_is_that_of_what_came(
    desk: Desk, advised: str, visits: Visits
) -> None:
    quiet = visits(desk.coordinator, Place.CASE, advised)
    assert quiet.words.index("Nothing new since the advice of 2 March") < quiet.words.index("Panel judgement")
    assert 'class="band" role="status"' in quiet.source
    assert not quiet.offers("review-incident")
    record(desk, desk.chair, advised, IncidentKind.CONTACTING, "Nine messages.")
    visit = visits(desk.coordinator, Place.CASE, advised)
    assert "New since the advice of 2 March. Contacting 2 March , “Nine messages”. Read it" in visit.words
    assert 'class="band" role="alert"' in visit.source


def test_the_reason_why_a_case_is_not_stepped_up_is_noted_from_the_band(
    desk: Desk, advised: str, visits: Visits, workers: dict[str, Acting]
) -> None:
    incident = record(desk, workers["voice"], advised, IncidentKind.CONTACTING, "Nine messages.")
    visit = visits(workers["harbour"], Place.CASE, advised)
    assert (visit.offers("review-incident"), visit.offers("step-up")) == (False, False)
    visit = visits(desk.coordinator, Place.CASE, advised)
    assert visit.offers("step-up")
    visit.open("review-incident").type(f"review-incident-{advised}-why", "The account is known.")
    visit.finish(f"review-incident-{advised}-save")
    assert f"The reason is recorded for incident {incident}." in visit.words
    assert "Nothing new since the advice of 2 March that you may see." in visit.words
    assert visit.offers("step-up"), "below the band now"


def test_an_alarm_is_acknowledged_and_what_was_done_recorded_from_the_band(
    desk: Desk, advised: str, visits: Visits, workers: dict[str, Acting]
) -> None:
    record(desk, workers["voice"], advised, IncidentKind.THREAT, "A knife.", AlarmTopic.WEAPON)
    assert not visits(workers["harbour"], Place.CASE, advised).offers(f"take-up-{advised}")
    visit = visits(desk.coordinator, Place.CASE, advised)
    assert "Weapon 2 March , “A knife”. Not acknowledged, due by" in visit.words
    visit.press(f"take-up-{advised}")
    assert "Cora has it until 3 March" in visit.words
    (alarm,) = view_case(desk.context(desk.chair), reference=advised).alarms_since
    visit.open(f"done-{alarm.reference}").type(f"alarm-{alarm.reference}-done", "Officers called.")
    visit.finish(f"alarm-{alarm.reference}-save")
    assert ": Officers called." in visit.words
    assert visit.offers(f"end-{alarm.reference}")
    assert not visit.offers(f"done-{alarm.reference}")


def test_an_alarm_is_handed_over_from_the_band_and_who_has_it_then_records_what_was_done(
    desk: Desk, advised: str, visits: Visits, workers: dict[str, Acting]
) -> None:
    record(desk, workers["voice"], advised, IncidentKind.THREAT, "A knife.", AlarmTopic.WEAPON)
    visit = visits(desk.chair, Place.CASE, advised).press(f"take-up-{advised}")
    (alarm,) = view_case(desk.context(desk.chair), reference=advised).alarms_since
    hand, done, end = (f"{act}-{alarm.reference}" for act in ("hand-over", "done", "end"))
    assert not visits(workers["harbour"], Place.CASE, advised).offers(done)
    visit.open(hand)
    visit.press(f"hand-{alarm.reference}-save")
    assert "Person who has it from now on: choose one." in visit.words
    visit.app.selectbox(key=f"hand-{alarm.reference}-to").set_value(workers["harbour"].user)
    visit.finish(f"hand-{alarm.reference}-save")
    assert "has it until 3 March" in visit.words
    assert not visits(workers["voice"], Place.CASE, advised).offers(done), (
        "near miss: on the case, without it"
    )
    holder = visits(workers["harbour"], Place.CASE, advised)
    assert holder.offers(hand)
    holder.open(done).press(f"alarm-{alarm.reference}-save")
    assert "The act, and the person who did it Write it." in holder.words
    holder.type(f"alarm-{alarm.reference}-done", "Officers called.")
    holder.finish(f"alarm-{alarm.reference}-save")
    assert ": Officers called." in holder.words
    assert not any(holder.offers(key) for key in (hand, done, end))
    visit = visits(desk.chair, Place.CASE, advised).press(end).press(f"alarm-{alarm.reference}-save")
    assert "Reason why no conference has to decide on it Write it." in visit.words
    visit.type(f"alarm-{alarm.reference}-why", "A toy knife.").press(f"alarm-{alarm.reference}-save")
    visit.press(f"alarm-{alarm.reference}-record")
    assert f"Alarm {alarm.reference} is ended." in visit.words
    assert not visits(desk.chair, Place.CASE, advised).offers(end)


def test_who_recorded_an_alarm_reads_that_another_person_must_acknowledge_it(
    desk: Desk, advised: str, visits: Visits
) -> None:
    record(desk, desk.coordinator, advised, IncidentKind.ENTRY, "Through the window.")
    visit = visits(desk.coordinator, Place.CASE, advised)
    assert "You recorded it: another person must acknowledge it." in visit.words
    assert not visit.offers(f"take-up-{advised}")
    chair = visits(desk.chair, Place.CASE, advised)
    assert "You recorded it" not in chair.words
    assert chair.offers(f"take-up-{advised}")


def test_the_rooms_screen_quotes_nothing(desk: Desk, advised: str, visits: Visits) -> None:
    record(desk, desk.chair, advised, IncidentKind.CONTACTING, "Nine messages.")
    visit = visits(desk.coordinator, Place.CASE, advised)
    visit.app.toggle(key="room_view").set_value(True)
    visit.run()
    assert "Contacting 2 March ." in visit.words
    assert "“Nine messages”" not in visit.words


def test_several_alarms_say_which_each_button_is_about_and_the_others_open(
    desk: Desk, advised: str, visits: Visits
) -> None:
    for kind in (IncidentKind.ENTRY, IncidentKind.BREACH, IncidentKind.SUICIDAL_STATEMENT):
        record(desk, desk.chair, advised, kind, "So it was said.")
        desk.clock.forward(timedelta(minutes=1))
    visit = visits(desk.coordinator, Place.CASE, advised).press(f"take-up-{advised}")
    assert "1 more alarm, since 2 March." in visit.words
    labels = [button.label.replace("\\", "") for button in visit.app.button if "Hand over" in button.label]
    assert len(labels) == len(set(labels)) == 3
    assert labels[0].startswith("Hand over: suicidal talk, 2 Mar")


def test_missing_police_decisions_are_counted_and_open_as_a_list(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    reference = screened(desk)
    opened(desk, reference)
    decided(desk, reference)
    desk.clock.forward(timedelta(hours=1))
    for kind in (IncidentKind.THREAT, IncidentKind.BREACH):
        record(desk, desk.coordinator, reference, kind, "So it was said.")
    visit = visits(desk.chair, Place.CASE, reference)
    assert "Police decision missing on 2 incidents." in visit.words
    assert "Show the 2" in visit.words
    assert "Threat, 2 March 2026 (" in visit.words
    assert visit.offers("record-police-decision")


def test_what_two_people_did_about_one_alarm_stays_and_what_is_typed_on_two_lines_is_one(
    desk: Desk, advised: str, visits: Visits, workers: dict[str, Acting]
) -> None:
    record(desk, workers["voice"], advised, IncidentKind.THREAT, "A knife.", AlarmTopic.WEAPON)
    visit = visits(desk.coordinator, Place.CASE, advised).press(f"take-up-{advised}")
    (alarm,) = view_case(desk.context(desk.chair), reference=advised).alarms_since
    hand_over(
        desk.context(desk.chair),
        reference=advised,
        alarm=alarm.reference,
        to=workers["harbour"].user,
        until=desk.clock.now() + timedelta(hours=2),
    )
    record_done(desk.context(desk.chair), reference=advised, alarm=alarm.reference, done="Officers called")
    visit = visits.show(desk.coordinator, _doing, advised, alarm.reference)
    visit.type(f"alarm-{alarm.reference}-done", "Locks changed.\nA neighbour knows.")
    visit.press(f"alarm-{alarm.reference}-save")
    words = visits(desk.coordinator, Place.CASE, advised).words
    assert "Officers called. Done by Cora, 10:00: Locks changed. A neighbour knows." in words
    with pytest.raises(InvalidInputError, match="what was done about it is recorded already"):
        hand_over(
            desk.context(desk.chair),
            reference=advised,
            alarm=alarm.reference,
            to=workers["voice"].user,
            until=desk.clock.now() + timedelta(hours=2),
        )


def _doing(reference: str, alarm: str) -> None:
    from dashboard import forms, record, session
    from dashboard.views.alarms import since
    from engine.services.cases.views import view_case

    view = view_case(record.runtime().context(session.acting()), reference=reference)
    (there,) = [each for each in view.alarms_since if each.reference == alarm]
    forms.begin(since.doing(reference, there))
