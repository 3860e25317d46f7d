"""A city of any size for the link graph, streamed into its tables. Written past the services, and so no test.

Each referral has two person records, two incidents, one to three things of the alleged perpetrator, most of
them shared by few and some by very many. Every third dyad is referred again and joined; some perpetrators
have another victim. One case in two hundred is restricted, one in fifty is not screened yet.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from engine.domain.ids import PREFIXES
from engine.links.record_kinds import link_number, node_of

_AT_ONCE = 10_000
_HUBS = 20
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXY"
_NAMES = ("Asha", "Ben", "Chidi", "Dana", "Ewa", "Femi", "Grace", "Hana")
_SURNAMES = ("Adeyemi", "Brown", "Clarke", "Das", "Evans", "Farah", "Green", "Hughes")
_INSERTS = {
    "episode": "id, ref, created_at, restricted",
    "involvement": "id, ref, own_episode_id, episode_id, source, source_reference, state, triage_outcome, "
    "received_at, version",
    "person_record": "id, ref, involvement_id, owner, described, created_at",
    "incident": "id, ref, involvement_id, kind, channel, happened",
    "link": "start_node, end_node, kind, role, day, precision, grade, source, case_id, release_class",
    "link_same": "one_node, other_node, because, case_id, other_case_id",
    "link_case": "case_id, turn, at",
}


def fill(database: Path, *, persons: int, seed: int, at: datetime) -> None:
    """Write so many person records, two for each referral."""
    chance = random.Random(seed)
    things = max(_HUBS + 1, persons * 2 // 5)
    with closing(sqlite3.connect(database)) as here:
        here.execute("pragma synchronous = off")
        here.execute("insert into link_word (id, word) values (1, 'borough-desk')")
        for part in _parts(range(1, things + 1)):
            here.executemany(
                "insert into link_object (id, ref, kind, compared) values (?, ?, 'phone', ?)",
                [(number, _reference("object", number), f"07{number:09}") for number in part],
            )
        people: dict[int, tuple[int, int]] = {}
        for part in _parts(range(1, persons // 2 + 1)):
            rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _INSERTS}
            for case in part:
                _case(rows, case, chance, things, people, at)
            for table, columns in _INSERTS.items():
                marks = ", ".join("?" * len(columns.split(",")))
                here.executemany(f"insert or ignore into {table} ({columns}) values ({marks})", rows[table])
            here.commit()
        here.execute("update link_head set turn = 1")
        here.execute("analyze")
        here.commit()


def _case(
    rows: dict[str, list[tuple[Any, ...]]],
    case: int,
    chance: random.Random,
    things: int,
    people: dict[int, tuple[int, int]],
    at: datetime,
) -> None:
    received = at - timedelta(days=chance.randrange(2_000))
    written = received.strftime("%Y-%m-%d %H:%M:%S.000000")
    again = chance.randrange(1, case) if case > 1 and chance.random() < 0.3 else 0
    him, her = case * 2 - 1, case * 2
    state = "not screened" if chance.random() < 0.02 else "in delivery"
    rows["episode"].append((case, _reference("episode", case), written, chance.random() < 0.005))
    rows["involvement"].append(
        (
            case,
            _reference("involvement", case),
            case,
            case,
            "borough-desk",
            str(case),
            state,
            None,
            written,
            1,
        )
    )
    for person in (him, her):
        told = f'{{"forename": "{chance.choice(_NAMES)}", "surname": "{chance.choice(_SURNAMES)}"}}'
        rows["person_record"].append(
            (person, _reference("person", person), case, "borough-desk", told, written)
        )
    day = received.toordinal()
    for person, role in ((him, 1), (her, 2)):
        rows["link"].append(_link("person", person, "referral", case, "referred in", role, day, case))
    for number in (case * 2 - 1, case * 2):
        happened = received - timedelta(days=chance.randrange(60))
        rows["incident"].append(
            (number, _reference("incident", number), case, "following", "in person", f"{happened:%Y-%m-%d}")
        )
        for person, role in ((him, 1), (her, 2)):
            rows["link"].append(
                _link("person", person, "incident", number, "involved in", role, happened.toordinal(), case)
            )
    for _ in range(1 + chance.randrange(3)):
        thing = chance.randrange(1, _HUBS + 1) if chance.random() < 0.01 else chance.randrange(1, things + 1)
        rows["link"].append(_link("person", him, "phone", thing, "uses", 0, day, case))
    people[case] = (him, her)
    if again:
        was_him, was_her = people[again]
        both = chance.random() < 0.7
        rows["link_same"].append((node_of("person", was_him), node_of("person", him), 1, case, again))
        if both:
            rows["link_same"].append((node_of("person", was_her), node_of("person", her), 1, case, again))
    rows["link_case"].append((case, 1, written))


def _link(
    start: str, one: int, end: str, other: int, kind: str, role: int, day: int, case: int
) -> tuple[int, ...]:
    return (node_of(start, one), node_of(end, other), link_number(kind), role, day, 3, 0, 1, case, 0)


def _reference(kind: str, number: int) -> str:
    """Like a public reference, and no two alike: a million random ones would not be."""
    left, body = number * 1_000_003 % len(_SIGNS) ** 7, ""
    for _ in range(7):
        left, place = divmod(left, len(_SIGNS))
        body += _SIGNS[place]
    return f"{PREFIXES[kind]}-{body}"


def _parts(numbers: range) -> Iterator[range]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield numbers[start : start + _AT_ONCE]
