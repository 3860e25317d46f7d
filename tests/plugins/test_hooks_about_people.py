"""The hooks about a person, answered by the agencies that ship, each in its own process."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.domain.agencies.people import PeopleFound, SubjectAccessResult
from engine.domain.invented import InventedEpisode, InventedExtractTask
from engine.domain.responses.answers import Failed, FailureReason, NilReturn
from engine.domain.responses.requests import PersonAsked
from engine.hooks.questions import FIND_PEOPLE, SUBJECT_ACCESS
from engine.hooks.registry import Agencies, load_agencies
from engine.synthetic.city import invented_episodes, known_on
from tests.plugins.test_hook_stac_assess import COUNT, ON, SEED, as_asked, asked


@cache
def known_episodes() -> tuple[InventedEpisode, ...]:
    """Made when the first test asks."""
    return tuple(known_on(e, ON) for e in invented_episodes(SEED, count=COUNT, until=ON))


@pytest.fixture(scope="module")
def agencies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agencies]:
    with load_agencies(tmp_path_factory.mktemp("home"), today=lambda: ON) as loaded:
        for code in loaded.codes:
            task = InventedExtractTask(seed=SEED, on=ON, episodes=known_episodes())
            assert loaded.write_synthetic(code, task) is None
        yield loaded


def whom(agencies: Agencies, code: str, episode: InventedEpisode) -> PersonAsked:
    """The person whom the agency is asked about."""
    about = agencies.manifest(code).about
    return as_asked(episode.victim if about == "victim" else episode.perpetrator)


def not_answered(answer: object) -> bool:
    return isinstance(answer, Failed) and answer.reason is FailureReason.NOT_ANSWERED


def test_hook_stac_find_people_finds_whoever_an_assessment_finds(agencies: Agencies) -> None:
    answering = set()
    for code in agencies.codes:
        for episode in known_episodes():
            found = agencies.ask(code, FIND_PEOPLE, whom(agencies, code, episode))
            if not_answered(found):
                break
            assert isinstance(found, PeopleFound)
            answering.add(code)
            if isinstance(agencies.assess(code, asked(episode)), NilReturn):
                assert not any(each.matched_on.confirmed for each in found.found)
    assert {"police", "probation", "health"} <= answering


def test_hook_stac_subject_access_is_answered_by_every_agency_and_says_where_it_looked(
    agencies: Agencies,
) -> None:
    holding = set()
    for code in agencies.codes:
        for episode in known_episodes():
            answer = agencies.ask(code, SUBJECT_ACCESS, whom(agencies, code, episode))
            assert isinstance(answer, SubjectAccessResult)
            assert answer.looked_in
            if answer.items or answer.gaps:
                holding.add(code)
    assert holding == set(agencies.codes)


def test_many_cases_in_messages_are_answered_as_one_by_one(agencies: Agencies) -> None:
    cases = [asked(episode) for episode in known_episodes()]
    for code in agencies.codes:
        assert list(agencies.assess_many(code, cases)) == [agencies.assess(code, case) for case in cases]


def test_the_agencies_that_ship_start_within_their_limits_and_without_a_fault(tmp_path: Path) -> None:
    with load_agencies(tmp_path) as agencies:
        assert agencies.faults() == ()
