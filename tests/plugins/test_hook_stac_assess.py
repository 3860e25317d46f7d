"""The hook ``stac_assess``, answered by the agencies that ship, over an invented city."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from engine.domain.dates import PartialDate
from engine.domain.invented import InventedEpisode, InventedExtractTask, InventedPerson
from engine.domain.responses.answers import Failed
from engine.domain.responses.requests import CaseAsked, PersonAsked
from engine.hooks.registry import load_agencies
from engine.synthetic.city import invented_episodes, known_on

SEED, ON, COUNT = 20260302, date(2026, 3, 2), 60


def asked(episode: InventedEpisode) -> CaseAsked:
    return CaseAsked(
        reference=f"R-{episode.key}",
        on=ON,
        perpetrator=as_asked(episode.perpetrator),
        victim=as_asked(episode.victim),
        relationship=episode.relationship,
    )


def as_asked(person: InventedPerson) -> PersonAsked:
    return PersonAsked(
        forename=person.forename,
        surname=person.surname,
        date_of_birth=PartialDate.of(person.date_of_birth),
        sex=person.sex,
        identifiers=person.identifiers,
    )


def test_hook_stac_assess_is_answered_in_every_allowed_way_and_never_fails(tmp_path: Path) -> None:
    episodes = tuple(known_on(e, ON) for e in invented_episodes(SEED, count=COUNT, until=ON))
    kinds: dict[str, Counter[str]] = {}
    with load_agencies(tmp_path, today=lambda: ON) as agencies:
        for code in agencies.codes:
            written = agencies.write_synthetic(code, InventedExtractTask(seed=SEED, on=ON, episodes=episodes))
            assert written is None
            answers = [agencies.assess(code, asked(episode)) for episode in episodes]
            assert not [answer for answer in answers if isinstance(answer, Failed)]
            kinds[code] = Counter(answer.kind for answer in answers)
    assert all(counted["contribution"] and counted["nil return"] for counted in kinds.values())
    assert sum(counted["refused"] for counted in kinds.values()) > 0
