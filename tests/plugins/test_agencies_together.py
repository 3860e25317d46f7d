"""The four agencies through their own processes, on an invented city: what holds for every answer of each."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from engine.domain.conference.risk import Domain
from engine.domain.dates import PartialDate
from engine.domain.invented import InventedEpisode, InventedExtractTask, InventedPerson
from engine.domain.responses.answers import Contribution, Failed, FailureReason, NilReturn, Refused
from engine.domain.responses.requests import CaseAsked, IncidentAsked, PersonAsked
from engine.hooks.registry import Agencies, agencies_folder, load_agencies
from engine.synthetic.city import invented_episodes
from tests.seals import sealed

ON = date(2026, 11, 24)
AGENCIES = ("advocacy", "health", "police", "probation")
Answers = dict[str, list[tuple[InventedEpisode, Contribution | NilReturn | Refused | Failed]]]


@cache
def episodes() -> tuple[InventedEpisode, ...]:
    """A hundred and fifty, made when the first test asks."""
    return tuple(invented_episodes(7, count=150, until=ON))


@cache
def task() -> InventedExtractTask:
    """Their extract."""
    return InventedExtractTask(seed=7, on=ON, episodes=episodes())


def case_of(episode: InventedEpisode, *, numbers: bool = True) -> CaseAsked:
    return CaseAsked(
        reference=f"R-{episode.key}",
        on=episode.referred_on,
        perpetrator=asked(episode.perpetrator, numbers=numbers),
        victim=asked(episode.victim, numbers=numbers),
        relationship=episode.relationship,
        incidents=tuple(
            IncidentAsked(happened=each.happened, kind=each.kind.value, crime_reference=each.crime_reference)
            for each in episode.incidents
        ),
    )


def asked(person: InventedPerson, *, numbers: bool) -> PersonAsked:
    return PersonAsked(
        forename=person.forename,
        surname=person.surname,
        date_of_birth=PartialDate.of(person.date_of_birth),
        sex=person.sex,
        identifiers=person.identifiers if numbers else (),
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def agencies(home: Path) -> Iterator[Agencies]:
    with load_agencies(home, today=lambda: ON) as loaded:
        assert [loaded.write_synthetic(code, task()) for code in AGENCIES] == [None] * 4
        yield loaded


@pytest.fixture(scope="module")
def answers(agencies: Agencies) -> Answers:
    """Every agency's answer on every episode; each agency asked from a thread of its own."""
    found: Answers = {}

    def ask(code: str) -> None:
        found[code] = [
            (episode, agencies.assess(code, case_of(episode, numbers=place % 2 == 0)))
            for place, episode in enumerate(episodes())
        ]

    threads = [threading.Thread(target=ask, args=(code,)) for code in AGENCIES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_every_kind_of_answer_comes_up_and_none_is_a_failure(answers: Answers) -> None:
    kinds = {code: Counter(answer.kind for _, answer in given) for code, given in answers.items()}

    assert all(kinds[code]["failed"] == 0 for code in AGENCIES), [
        answer.says for given in answers.values() for _, answer in given if isinstance(answer, Failed)
    ]
    assert all(kinds[code]["contribution"] > 10 for code in AGENCIES)
    assert all(kinds[code]["nil return"] > 0 for code in AGENCIES)
    assert kinds["health"]["refused"] > 0
    assert kinds["police"]["contribution"] > kinds["health"]["contribution"]


def test_every_finding_points_at_a_record_of_the_agency_s_own_extract(answers: Answers, home: Path) -> None:
    for code, given in answers.items():
        extract = "".join(file.read_text() for file in agencies_folder(home, code).iterdir())
        pointers = {
            pointer.record
            for _, answer in given
            if isinstance(answer, Contribution)
            for records in (*(f.records for f in answer.findings), *(v.records for v in answer.voices))
            for pointer in records
        }
        assert pointers
        assert [record for record in pointers if record not in extract] == []


def test_every_view_was_recorded_by_a_named_professional_before_the_day_of_asking(answers: Answers) -> None:
    for given in answers.values():
        views = [
            (episode, view)
            for episode, answer in given
            if isinstance(answer, Contribution)
            for view in answer.views
        ]
        assert views
        assert all(view.recorded_on <= episode.referred_on for episode, view in views)
        assert all(view.how_soon is None for _, view in views if view.domain is not Domain.VIOLENCE)


def test_what_is_said_names_nobody_and_finds_nobody(answers: Answers) -> None:
    for given in answers.values():
        for episode, answer in given:
            result = answer
            if isinstance(result, Contribution):
                result = result.model_copy(update={"protected": ()})
            text = result.model_dump_json()
            victim = episode.victim
            secrets = (
                victim.surname,
                victim.phone,
                victim.email,
                victim.address,
                victim.postcode,
                victim.workplace,
            )
            assert not any(secret in text for secret in (*secrets, episode.perpetrator.surname))
            assert "CLINICAL-NOTE" not in text


def test_only_the_victim_s_voice_gives_protected_values(answers: Answers) -> None:
    protecting = {
        code
        for code, given in answers.items()
        for _, answer in given
        if isinstance(answer, Contribution) and answer.protected
    }

    assert protecting == {"advocacy"}


def test_the_same_seed_writes_the_same_extract_and_the_same_question_has_the_same_answer(
    agencies: Agencies, answers: Answers, home: Path
) -> None:
    for code in AGENCIES:
        before = agencies.records(code).digest
        assert agencies.write_synthetic(code, task()) is None
        assert agencies.records(code).digest == before
        assert agencies.records(code).dated == ON
        episode, answer = answers[code][0]
        assert agencies.assess(code, case_of(episode)) == answer


@pytest.mark.parametrize(
    ("code", "file"),
    [
        ("police", "incidents.csv"),
        ("probation", "supervision.csv"),
        ("health", "records.jsonl"),
        ("advocacy", "clients.jsonl"),
    ],
)
def test_a_half_written_extract_is_a_failure_and_silences_no_other(
    tmp_path: Path, code: str, file: str
) -> None:
    few = task().model_copy(update={"episodes": episodes()[:40]})
    other = "health" if code == "police" else "police"
    with load_agencies(tmp_path, today=lambda: ON) as agencies:
        for each in (code, other):
            assert agencies.write_synthetic(each, few) is None
        damaged = agencies_folder(tmp_path, code) / file
        damaged.write_bytes(damaged.read_bytes()[:-20])
        sealed(damaged.parent, on=ON)

        answer = agencies.assess(code, case_of(episodes()[0]))

        assert isinstance(answer, Failed)
        assert answer.reason is FailureReason.BAD_RECORDS
        assert file in answer.says
        assert not isinstance(agencies.assess(other, case_of(episodes()[0])), Failed)


def test_an_agency_without_an_extract_fails_and_does_not_look_like_a_nil_return(tmp_path: Path) -> None:
    with load_agencies(tmp_path) as agencies:
        answer = agencies.assess("police", case_of(episodes()[0]))

    assert isinstance(answer, Failed)
    assert answer.reason is FailureReason.EXTRACT_NOT_WHOLE
    assert answer.says == (
        "police: its extract cannot be relied on: extract.json was not found, so it is not known if the "
        "extract is whole; 'stac agency seal police' writes it for an extract that is"
    )
