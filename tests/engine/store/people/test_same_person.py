"""Words on persons, proposals and sealed searches, on both databases."""

from __future__ import annotations

from typing import Any

from engine.domain.people.same_person import SameVerdict
from engine.domain.people.search import SeenBeforeAsked
from engine.services.people import same_person
from engine.services.people import search as person_search
from tests.builders import SAFE_PHONE, Desk, a_person, a_referral


def two_alike(desk: Desk) -> None:
    desk.refer(
        a_referral("1", perpetrator=a_person("Daniel", "Roe")),
        a_referral("2", perpetrator=a_person("Dan", "Roe"), victim=a_person("Nadia", "Lowe")),
    )


def test_a_pair_waits_is_judged_undone_and_waits_again(desk: Desk) -> None:
    two_alike(desk)
    here: dict[str, Any] = {"context": desk.context(desk.coordinator)}
    before = same_person.review_queue(**here)
    assert before.item is not None
    pair: dict[str, Any] = {"one": before.item.one.person, "other": before.item.other.person}
    same_person.judge_same(**here, **pair, verdict=SameVerdict.SAME, why="One photograph.")
    assert same_person.review_queue(**here).total == 0
    assert len(same_person.same_person(**here, person=pair["one"]).people) == 2
    same_person.take_back_same(**here, **pair, why="Another man.")
    after = same_person.review_queue(**here, blind=True)
    assert after.item is not None
    assert (after.total, after.item.one, after.item.other) == (1, before.item.one, before.item.other)


def test_a_search_is_kept_looked_into_dealt_with_and_counted(desk: Desk) -> None:
    two_alike(desk)
    here: dict[str, Any] = {"context": desk.context(desk.coordinator)}
    asked = SeenBeforeAsked.model_validate(
        {"perpetrator": {"forename": "Daniel", "surname": "Roe"}, "phone": SAFE_PHONE}
    )
    found = person_search.seen_before(**here, asked=asked)
    assert (len(found.listed), found.left_today) == (2, 39)
    (search,) = person_search.searches_sent(**here).waiting
    assert {hit.on for hit in search.found} == {("a protected phone",)}
    person_search.deal_with_search(desk.context(desk.chair), search=search.reference)
    assert person_search.searches_sent(**here).waiting == ()
