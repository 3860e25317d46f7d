"""stac_propose_actions, answered by the agencies that ship, in their own processes, over a city."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest

from engine.domain.conference.risk import Domain, Level
from engine.domain.invented import InventedEpisode, InventedExtractTask
from engine.domain.responses.answers import (
    AnswerState,
    DomainView,
    Failed,
    NilReturn,
    Professional,
    ProposedAction,
    Refused,
)
from engine.domain.responses.proposals import ActionsProposed, AnswerSeen
from engine.hooks.questions import PROPOSE, ToPropose
from engine.hooks.registry import Agencies, load_agencies
from engine.instruments.action_library import action_library
from engine.synthetic.city import invented_episodes, known_on
from tests.plugins.test_hook_stac_assess import COUNT, ON, SEED, asked


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


def another(*, levels: dict[Domain, Level] | None = None, proposes: str | None = None) -> AnswerSeen:
    """What an agency that is none of these has released."""
    return AnswerSeen(
        agency="another-agency",
        seat=None,
        state=AnswerState.CONTRIBUTION,
        says="Another agency has responded.",
        views=tuple(
            DomainView(
                domain=domain,
                level=level,
                reasons="The conduct went on after a warning.",
                recorded_by=Professional(name="Ines Madeup", post="Analyst"),
                recorded_on=ON,
            )
            for domain, level in (levels or {}).items()
        ),
        proposed_actions=(ProposedAction(says="An action.", library=proposes),) if proposes else (),
    )


def proposed(
    agencies: Agencies, code: str, *seen: AnswerSeen
) -> dict[str, ActionsProposed | Refused | Failed]:
    """What an agency proposes about each episode, when it may see these."""
    answers = agencies.ask_many(
        code, PROPOSE, [ToPropose(case=asked(episode), answers=seen) for episode in known_episodes()]
    )
    return dict(zip((episode.key for episode in known_episodes()), answers, strict=True))


def items(answers: dict[str, ActionsProposed | Refused | Failed]) -> set[str | None]:
    """The library's items among what was proposed."""
    return {a.library for each in answers.values() if isinstance(each, ActionsProposed) for a in each.actions}


def test_hook_stac_propose_actions_is_answered_by_every_agency_and_never_fails(agencies: Agencies) -> None:
    offered: dict[str, set[str | None]] = {}
    for code in agencies.codes:
        answers = proposed(agencies, code)
        assert not [each for each in answers.values() if isinstance(each, Failed)]
        offered[code] = items(answers)
    assert all(offered.values()), offered
    assert {"stalking-protection-order", "arrest-for-breach"} <= offered["police"]
    assert "safety-plan" in offered["advocacy"]


def test_each_item_named_is_of_the_library_and_usually_done_by_its_seat(agencies: Agencies) -> None:
    library = action_library()
    for code in agencies.codes:
        seat = agencies.manifest(code).seat
        for item in items(proposed(agencies, code)) - {None}:
            assert item is not None
            assert seat in library.find(item).seats, (code, item)


@pytest.mark.parametrize(
    ("code", "seen", "item"),
    [
        ("police", another(levels={Domain.VIOLENCE: Level.HIGH}), "threat-to-life-warning"),
        ("probation", another(levels={Domain.VIOLENCE: Level.HIGH}), "public-protection-referral"),
        ("health", another(levels={Domain.PERSISTENCE: Level.HIGH}), "psychological-intervention"),
        ("advocacy", another(levels={Domain.VIOLENCE: Level.HIGH}), "personal-alarm"),
        ("advocacy", another(proposes="threat-to-life-warning"), "stalking-advocate"),
    ],
)
def test_what_an_agency_may_see_of_another_leads_to_an_action_of_its_own(
    agencies: Agencies, code: str, seen: AnswerSeen, item: str
) -> None:
    without, beside = proposed(agencies, code), proposed(agencies, code, seen)

    led = [key for key in beside if item in items({key: beside[key]}) - items({key: without[key]})]
    assert led
    for key in led:  # and it says nothing of the item that led to it
        assert "another" not in beside[key].model_dump_json().casefold()


@pytest.mark.parametrize("level", [Level.LOW, Level.MODERATE, Level.UNABLE_TO_SAY, Level.DOES_NOT_APPLY])
def test_a_level_that_is_not_high_leads_to_no_action(agencies: Agencies, level: Level) -> None:
    seen = another(levels=dict.fromkeys(Domain, level))
    for code in agencies.codes:
        assert proposed(agencies, code, seen) == proposed(agencies, code)


def test_a_person_who_is_in_no_record_has_no_action_of_probation_health_or_advocacy(
    agencies: Agencies,
) -> None:
    high = another(levels=dict.fromkeys(Domain, Level.HIGH))
    for code in ("probation", "health", "advocacy"):
        unknown = [e for e in known_episodes() if isinstance(agencies.assess(code, asked(e)), NilReturn)]
        assert unknown
        for episode in unknown:
            put = ToPropose(case=asked(episode), answers=(high,))
            assert agencies.ask(code, PROPOSE, put) == ActionsProposed()


def test_an_agency_that_refuses_to_respond_refuses_to_propose_on_the_same_ground(agencies: Agencies) -> None:
    refusing = 0
    for code in ("health", "advocacy"):
        for episode in known_episodes():
            response = agencies.assess(code, asked(episode))
            given = agencies.ask(code, PROPOSE, ToPropose(case=asked(episode), answers=()))
            assert isinstance(given, Refused) == isinstance(response, Refused)
            if isinstance(response, Refused) and isinstance(given, Refused):
                refusing += 1
                assert given.ground is response.ground
    assert refusing


def test_the_case_is_cut_to_the_manifest_before_it_is_sent(agencies: Agencies) -> None:
    case = asked(known_episodes()[0])
    other = case.model_copy(update={"relationship": "a colleague", "victim": None})
    for code in ("police", "probation", "health"):
        one, two = (agencies.ask(code, PROPOSE, ToPropose(case=each, answers=())) for each in (case, other))
        assert one == two
