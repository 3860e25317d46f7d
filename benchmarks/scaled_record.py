"""The demonstration's record at a size that nobody could type: its own cases again, under other numbers.

Each copy has every row of its case (alarms, requests, answers, decisions, plans, outcomes, moves), so that
a page reads as much as it would in a real record. Four in a hundred of the copies are open, as in a unit that
has worked for years. Its people have other surnames and dates of birth, the same in all cases of one copy, so
that each is found again as often as in the demonstration. Not copied: the audit log, the numbers, phones and
forms by which people are matched, the links, and the sittings of conferences: each case is in one at most.
"""

from __future__ import annotations

import atexit
import importlib
import json
import pkgutil
import re
import shutil
import sqlite3
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path

from sqlalchemy import Column, Table, select
from sqlmodel import Session

import engine.store.tables
from engine.access.digest_keys import read_digest_key
from engine.clock import Clock, SystemClock
from engine.domain.cases.lifecycle import IS_OPEN, State
from engine.domain.ids import PREFIXES, new_reference
from engine.runtime import Runtime, initialise
from engine.store.database import open_database
from engine.store.granting import GRANTS, checks_of, keep_checks
from engine.store.rows_in_text import digests_of
from engine.store.tables.base import METADATA

OPEN_SHARE = 0.04
_ROOTS = ("episode", "involvement", "court_order")
_SITTINGS = ("agenda_item", "item_plan", "minutes_", "remark", "decision_in_conference")
_LEFT_OUT = (
    "link",
    "identity_",
    "person_identifier",
    "person_thing",
    "batch",
    "audit_",
    "erased_row",
    "row_check",
    *_SITTINGS,
)
_WHOLE_DAY = len("2026-11-28")
_STEP = 10_000_000
"""Copies are this far apart: more than any table of a demonstration has rows."""
_OF_ANOTHER_PERSON = {
    "described": "another_person(old.described, k)",
    "surname_folded": "lower(json_extract(another_person(old.described, k), '$.surname'))",
    **{
        name: f"CASE WHEN length(old.{name}) = 10 THEN date(old.{name}, '-' || another_age(k) || ' days') END"
        for name in ("born", "born_earliest", "born_latest")
    },
}
"""By these people are found again: a copy is about other people, as another case would be."""
_OPEN = tuple(sorted(state.value for state in IS_OPEN | {State.NOT_SCREENED}))


@contextmanager
def record_of_size(referrals: int, *, seed_referrals: int = 512) -> Iterator[Runtime]:
    """The same as ``scaled_record``, built once in a process whatever benchmarks read it, and shared by them.

    The one of ``seed_referrals`` is the demonstration; any other is a copy of it that was scaled up.
    """
    seed = seed_record(seed_referrals)
    home = seed if referrals == seed_referrals else _scaled(seed, referrals)
    with opened_record(home) as runtime:
        yield runtime


@contextmanager
def opened_record(home: Path) -> Iterator[Runtime]:
    """The record of a home, for whoever works on it at this machine."""
    with initialise(_environ(home), clock=SystemClock()) as runtime:
        yield runtime


def scale_copy(home: Path, *, referrals: int) -> None:
    """Copy the cases of a home's record until it holds about so many referrals."""
    copy_cases(home / "stac.db", referrals=referrals)
    seal_copies(home)


@contextmanager
def record_with_orders(orders: int, *, seed_referrals: int = 512) -> Iterator[Runtime]:
    """The demonstration, whose cases with an order are copied until it holds about so many orders."""
    seed = seed_record(seed_referrals)
    home = seed.with_name(f"{orders}-orders")
    if not home.exists():
        shutil.copytree(seed, home)
        copy_orders(home / "stac.db", orders=orders)
        seal_copies(home)
    with opened_record(home) as runtime:
        yield runtime


@cache
def seed_record(referrals: int = 512) -> Path:
    """The home of a demonstration of so many, built once in a process."""
    home = Path(tempfile.mkdtemp(prefix="stac-bench-")) / "small"
    atexit.register(shutil.rmtree, home.parent, ignore_errors=True)
    with scaled_record(home, referrals=referrals, seed_referrals=referrals):
        return home


@cache
def _scaled(seed: Path, referrals: int) -> Path:
    home = seed.with_name(f"{referrals}")
    shutil.copytree(seed, home)
    scale_copy(home, referrals=referrals)
    return home


def _environ(home: Path) -> dict[str, str]:
    return {"STAC_HOME": str(home), "STAC_DEVELOPMENT_SIGN_IN": "1"}


@contextmanager
def scaled_record(home: Path, *, referrals: int, seed_referrals: int = 512) -> Iterator[Runtime]:
    """A demonstration of ``seed_referrals``, copied until the record holds about ``referrals``."""
    from cli.bars import bars
    from cli.demonstration.building import build, first_clock

    environ = _environ(home)
    with initialise(environ, clock=first_clock()) as runtime, bars(quiet=True) as shown:
        build(runtime, seed=1, referrals=seed_referrals, bars=shown)
    if referrals > seed_referrals:
        scale_copy(home, referrals=referrals)
    clock: Clock = SystemClock()
    with initialise(environ, clock=clock) as runtime:
        yield runtime


def seal_copies(home: Path) -> None:
    """Give the copies of rows that grant something the keyed check that the software would have given."""
    key = read_digest_key(home / "keys" / "digest.key").for_versions
    engine = open_database(f"sqlite:///{home / 'stac.db'}")
    with Session(engine) as session:
        for name in GRANTS:
            table, there = METADATA.tables[name], checks_of(session, name)
            rows = session.connection().execute(select(table)).all()
            new = {str(number): check for (number,), check in digests_of(table, rows, key)}
            keep_checks(session, {name: {each: new[each] for each in new.keys() - there.keys()}})
        session.commit()
    engine.dispose()


def copy_cases(file: Path, *, referrals: int) -> None:
    """Write the cases of this record again until it holds about so many, four in a hundred of them open."""
    with _writing(file) as record:
        there = {is_open: _count(record, is_open=is_open) for is_open in (True, False)}
        wanted = {True: int(referrals * OPEN_SHARE), False: int(referrals * (1 - OPEN_SHARE))}
        first = 1
        for is_open, number in there.items():
            copies = max(0, round(wanted[is_open] / number) - 1) if number else 0
            _choose(record, partial(_is, is_open))
            for table in _tables():
                _copy(record, table, first=first, copies=copies)
            first += copies


def copy_orders(file: Path, *, orders: int) -> None:
    """Write the cases of this record that have an order again, until it holds about so many orders."""
    with _writing(file) as record:
        (there,) = record.execute("SELECT count(*) FROM court_order").fetchone()
        copies = max(0, round(orders / there) - 1) if there else 0
        record.execute("CREATE TEMP TABLE with_order AS SELECT DISTINCT involvement_id FROM court_order_case")
        _choose(record, lambda number: f"{number} IN (SELECT involvement_id FROM temp.with_order)")
        for table in _tables():
            _copy(record, table, first=1, copies=copies)


@contextmanager
def _writing(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as record:
        record.execute("PRAGMA synchronous=OFF")
        record.execute("PRAGMA journal_mode=OFF")  # a copy that fails is made anew
        record.execute("PRAGMA cache_size=-4000000")  # KiB: rows come in no order of any index
        record.execute("PRAGMA foreign_keys=OFF")
        references = _References(record)
        record.create_function("another", 2, references.another, deterministic=True)
        record.create_function("another_in_words", 2, references.another_in_words, deterministic=True)
        record.create_function("another_age", 1, _other_age, deterministic=True)
        record.create_function("another_person", 2, _People(record).another, deterministic=True)
        record.execute("BEGIN")
        yield record
        record.execute("COMMIT")
        record.execute("PRAGMA journal_mode=WAL")


class _References:
    """One new reference for each reference and copy, of the same kind, and none that is there already."""

    def __init__(self, record: sqlite3.Connection) -> None:
        self._kinds = {prefix: kind for kind, prefix in PREFIXES.items()}
        self._given: dict[tuple[str, int], str] = {}
        self._used: set[str] = set()
        for table in _tables():
            if "ref" in table.columns:
                self._used.update(ref for (ref,) in record.execute(f'SELECT ref FROM "{table.name}"'))

    def another(self, reference: str, copy: int) -> str:
        if (reference, copy) not in self._given:
            new = new_reference(self._kinds[reference[0]])
            while new in self._used:
                new = new_reference(self._kinds[reference[0]])
            self._used.add(new)
            self._given[reference, copy] = new
        return self._given[reference, copy]

    def another_in_words(self, text: str, copy: int) -> str:
        """A text with another reference for each that it names: what a row that waits is about."""
        named = re.compile(rf"\b(?:{'|'.join(self._kinds)})-[0-9A-Z]{{7}}\b")
        return named.sub(lambda found: self.another(found[0], copy), text)


class _People:
    """Another person for each and copy: another surname of the record, and another date of birth."""

    def __init__(self, record: sqlite3.Connection) -> None:
        named = "SELECT DISTINCT json_extract(described, '$.surname') FROM person_record"
        self._surnames = sorted(surname for (surname,) in record.execute(named) if surname)

    def another(self, described: str, copy: int) -> str:
        """The description with those, and without the numbers of registers."""
        person = json.loads(described)
        if person.get("surname"):
            place = bisect_left(self._surnames, person["surname"])
            person["surname"] = self._surnames[(place + copy) % len(self._surnames)]
        born = person.get("date_of_birth")
        if born and len(born) == _WHOLE_DAY:
            person["date_of_birth"] = str(date.fromisoformat(born) - timedelta(days=_other_age(copy)))
        return json.dumps({**person, "identifiers": []})


def _other_age(copy: int) -> int:
    """Days by which the people of a copy are older."""
    return copy * 97 % 9_000


def _tables() -> list[Table]:
    """Every table that hangs on a case, the ones that others point to first."""
    for module in pkgutil.walk_packages(engine.store.tables.__path__, "engine.store.tables."):
        importlib.import_module(module.name)
    copied = list(_ROOTS)
    found = []
    for table in METADATA.sorted_tables:
        if table.name in copied or any(parent in copied for parent in _parents(table).values()):
            if table.name.startswith(_LEFT_OUT) or "id" not in table.columns:
                continue
            copied.append(table.name)
            found.append(table)
    return found


def _parents(table: Table) -> dict[str, str]:
    return {
        column.name: next(iter(column.foreign_keys)).column.table.name
        for column in table.columns
        if column.foreign_keys
    }


def _count(record: sqlite3.Connection, *, is_open: bool) -> int:
    return int(record.execute(f"SELECT count(*) FROM involvement WHERE {_is(is_open)}").fetchone()[0])


def _is(is_open: bool, number: str = "id") -> str:
    states = ", ".join(f"'{state}'" for state in _OPEN)
    return f"state {'' if is_open else 'NOT '}IN ({states}) AND {number} < {_STEP}"


def _choose(record: sqlite3.Connection, where: Callable[[str], str]) -> None:
    """Which rows of each table are of the cases to be copied."""
    for table in _tables():
        record.execute(f"DROP TABLE IF EXISTS temp.chosen_{table.name}")
        if table.name == "involvement":
            rows = f"SELECT id FROM involvement WHERE {where('id')}"
        elif table.name == "episode":
            rows = (
                f"SELECT own_episode_id AS id FROM involvement WHERE {where('id')} "
                f"UNION SELECT episode_id FROM involvement WHERE {where('id')}"
            )
        elif table.name == "court_order":
            rows = (
                "SELECT DISTINCT order_id AS id FROM court_order_case "
                "JOIN involvement ON involvement.id = involvement_id "
                f"WHERE {where('involvement.id')} AND order_id < {_STEP}"
            )
        else:
            column, parent = next(
                (column, parent) for column, parent in _parents(table).items() if _is_copied(parent)
            )
            rows = f'SELECT id FROM "{table.name}" WHERE {column} IN (SELECT id FROM temp.chosen_{parent})'
        record.execute(f"CREATE TEMP TABLE chosen_{table.name} AS {rows}")


@cache
def _copied() -> frozenset[str]:
    return frozenset(table.name for table in _tables())


def _is_copied(name: str) -> bool:
    return name in _copied()


def _copy(record: sqlite3.Connection, table: Table, *, first: int, copies: int) -> None:
    if not copies:
        return
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_value(column, _parents(table)) for column in table.columns)
    record.execute(
        f"WITH RECURSIVE copy(k) AS (VALUES({first}) UNION ALL SELECT k + 1 FROM copy "
        f"WHERE k + 1 < {first + copies}) "
        f'INSERT INTO "{table.name}" ({columns}) SELECT {values} FROM copy, "{table.name}" AS old '
        f"WHERE old.id IN (SELECT id FROM temp.chosen_{table.name})"
    )


def _value(column: Column[object], parents: Mapping[str, str]) -> str:
    there = f'old."{column.name}"'
    if column.name == "id" or _is_copied(parents.get(column.name, "")):
        return f"{there} + k * {_STEP}"
    if column.name == "number" and column.unique:  # drawn at random, and no two are equal
        return f"{there} + k * {_STEP}"
    if column.name == "source_reference":
        return f"{there} || '~' || k"
    if column.table.name == "due" and column.name == "about":
        return "another_in_words(old.about, k)"
    if column.table.name == "person_record" and column.name in _OF_ANOTHER_PERSON:
        return _OF_ANOTHER_PERSON[column.name]
    if column.name == "ref":
        return f"another({there}, k)"
    if column.name == "action_refs":  # a plan names its actions in a document
        return f"(SELECT json_group_array(another(value, k)) FROM json_each({there}))"
    return there
