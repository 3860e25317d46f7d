"""Who learns of protected places on many cases at once: the same as on each alone."""

from __future__ import annotations

import pytest

from engine.domain.accounts.acting import Acting
from engine.domain.cases.involvement import EpisodeVerdict
from engine.services.access.conflicts import say_of
from engine.services.referrals.screening import screen
from engine.services.vault.access_requests import name_safe_contact
from engine.services.vault.permissions import learns_of_places, learns_of_places_on, officers_on
from tests.builders import MONDAY, Desk, a_person, a_referral, a_screening, in_one_entry, with_toys
from tests.differential import statements_of


@pytest.fixture
def workers(desk: Desk) -> dict[str, Acting]:
    return with_toys(desk)


def screened(desk: Desk, number: str, *people: str) -> str:
    him, her = a_person("Otto", f"P{number}"), a_person("Vera", f"V{number}")
    (reference,) = desk.refer(a_referral(number, perpetrator=him, victim=her)).referrals
    screen(desk.context(desk.coordinator), reference=reference, screening=a_screening(people=people))
    return reference


@pytest.mark.both
def test_many_cases_at_once_give_what_each_gives_alone(desk: Desk, workers: dict[str, Acting]) -> None:
    people = tuple(worker.user for worker in workers.values())
    harbour, lantern, voice = (workers[code] for code in ("harbour", "lantern", "voice"))
    nobody, officer, connected = (screened(desk, number, *people) for number in "123")
    (not_screened,) = desk.refer(a_referral("4")).referrals
    for case in (officer, connected):
        name_safe_contact(desk.context(desk.chair), reference=case, user=lantern.user)
    chair = desk.context(desk.chair)
    say_of(chair, reference=connected, user=lantern.user, is_connected=True, why="A cousin.")
    cases = [not_screened, connected, officer, nobody]
    known = desk.runtime.agencies_known
    learn: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {}
    with in_one_entry(desk.runtime) as work:
        assert officers_on(work, cases) == {officer: lantern.user}
        for acting in (harbour, lantern, voice):
            at_once = learns_of_places_on(work, acting, cases, known)
            assert at_once.cases == tuple(
                case for case in cases if learns_of_places(work, acting, case, known)
            )
            learn[acting.user] = at_once
    assert learn[harbour.user] == ((), frozenset())
    assert learn[lantern.user] == ((officer,), frozenset({officer}))
    assert learn[voice.user] == ((connected, nobody), frozenset())


def test_an_officer_who_has_left_is_none_and_the_newest_one_applies(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    people = tuple(worker.user for worker in workers.values())
    case = screened(desk, "1", *people)
    for code in ("lantern", "harbour"):
        name_safe_contact(desk.context(desk.chair), reference=case, user=workers[code].user)
    with in_one_entry(desk.runtime) as work:
        assert officers_on(work, [case]) == {case: workers["harbour"].user}
        work.cases.unname(workers["harbour"].user)
        assert officers_on(work, [case]) == {}


def test_of_a_joined_case_the_newest_naming_on_any_referral_applies(
    desk: Desk, workers: dict[str, Acting]
) -> None:
    people = tuple(worker.user for worker in workers.values())
    first, second = (screened(desk, number, *people) for number in "12")
    chair = desk.context(desk.chair)
    with in_one_entry(desk.runtime) as work:
        episode = work.cases.get(first).episode
        joined = EpisodeVerdict.JOINED
        work.cases.judge_episode(second, episode, verdict=joined, by="chair", why="Same.", at=MONDAY)
    for case, code in ((first, "harbour"), (second, "lantern"), (first, "voice")):
        name_safe_contact(chair, reference=case, user=workers[code].user)
        with in_one_entry(desk.runtime) as work:
            assert officers_on(work, [first, second]) == dict.fromkeys((first, second), workers[code].user)


def test_more_cases_take_no_more_statements(desk: Desk, workers: dict[str, Acting]) -> None:
    people = tuple(worker.user for worker in workers.values())
    cases = [screened(desk, number, *people) for number in "123456"]
    known, sent = desk.runtime.agencies_known, []
    for case in cases[:5]:
        name_safe_contact(desk.context(desk.chair), reference=case, user=workers["lantern"].user)
    for some in (cases[4:], cases):
        with in_one_entry(desk.runtime) as work, statements_of(desk) as statements:
            learns_of_places_on(work, workers["lantern"], some, known)
        sent.append(len(statements))
    assert sent[0] == sent[1]
