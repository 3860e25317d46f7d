"""What a viewer gets of an agency's answer as a whole."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.access.release import whole_outcome
from engine.domain.acting import Acting, Role
from engine.domain.sharing import (
    WHOLE_ANSWER,
    AudienceKind,
    Grounds,
    Otherwise,
    Outcome,
    ReleaseClass,
    StoredRule,
)

VIEWER = Acting(user="lantern-worker", role=Role.PRACTITIONER, agency="lantern")
OWNER = Acting(user="harbour-worker", role=Role.PRACTITIONER, agency="harbour")
LAST = date(2026, 3, 2)


def rules(until: date | None = LAST) -> dict[str, StoredRule]:
    release = ReleaseClass(
        owner="harbour",
        audience=AudienceKind.NAMED,
        agencies=("lantern",),
        otherwise=Otherwise.STUB,
        until=until,
    )
    rule = StoredRule(
        item=WHOLE_ANSWER,
        release_class=release,
        grounds=Grounds(purpose="case work"),
        why="So.",
        by="harbour-worker",
        at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    return {WHOLE_ANSWER: rule}


def test_an_answer_without_a_rule_is_shown() -> None:
    assert whole_outcome({}, acting=VIEWER, on=LAST, is_member=False) is Outcome.SHOW


def test_it_is_shown_to_whom_it_is_for_until_its_last_day_and_unknown_after_it() -> None:
    after = date(2026, 3, 3)
    assert whole_outcome(rules(), acting=VIEWER, on=LAST, is_member=True) is Outcome.SHOW
    assert whole_outcome(rules(), acting=VIEWER, on=after, is_member=True) is Outcome.HIDE
    assert whole_outcome(rules(), acting=OWNER, on=after, is_member=False) is Outcome.SHOW
    assert whole_outcome(rules(None), acting=VIEWER, on=after, is_member=True) is Outcome.SHOW


def test_a_member_whom_it_is_not_for_gets_what_the_rule_says_and_anybody_else_nothing() -> None:
    other = Acting(user="voice-worker", role=Role.PRACTITIONER, agency="voice")
    assert whole_outcome(rules(), acting=other, on=LAST, is_member=True) is Outcome.STUB
    assert whole_outcome(rules(), acting=other, on=LAST, is_member=False) is Outcome.HIDE
