"""Invented London of any size in the tables of the link graph, streamed. Past the services, and so no test.

Who stalks whom, how often, with which incidents, who is referred again and who has another victim is the city
of ``engine.synthetic``. Added to it: things that strangers share, a few of them very many, for its people
share none; one case in two hundred is restricted and one in fifty not screened yet.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.domain.ids import PREFIXES
from engine.domain.invented import InventedEpisode, InventedIncident
from engine.links.record_kinds import link_number, node_of
from engine.synthetic.city import invented_episodes
from engine.synthetic.figures import figures

_AT_ONCE = 10_000
_HUBS = 20
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXY"
_DESK = "borough-desk"
_YEARS = 10.0
_OWN = {
    "phone": "phone_given",
    "email": "email_given",
    "account": "account_given",
    "vehicle": "vehicle_given",
}
_SHARED = (0, 0, 1, 1, 2)
"""How many things of a perpetrator strangers use too: an assumption, for no rate was found."""
_INSERTS = {
    "link_object": "id, ref, kind, compared",
    "episode": "id, ref, created_at, restricted",
    "involvement": "id, ref, own_episode_id, episode_id, source, source_reference, state, triage_outcome, "
    "received_at, version",
    "person_record": "id, ref, involvement_id, owner, described, created_at",
    "incident": "id, ref, involvement_id, kind, channel, happened",
    "link": "start_node, end_node, kind, role, day, precision, grade, source, case_id, release_class, given",
    "link_same": "one_node, other_node, because, case_id, other_case_id",
    "link_case": "case_id, turn, at",
}


def fill(database: Path, *, persons: int, seed: int, at: datetime) -> None:
    """Write so many person records, two for each referral; only what is at hand is held in memory."""
    chance = random.Random(seed)
    pool = _HUBS + max(1, persons // 12)
    with closing(sqlite3.connect(database)) as here:
        here.execute("pragma synchronous = off")
        here.execute("insert into link_word (id, word) values (1, 'borough-desk')")
        for start in range(1, pool + 1, _AT_ONCE):
            here.executemany(
                f"insert into link_object ({_INSERTS['link_object']}) values (?, ?, ?, ?)",
                [_object(number, "phone") for number in range(start, min(start + _AT_ONCE, pool + 1))],
            )
        city = _City(chance, pool=pool, at=at)
        for rows in _parts(city.strands(seed, persons // 2), city):
            for table, columns in _INSERTS.items():
                marks = ", ".join("?" * len(columns.split(",")))
                here.executemany(f"insert into {table} ({columns}) values ({marks})", rows[table])
            here.commit()
        here.execute("update link_head set turn = 1")
        here.execute("analyze")
        here.commit()


class _City:
    """Turns strands of invented episodes into rows, one referral after the other."""

    def __init__(self, chance: random.Random, *, pool: int, at: datetime) -> None:
        self._chance, self._pool, self._at = chance, pool, at
        self._case = self._incident = 0
        self._object = pool
        self.rows = _no_rows()

    def strands(self, seed: int, referrals: int) -> Iterator[None]:
        """Write strand after strand until there are so many referrals; a step for each episode."""
        until, again = self._at.date(), figures().rate("referred_again")
        stalker, his, things = "", list[tuple[int, int]](), list[tuple[str, int]]()
        for episode in invented_episodes(seed, count=referrals, until=until, years=_YEARS):
            if episode.perpetrator.key != stalker:
                stalker, his, things = episode.perpetrator.key, [], self._things(episode)
            first = self._referral(episode, episode.incidents, things)
            his.append(first)
            self._judge_same(his)
            yield
            if self._case < referrals and self._chance.random() < again:
                second = self._referral(episode, episode.incidents[-2:], things)
                for side in (0, 1):
                    self._same(first[side], second[side], because=1)
                yield
            if self._case >= referrals:
                return

    def _things(self, episode: InventedEpisode) -> list[tuple[str, int]]:
        """His own, and some that strangers use too: of those London has none, and every register has."""
        own = [kind for kind, rate in _OWN.items() if self._chance.random() < figures().rate(rate)]
        found = []
        for kind in own:
            self._object += 1
            self.rows["link_object"].append(_object(self._object, kind))
            found.append((kind, self._object))
        for _ in range(self._chance.choice(_SHARED)):
            is_hub = self._chance.random() < 0.01
            found.append(("phone", 1 + self._chance.randrange(_HUBS if is_hub else self._pool)))
        return found

    def _referral(
        self,
        episode: InventedEpisode,
        incidents: Sequence[InventedIncident],
        things: list[tuple[str, int]],
    ) -> tuple[int, int]:
        self._case += 1
        case, rows, chance = self._case, self.rows, self._chance
        him, her = case * 2 - 1, case * 2
        written = f"{episode.referred_on} 09:00:00.000000"
        state = "not screened" if chance.random() < 0.02 else "in delivery"
        rows["episode"].append((case, _reference("episode", case), written, chance.random() < 0.005))
        rows["involvement"].append(
            (case, _reference("involvement", case), case, case, _DESK, str(case), state, None, written, 1)
        )
        both = ((him, 1, episode.perpetrator), (her, 2, episode.victim))
        for person, role, who in both:
            value = json.dumps({"forename": who.forename, "surname": who.surname})
            rows["person_record"].append((person, _reference("person", person), case, _DESK, value, written))
            day = episode.referred_on.toordinal()
            rows["link"].append(_link("person", person, "referral", case, "referred in", role, day, case))
        for incident in incidents:
            self._incident += 1
            number = self._incident
            told_as = (incident.kind.value, incident.channel.value, str(incident.happened))
            rows["incident"].append((number, _reference("incident", number), case, *told_as))
            on = incident.happened.earliest.toordinal()
            for person, role, _ in both:
                rows["link"].append(
                    _link("person", person, "incident", number, "involved in", role, on, case)
                )
        for kind, thing in things:
            day = episode.referred_on.toordinal()
            rows["link"].append(_link("person", him, kind, thing, "uses", 0, day, case, f"{thing:011}"))
        rows["link_case"].append((case, 1, written))
        return him, her

    def _judge_same(self, his: list[tuple[int, int]]) -> None:
        """The same perpetrator of another victim, each two of the records."""
        for earlier, _ in his[:-1]:
            self._same(earlier, his[-1][0], because=3)

    def _same(self, one: int, other: int, *, because: int) -> None:
        cases = ((one + 1) // 2, (other + 1) // 2)
        self.rows["link_same"].append((node_of("person", one), node_of("person", other), because, *cases))


def _parts(steps: Iterator[None], city: _City) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
    for number, _ in enumerate(steps, start=1):
        if number % _AT_ONCE == 0:
            yield city.rows
            city.rows = _no_rows()
    yield city.rows


def _no_rows() -> dict[str, list[tuple[Any, ...]]]:
    return {table: [] for table in _INSERTS}


def _object(number: int, kind: str) -> tuple[int, str, str, str]:
    return number, _reference("object", number), kind, f"{number:011}"


def _link(
    start: str,
    one: int,
    end: str,
    other: int,
    kind: str,
    role: int,
    day: int,
    case: int,
    given: str | None = None,
) -> tuple[int | str | None, ...]:
    return (node_of(start, one), node_of(end, other), link_number(kind), role, day, 3, 0, 1, case, 0, given)


def _reference(kind: str, number: int) -> str:
    """Like a public reference, and no two alike: a million random ones would not be."""
    left, body = number * 1_000_003 % len(_SIGNS) ** 7, ""
    for _ in range(7):
        left, place = divmod(left, len(_SIGNS))
        body += _SIGNS[place]
    return f"{PREFIXES[kind]}-{body}"
