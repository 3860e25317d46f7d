"""Patterns of the week: what the referrals of seven days made or enlarged, and nothing known before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from engine.domain.accounts.acting import Acting, Role
from engine.domain.errors import NotPermittedError
from engine.services.access import restrictions
from engine.services.links import week
from engine.services.links.week import PatternsOfWeek, patterns_of_week
from tests.builders import Desk, a_desk, a_person
from tests.engine.services.links.test_saved_searches import (
    PHONE,
    WHY,
    _judged_the_same,
    perpetrator_of,
    screen,
    tied,
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as made:
        yield made


def found_by(desk: Desk, acting: Acting | None = None, most_links: int | None = None) -> PatternsOfWeek:
    found = patterns_of_week(
        desk.context(acting or desk.coordinator),
        snapshots=desk.runtime.link_snapshots,
        most_links=most_links,
    )
    assert found is not None
    return found


def shared(found: PatternsOfWeek) -> list[tuple[str, ...]]:
    """Who was added to each shared thing of the week; nobody where the finding is new."""
    return [each.added for each in found.found if each.pattern == "shared-object"]


def test_a_pattern_is_new_in_the_week_that_made_it_and_known_a_week_later(desk: Desk) -> None:
    desk.refer(tied("1", PHONE))
    desk.clock.forward(timedelta(days=8))
    assert (found_by(desk).found, found_by(desk).referrals) == ((), 0)
    desk.refer(tied("2", PHONE))
    assert (shared(found_by(desk)), found_by(desk).referrals) == ([()], 1)
    desk.clock.forward(timedelta(days=8))
    assert (found_by(desk).found, found_by(desk).referrals) == ((), 0)


def test_one_more_person_of_a_known_pattern_is_news_by_name(desk: Desk) -> None:
    desk.refer(tied("1", PHONE), tied("2", PHONE))
    desk.clock.forward(timedelta(days=8))
    (third,) = desk.refer(tied("3", PHONE)).referrals
    assert shared(found_by(desk)) == [(perpetrator_of(desk, third),)]


def test_a_further_referral_about_the_same_person_adds_nobody(desk: Desk) -> None:
    desk.refer(tied("1", PHONE))
    (known,) = desk.refer(tied("2", PHONE)).referrals
    desk.clock.forward(timedelta(days=8))
    same = a_person("Dan", "Perp2")
    (again,) = desk.refer(tied("3", PHONE, perpetrator=same, victim=a_person("Vic", "Victim2"))).referrals
    _judged_the_same(desk, known, again)
    assert shared(found_by(desk)) == []


def test_a_referral_that_shows_two_to_be_one_makes_no_pattern_new(desk: Desk) -> None:
    """The earlier search knows the person by two records, of which the later one has the first."""
    man = a_person("Dan", "Perp1")
    cases = desk.refer(
        tied("0", "07700 900555"),
        tied("1", perpetrator=man),
        tied("2", PHONE, "07700 900555", perpetrator=man),
    ).referrals
    desk.clock.forward(timedelta(days=8))
    assert shared(found_by(desk)) == []
    (new,) = desk.refer(tied("3", perpetrator=man, victim=a_person("Vic", "Victim2"))).referrals
    _judged_the_same(desk, cases[1], new)
    _judged_the_same(desk, cases[2], new)
    assert shared(found_by(desk)) == []


def test_what_is_hidden_makes_no_difference_to_what_is_new(desk: Desk) -> None:
    """A hidden case made the pattern long ago: for whoever does not see it, this week's referral makes it."""
    ana = desk.add("ana", Role.ANALYST)
    seen, hidden = desk.refer(tied("1", PHONE), tied("2", PHONE)).referrals
    screen(desk, seen, hidden)
    restrictions.restrict(desk.context(desk.chair).with_agencies(()), reference=hidden, why=WHY)
    desk.clock.forward(timedelta(days=8))
    (new,) = desk.refer(tied("3", PHONE)).referrals
    screen(desk, new)
    assert shared(found_by(desk, ana)) == [()]
    assert shared(found_by(desk, desk.chair)) == [(perpetrator_of(desk, new),)]


def test_a_large_record_is_not_searched_unasked_and_who_may_see_no_links_never(desk: Desk) -> None:
    desk.refer(tied("1", PHONE), tied("2", PHONE))
    snapshots = desk.runtime.link_snapshots
    assert patterns_of_week(desk.context(desk.coordinator), snapshots=snapshots, most_links=3) is None
    assert found_by(desk, most_links=10_000) == found_by(desk)
    with pytest.raises(NotPermittedError):
        patterns_of_week(desk.context(desk.add("adam", Role.ADMINISTRATOR)), snapshots=snapshots)


def test_only_what_is_near_a_referral_of_the_week_is_searched_and_nothing_is_missed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = [f"07700 9001{number:02}" for number in range(12)]
    old = [tied(str(at), phones[at], phones[at + 1]) for at in range(10)]
    desk.refer(*old)
    desk.clock.forward(timedelta(days=8))
    desk.refer(tied("30", phones[0], phones[5]), tied("31", phones[11], perpetrator=a_person("Dan", "Perp3")))
    near = found_by(desk)
    assert len(near.found) > 1
    monkeypatch.setattr(week, "REACH", 60)
    assert found_by(desk) == near
