"""A new person against 1,000,000 known, and "seen before?" among them; beside one look-up of one key."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.measured import Measured
from engine.clock import SystemClock
from engine.domain.accounts.acting import Acting
from engine.domain.dates import PartialDate
from engine.domain.people.persons import ClaimedRole, PersonDescribed, Sex
from engine.domain.people.search import SeenBeforeAsked
from engine.identity.forms import FORMS_VERSION, PersonForm, form_of, number_of
from engine.identity.lookup import kept_keys, number_keys
from engine.runtime import Runtime, initialise
from engine.services.accounts import users
from engine.services.people.matching import likely_persons
from engine.services.people.search import seen_before
from engine.store.repositories.access.visibility import EVERYTHING
from engine.store.repositories.people.normal_forms import KnownForm
from engine.synthetic.persons import invented_name

PERSONS = 1_000_000
PROBES = 400
QUESTIONS = 100
SEED = 3
_AT_ONCE = 20_000
_AT = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None).isoformat(sep=" ")


def measure() -> list[Measured]:
    """Median and 99th percentile of each, warm, at full size."""
    with tempfile.TemporaryDirectory(prefix="stac-bench-") as folder, a_register(Path(folder), PERSONS) as it:
        runtime, acting = it
        known = sorted(_times(lambda probe: _likely(runtime, probe), probes(PERSONS, PROBES)))
        keyed = sorted(_times(lambda probe: _one_key(runtime, probe), probes(PERSONS, PROBES)))
        asked = sorted(_times(lambda probe: ask(runtime, acting, probe), probes(PERSONS, QUESTIONS)))
    against = "one look-up of one key, in a transaction of its own"
    return [
        Measured(name=name, figure=figure, unit="ms", target=target, yardstick=beside, against=against)
        for name, figure, target, beside in (
            (f"new person against {PERSONS:,}, median", _at(known, 0.5), 5.0, _at(keyed, 0.5)),
            ("the same, 99th percentile", _at(known, 0.99), 50.0, _at(keyed, 0.99)),
            (f"seen before? among {PERSONS:,}, median", _at(asked, 0.5), 1_000.0, _at(keyed, 0.5)),
            ("the same, 99th percentile", _at(asked, 0.99), 1_000.0, _at(keyed, 0.99)),
        )
    ]


class a_register:  # noqa: N801  # reads as what it gives
    """A record of so many invented people, written in bulk; two to a referral."""

    def __init__(self, home: Path, persons: int) -> None:
        self._home, self._persons = home / "home", persons

    def __enter__(self) -> tuple[Runtime, Acting]:
        self._runtime = initialise({"STAC_HOME": str(self._home)}, clock=SystemClock())
        first = users.add_first_user(uow=self._runtime.uow, clock=self._runtime.clock, name="bench")
        assert first is not None
        with closing(sqlite3.connect(self._home / "stac.db")) as record:
            _fill(record, self._persons)
        self._runtime.settings = self._runtime.settings.model_copy(update={"seen_before_per_day": 1_000})
        return self._runtime, first.acting()

    def __exit__(self, *_: object) -> None:
        self._runtime.close()


def described(number: int) -> PersonDescribed:
    """One invented person, the same for the same number."""
    chance = Random(SEED * 1_000_003 + number)
    sex = Sex.MALE if number % 2 == 0 else Sex.FEMALE
    forename, surname, _ = invented_name(chance, sex)
    born = f"{chance.randrange(1950, 2006)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    numbers = [{"scheme": "pnc", "value": f"{1995 + number % 30}/{number % 10_000_000:07}A"}]
    return PersonDescribed.model_validate(
        {
            "forename": forename,
            "surname": surname,
            "date_of_birth": born,
            "sex": sex,
            "identifiers": numbers if number % 3 == 0 else [],
        }
    )


def form(number: int) -> PersonForm:
    """The same person in normal form; every second one has a telephone."""
    plain = form_of(described(number))
    phone = frozenset({("phone", number_of(f"phone\n+4477{number:08}"))}) if number % 4 == 0 else frozenset()
    return PersonForm(
        forename=plain.forename,
        surname=plain.surname,
        born=plain.born,
        sex=plain.sex,
        numbers=plain.numbers,
        things=phone,
    )


def probes(persons: int, count: int) -> list[tuple[int, PersonDescribed]]:
    """People who are known, described anew with a slip, and as many who are not."""
    chance = Random(SEED)
    found = []
    for turn in range(count):
        number = chance.randrange(persons) if turn % 2 else persons + turn
        person = described(number)
        surname = person.surname or ""
        slips: list[dict[str, Any]] = [
            {"surname": surname[:-1] + "e"},
            {"forename": (person.forename or "")[:1]},
            {"date_of_birth": PartialDate(str(person.date_of_birth)[:4])},
            {"forename": person.surname, "surname": person.forename},
        ]
        found.append((number, person.model_copy(update=slips[turn // 2 % 4] | {"identifiers": ()})))
    return found


def ask(runtime: Runtime, acting: Acting, probe: PersonDescribed) -> tuple[str, ...]:
    """The references that are listed for a person."""
    asked = SeenBeforeAsked.model_validate({"perpetrator": probe.model_dump(mode="json", exclude={"sex"})})
    found = seen_before(runtime.context(acting), asked=asked)
    return tuple(hit.reference for hit in found.listed)


def _likely(runtime: Runtime, probe: PersonDescribed) -> None:
    likely(runtime, probe)


def likely(runtime: Runtime, probe: PersonDescribed) -> tuple[int, ...]:
    """The parties that a new person may be, the likeliest first: found, scored and explained."""
    new = KnownForm(0, 0, 0, ClaimedRole.PERPETRATOR, form_of(probe))
    with runtime.uow.unrecorded() as work:
        return tuple(each.party for each in likely_persons(work, new, may_know=EVERYTHING, least=0.0))


def _one_key(runtime: Runtime, probe: PersonDescribed) -> None:
    keys = number_keys(form_of(probe)) or (1,)
    with runtime.uow.unrecorded() as work:
        work.identity.is_common(keys[0], may_know=EVERYTHING, most=10)


def _times(
    work: Callable[[PersonDescribed], object], given: list[tuple[int, PersonDescribed]]
) -> list[float]:
    for _, probe in given[:20]:
        work(probe)
    taken = []
    for _, probe in given:
        began = time.perf_counter()
        work(probe)
        taken.append((time.perf_counter() - began) * 1_000)
    return taken


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _fill(record: sqlite3.Connection, persons: int) -> None:
    """Past every service, in the order of the tables; the keys last and in order, which is quickest."""
    record.execute("PRAGMA synchronous=OFF")
    record.execute("PRAGMA foreign_keys=OFF")
    referrals = range(1, persons // 2 + 1)
    record.executemany(
        "INSERT INTO episode (id, ref, created_at, restricted) VALUES (?, ?, ?, 0)",
        ((n, f"E-{n}", _AT) for n in referrals),
    )
    record.executemany(
        "INSERT INTO involvement (id, ref, own_episode_id, episode_id, source, source_reference, state, "
        "triage_outcome, received_at, version) VALUES (?, ?, ?, ?, 'bench', ?, 'closed', 'advice', ?, 1)",
        ((n, f"R-{n}", n, n, str(n), _AT) for n in referrals),
    )
    record.executemany(
        "INSERT INTO person_record (id, ref, involvement_id, owner, described, created_at) "
        "VALUES (?, ?, ?, 'bench', '{}', ?)",
        ((n + 1, f"P-{n}", n // 2 + 1, _AT) for n in range(persons)),
    )
    keys: list[tuple[int, int, int]] = []
    numbers = iter(range(persons))
    while part := list(islice(numbers, _AT_ONCE)):
        record.executemany(_FORM, list(_rows(part, keys)))
    keys.sort()
    record.executemany(
        "INSERT INTO identity_key (key, person_record_id, involvement_id) VALUES (?, ?, ?)", keys
    )
    record.commit()


_FORM = (
    "INSERT INTO identity_form (person_record_id, party_id, involvement_id, role, version, forename, "
    "surname, born, sex, numbers, things, postcode) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')"
)


def _rows(part: list[int], keys: list[tuple[int, int, int]]) -> Iterator[tuple[Any, ...]]:
    for number in part:
        person = form(number)
        record, involvement = number + 1, number // 2 + 1
        keys += [(key, record, involvement) for key in set(kept_keys(person))]
        yield (
            record,
            record,
            involvement,
            (ClaimedRole.PERPETRATOR if number % 2 == 0 else ClaimedRole.VICTIM).value,
            FORMS_VERSION,
            person.forename,
            person.surname,
            person.born,
            person.sex,
            json.dumps([[n.scheme.value, n.form, "holds" if n.holds else "fails"] for n in person.numbers]),
            json.dumps(sorted([kind, str(key)] for kind, key in person.things)),
        )
