"""Each reason for a review: when it applies, and what comes near it and does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.domain.cases.custody import CustodyChange, StoredCustodyChange
from engine.domain.cases.incidents import IncidentKind
from engine.domain.dates import PartialDate
from engine.domain.plans.actions import ActionStatus
from engine.domain.plans.reviews import (
    ActionKnown,
    ContactLost,
    IncidentKnown,
    ReviewCause,
    ReviewTrigger,
    breaches,
    contact_lost,
    gone_quiet,
    in_order,
    missed_actions,
    new_incidents,
    releases,
    scheduled,
    why_due,
)

SINCE = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
MOMENT = timedelta(seconds=1)


def an_incident(
    kind: IncidentKind = IncidentKind.CONTACTING,
    at: datetime = SINCE + MOMENT,
    happened: str | None = "2026-03-01",
) -> IncidentKnown:
    day = PartialDate(happened) if happened else None
    return IncidentKnown("I-7K3M9QV", kind, day, at)


def an_action(status: ActionStatus, due: date, at: datetime = SINCE + MOMENT) -> ActionKnown:
    return ActionKnown("A-7K3M9QV", status, due, at)


def a_change(change: CustodyChange, on: date, at: datetime = SINCE + MOMENT) -> StoredCustodyChange:
    return StoredCustodyChange(change=change, on=on, by="chair", at=at)


@pytest.mark.parametrize(
    ("review_on", "sentences"),
    [
        (DAY, ["Review due today."]),
        (DAY - timedelta(days=1), ["Review overdue since 1 March 2026."]),
        (DAY + timedelta(days=1), []),
        (None, []),
    ],
)
def test_a_review_is_due_on_its_day_and_after(review_on: date | None, sentences: list[str]) -> None:
    assert [cause.says for cause in scheduled(review_on, on=DAY)] == sentences


def test_an_incident_reported_after_the_review_is_a_reason_on_the_same_day_too() -> None:
    (cause,) = new_incidents([an_incident()], since=SINCE)
    assert (cause.says, cause.record) == ("New incident (contacting), 1 March 2026.", "I-7K3M9QV")
    assert list(new_incidents([an_incident(at=SINCE)], since=SINCE)) == []
    assert list(new_incidents([an_incident(IncidentKind.BREACH)], since=SINCE)) == []


def test_an_incident_without_a_date_says_so() -> None:
    (cause,) = new_incidents([an_incident(happened=None)], since=SINCE)
    assert cause.says == "New incident (contacting), date not recorded, reported 2 March 2026."


def test_a_breach_is_a_reason_of_its_own_and_a_threat_is_an_incident() -> None:
    (cause,) = breaches([an_incident(IncidentKind.BREACH)], since=SINCE)
    assert (cause.trigger, cause.says) == (ReviewTrigger.BREACH, "Breach of an order, 1 March 2026.")
    assert list(breaches([an_incident(IncidentKind.THREAT)], since=SINCE)) == []
    assert list(breaches([an_incident(IncidentKind.BREACH, at=SINCE)], since=SINCE)) == []


@pytest.mark.parametrize(
    ("status", "days_late", "is_missed"),
    [
        (ActionStatus.NOT_STARTED, 8, True),
        (ActionStatus.IN_PROGRESS, 8, True),
        (ActionStatus.NOT_STARTED, 7, False),
        (ActionStatus.DONE, 8, False),
        (ActionStatus.NOT_POSSIBLE, 8, False),
        (ActionStatus.NOT_DONE, -3, True),
    ],
)
def test_an_action_is_missed_after_its_days_of_grace_or_when_it_was_not_done(
    status: ActionStatus, days_late: int, is_missed: bool
) -> None:
    action = an_action(status, DAY - timedelta(days=days_late))
    causes = list(missed_actions([action], since=SINCE, on=DAY, grace=timedelta(days=7)))
    assert bool(causes) == is_missed


def test_an_action_that_was_not_done_before_the_review_was_considered_there() -> None:
    action = an_action(ActionStatus.NOT_DONE, DAY, at=SINCE)
    assert list(missed_actions([action], since=SINCE, on=DAY, grace=timedelta(days=7))) == []


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        ([a_change(CustodyChange.RELEASED, DAY)], ["Released from custody, 2 March 2026."]),
        ([a_change(CustodyChange.RELEASED, DAY, at=SINCE)], []),
        ([a_change(CustodyChange.TAKEN, DAY)], []),
        (
            [a_change(CustodyChange.RELEASE_PLANNED, DAY + timedelta(days=14))],
            ["Release from custody planned for 16 March 2026."],
        ),
        ([a_change(CustodyChange.RELEASE_PLANNED, DAY + timedelta(days=15))], []),
        (
            [
                a_change(CustodyChange.RELEASED, DAY - timedelta(days=1)),
                a_change(CustodyChange.TAKEN, DAY),
            ],
            [],
        ),
    ],
)
def test_a_release_is_a_reason_until_it_is_overtaken_or_considered(
    changes: list[StoredCustodyChange], sentences: list[str]
) -> None:
    causes = releases(changes, since=SINCE, on=DAY, ahead=timedelta(days=14))
    assert [cause.says for cause in causes] == sentences


@pytest.mark.parametrize(
    ("came_faster", "days", "reviewed", "fires"),
    [
        (True, 28, date(2026, 2, 1), True),
        (True, 27, date(2026, 2, 1), False),
        (False, 28, date(2026, 2, 1), False),
        (None, 28, date(2026, 2, 1), False),
        (True, 28, DAY, False),
    ],
)
def test_silence_after_an_escalation_is_a_reason_and_silence_alone_is_not(
    came_faster: bool | None, days: int, reviewed: date, fires: bool
) -> None:
    last = DAY - timedelta(days=days)
    causes = list(gone_quiet(last, came_faster=came_faster, since=reviewed, on=DAY, quiet=timedelta(days=28)))
    assert bool(causes) == fires
    for cause in causes:
        assert cause.says == "No report for 28 days after reports had come faster. Silence is not safety."


def test_no_dated_incident_is_no_silence_that_can_be_measured() -> None:
    assert list(gone_quiet(None, came_faster=True, since=DAY, on=DAY, quiet=timedelta(days=28))) == []


def test_a_victim_not_in_contact_is_a_reason_if_it_was_recorded_after_the_review() -> None:
    lost = ContactLost("voice version 2", SINCE + MOMENT, "The victim declined an advocate.")
    (cause,) = contact_lost([lost], since=SINCE)
    assert (cause.trigger, cause.says) == (ReviewTrigger.NO_CONTACT, "The victim declined an advocate.")
    assert list(contact_lost([lost._replace(at=SINCE)], since=SINCE)) == []


def test_a_review_brought_forward_says_when_it_was_planned_and_why() -> None:
    incident = ReviewCause(trigger=ReviewTrigger.INCIDENT, says="New incident, 25 November 2026.")
    breach = ReviewCause(trigger=ReviewTrigger.BREACH, says="Breach of an order, 24 November 2026.")
    assert why_due([incident, breach], date(2026, 12, 20)) == (
        "Review brought forward (planned for 20 December 2026): Breach of an order, 24 November 2026. "
        "New incident, 25 November 2026."
    )
    assert why_due([incident], None) == (
        "Review brought forward (no date was recorded): New incident, 25 November 2026."
    )
    assert why_due([], date(2026, 12, 20)) is None


def test_a_scheduled_review_is_not_brought_forward() -> None:
    (due,) = scheduled(DAY, on=DAY)
    assert why_due([due], DAY) == "Review due today."
    assert in_order([due, ReviewCause(trigger=ReviewTrigger.BREACH, says="A breach.")])[-1] == due
