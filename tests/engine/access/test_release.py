"""What a viewer gets of an agency's answer as a whole."""

from __future__ import annotations

from datetime import UTC, date, datetime

from engine.access.release import (
    everybodys_classes,
    is_member,
    is_owner,
    outcome_of,
    shown_classes,
    whole_outcome,
)
from engine.domain.accounts.acting import Acting, Role
from engine.domain.sharing import (
    DESK,
    WHOLE_ANSWER,
    AudienceKind,
    Grounds,
    Outcome,
    ReleaseClass,
    StoredRule,
    VisibilityToOthers,
)

VIEWER = Acting(user="lantern-worker", role=Role.PRACTITIONER, agency="lantern")
OWNER = Acting(user="harbour-worker", role=Role.PRACTITIONER, agency="harbour")
LAST = date(2026, 3, 2)


def rules(until: date | None = LAST) -> dict[str, StoredRule]:
    release = ReleaseClass(
        owner="harbour",
        audience=AudienceKind.NAMED,
        agencies=("lantern",),
        otherwise=VisibilityToOthers.STUB,
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


CHAIR = Acting(user="chair", role=Role.CHAIR)


def a_class(
    kind: AudienceKind, *agencies: str, owner: str = "harbour", until: date | None = None
) -> ReleaseClass:
    return ReleaseClass(owner=owner, audience=kind, agencies=agencies, until=until)


def test_the_desk_is_spoken_for_by_chair_and_coordinator_and_an_agency_by_its_own_people() -> None:
    assert is_owner(CHAIR, DESK)
    assert not is_owner(CHAIR, "harbour")
    assert is_owner(OWNER, "harbour")
    assert not is_owner(VIEWER, "harbour")
    assert not is_owner(OWNER, DESK)


def test_a_member_is_named_on_the_case_or_of_the_desk() -> None:
    assert is_member(CHAIR, ())
    assert is_member(VIEWER, ("lantern-worker",))
    assert not is_member(VIEWER, ("harbour-worker",))


def test_the_classes_that_a_viewer_reads_and_that_everybody_reads() -> None:
    classes = {
        1: a_class(AudienceKind.PANEL),
        2: a_class(AudienceKind.PANEL, until=LAST),
        3: a_class(AudienceKind.NAMED, "lantern"),
        4: a_class(AudienceKind.OWNER),
        5: a_class(AudienceKind.NAMED, "voice"),
    }
    after = date(2026, 3, 3)
    assert shown_classes(VIEWER, classes, on=LAST) == {1, 2, 3}
    assert shown_classes(VIEWER, classes, on=after) == {1, 3}
    assert shown_classes(OWNER, classes, on=after) == {1, 2, 3, 4, 5}
    assert everybodys_classes(classes, on=LAST) == {1, 2}
    assert everybodys_classes(classes, on=after) == {1}


def test_what_is_its_owners_alone_is_shown_to_nobody_else_and_to_software_always() -> None:
    own = a_class(AudienceKind.OWNER)
    assert outcome_of(VIEWER, own, on=LAST, is_member=True) is Outcome.WITHHOLD
    assert outcome_of(CHAIR, own, on=LAST, is_member=True) is Outcome.WITHHOLD
    assert outcome_of(Acting(user="flow", role=Role.SYSTEM), own, on=LAST, is_member=False) is Outcome.SHOW
    for_desk = a_class(AudienceKind.NAMED, DESK)
    assert outcome_of(CHAIR, for_desk, on=LAST, is_member=True) is Outcome.SHOW
