"""Marks on findings: of a closed list, one for each person, counted for those who may see the finding."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.links.marks import MarkReason, PatternMarks
from engine.domain.people.persons import Thing, ThingKind
from engine.domain.people.same_person import SameVerdict
from engine.domain.rights.retention import DESK_OWNER
from engine.links.patterns.finding import PatternKey
from engine.links.patterns.searching import PatternsAsked
from engine.services.access import restrictions
from engine.services.links import register as link_register
from engine.services.links.finding_marks import mark_finding, reasons_offered
from engine.services.people import same_person
from engine.services.referrals import screening
from engine.services.rights import retention
from tests.builders import Desk, a_desk, a_person, a_screening, with_toys
from tests.engine.services.links.test_saved_searches import PHONE, WHY, perpetrator_of, tied
from tests.engine.services.rights.test_retention import decided, ended

SHARED, SERIAL = PatternKey.SHARED_OBJECT, PatternKey.SERIAL_PERPETRATOR


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as made:
        yield made


def marks(desk: Desk, key: PatternKey = SHARED, acting: Acting | None = None, **more: Any) -> PatternMarks:
    found = link_register.patterns(
        desk.context(acting or desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        asked=PatternsAsked([key], **more),
    )
    assert found.marks is not None
    return found.marks[key]


def mark(desk: Desk, reason: str | None, subject: tuple[str, ...], **more: Any) -> MarkReason | None:
    return mark_finding(
        desk.context(more.pop("acting", desk.coordinator)),
        snapshots=desk.runtime.link_snapshots,
        subject=subject,
        reason=reason,
        **{"pattern": SHARED.value, **more},
    )


def test_the_share_is_of_marked_findings_and_not_marked_is_no_opinion(desk: Desk) -> None:
    desk.refer(tied("1", PHONE), tied("2", PHONE, "07700 900222"), tied("3", "07700 900222"))
    assert marks(desk).sentence == "No finding is marked as useful or not useful."
    one, other = marks(desk).subjects
    mark(desk, "new-enquiry", one)
    assert marks(desk).sentence == "Marked useful in 1 of 1 finding that was marked. 1 is not marked."
    mark(desk, "already-known", other)
    assert marks(desk).sentence == "Marked useful in 1 of 2 findings that were marked."
    mark(desk, "changed-hands", one, acting=desk.chair)
    assert (marks(desk).useful, marks(desk).not_useful, marks(desk).differ) == (0, 1, 1)


def test_each_person_has_one_mark_on_a_finding_and_may_change_and_remove_it(desk: Desk) -> None:
    desk.refer(tied("1", PHONE), tied("2", PHONE))
    (phone,) = marks(desk).subjects
    mark(desk, "already-known", phone)
    chosen = mark(desk, "safety-measure", phone)
    mark(desk, "already-known", phone, acting=desk.chair)
    found = marks(desk).of(0)
    assert found.own == chosen
    assert [each.code for each in found.others] == ["already-known"]
    mark(desk, None, phone)
    assert marks(desk).of(0).own is None
    assert marks(desk).differ == 0
    with desk.runtime.uow.unrecorded() as work:
        bodies = [json.loads(entry.body) for entry in work.audit.entries()]
    noted = [body["facts"]["mark"] for body in bodies if body["what"] == "mark a finding"]
    assert noted == ["already-known", "safety-measure", "already-known", "removed"]


def test_a_mark_stays_when_the_finding_grows_and_for_whoever_knows_the_person_by_another_record(
    desk: Desk,
) -> None:
    man = a_person("Dan", "Perp1")
    cases = desk.refer(tied("1"), tied("2", perpetrator=man), tied("3", perpetrator=man)).referrals
    for one, other in ((0, 1), (0, 2), (1, 2)):
        same_person.judge_same(
            desk.context(desk.coordinator),
            one=perpetrator_of(desk, cases[one]),
            other=perpetrator_of(desk, cases[other]),
            verdict=SameVerdict.SAME,
            why=WHY,
        )
    (subject,) = marks(desk, SERIAL).subjects
    assert subject == (perpetrator_of(desk, cases[0]),)
    mark(desk, "new-enquiry", subject, pattern=SERIAL.value)
    ana = desk.add("ana", Role.ANALYST)
    for case in cases:
        screening.screen(
            desk.context(desk.coordinator).with_agencies(()), reference=case, screening=a_screening()
        )
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=cases[0], why=WHY)
    theirs = marks(desk, SERIAL, ana)
    assert theirs.subjects == ((perpetrator_of(desk, cases[1]),),)
    assert [each.code for each in theirs.of(0).others] == ["new-enquiry"]
    (more,) = desk.refer(tied("4", perpetrator=man)).referrals
    same_person.judge_same(
        desk.context(desk.coordinator),
        one=perpetrator_of(desk, cases[0]),
        other=perpetrator_of(desk, more),
        verdict=SameVerdict.SAME,
        why=WHY,
    )
    assert marks(desk, SERIAL).of(0).own is not None


def test_who_may_not_see_a_finding_cannot_mark_it_and_a_mark_on_it_counts_for_nothing(desk: Desk) -> None:
    cases = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    (phone,) = marks(desk).subjects
    mark(desk, "already-known", phone)
    ana, max_ = desk.add("ana", Role.ANALYST), desk.add("max", Role.MANAGER)
    for case in cases:
        screening.screen(
            desk.context(desk.coordinator).with_agencies(()), reference=case, screening=a_screening()
        )
    assert len(marks(desk, acting=ana).of(0).others) == 1
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=cases[1], why=WHY)
    assert marks(desk, acting=ana) == PatternMarks(
        subjects=(), marked={}, useful=0, not_useful=0, differ=0, not_marked=0
    )
    for subject in (phone, ("J-2222222",), (*phone, *phone), ()):
        with pytest.raises(NotFoundError):
            mark(desk, "already-known", subject, acting=ana)
    with pytest.raises(NotPermittedError):
        mark(desk, "already-known", phone, acting=max_)


@pytest.mark.parametrize(
    "more", [{"reason": "he is dangerous"}, {"pattern": "danger"}], ids=["a reason", "a pattern"]
)
def test_reasons_and_patterns_are_of_closed_lists(desk: Desk, more: dict[str, Any]) -> None:
    desk.refer(tied("1", PHONE), tied("2", PHONE))
    (phone,) = marks(desk).subjects
    with pytest.raises(InvalidInputError):
        mark(desk, subject=phone, **{"reason": "already-known", **more})
    assert {each.useful for each in reasons_offered()} == {True, False}


def test_with_other_thresholds_nothing_is_marked(desk: Desk) -> None:
    desk.refer(tied("1", PHONE), tied("2", PHONE))
    found = link_register.patterns(
        desk.context(desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        asked=PatternsAsked([SHARED], {"shared_users": 3}),
    )
    assert found.marks is None


def test_an_erased_case_leaves_no_mark_on_what_was_in_it(desk: Desk) -> None:
    with_toys(desk)
    reference = ended(desk, perpetrator_things=(Thing(kind=ThingKind.PHONE, value=PHONE),))
    desk.refer(tied("2", PHONE))
    (phone,) = marks(desk).subjects
    mark(desk, "already-known", phone)
    decided(desk, desk.chair, reference, DESK_OWNER)
    retention.erase(desk.context(desk.coordinator), reference=reference, owner=DESK_OWNER)
    with desk.runtime.uow.unrecorded() as work:
        (stored,) = work.links.marks.of([SHARED.value])
    assert (stored.subject, stored.reason) == ((), None)


def test_a_subject_access_request_counts_each_current_mark_about_the_requester(desk: Desk) -> None:
    man = a_person("Dan", "Perp1")
    cases = desk.refer(tied("1"), tied("2", perpetrator=man)).referrals
    him, again = (perpetrator_of(desk, case) for case in cases)
    same_person.judge_same(
        desk.context(desk.coordinator), one=him, other=again, verdict=SameVerdict.SAME, why=WHY
    )
    counted = []
    for reason in ("already-known", "new-enquiry", None):
        mark(desk, reason, marks(desk, SERIAL).subjects[0], pattern=SERIAL.value)
        with desk.runtime.uow.unrecorded() as work:
            counted.append([work.links.marks.number_about([each]) for each in (him, again, "P-2222222")])
    assert counted == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_a_mark_that_is_removed_after_another_record_became_the_same_person_is_not_counted(
    desk: Desk,
) -> None:
    cases = desk.refer(
        *(tied(number, perpetrator=a_person("Dan", f"Perp{number}")) for number in ("1", "2", "3"))
    ).referrals
    people = [perpetrator_of(desk, case) for case in cases]
    counted = []
    for (one, other), reason in zip(pairwise(people), ("already-known", None), strict=True):
        same_person.judge_same(
            desk.context(desk.coordinator), one=one, other=other, verdict=SameVerdict.SAME, why=WHY
        )
        mark(desk, reason, marks(desk, SERIAL).subjects[0], pattern=SERIAL.value)
        with desk.runtime.uow.unrecorded() as work:
            counted.append([work.links.marks.number_about([each]) for each in people])
    assert counted == [[1, 1, 0], [0, 0, 0]]
