"""A list of any length in a condition is one parameter, and asks what a list written out asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from engine.domain.cases.lifecycle import State
from engine.store.among import among, among_parameter
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.cases import statements
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.people.same_person import IdentityKeyRow
from engine.store.unit_of_work import Work
from tests.builders import MONDAY, Desk, a_desk, a_referral, in_one_entry
from tests.databases import POSTGRESQL, remove_database
from tests.many_cases import FIRST, MANY, store_cases, with_sqlite_s_own_limit

_REFERENCES = [f"R-{number}" for number in range(FIRST, FIRST + MANY)]


def _found_by_number(work: Work, may_know: VisibilityFilter) -> list[int | None]:
    number = col(InvolvementRow.id)
    return list(work.cases._session.execute(select(number).where(*may_know.of_each(number))).scalars())


_ASKS: tuple[Callable[[Work], object], ...] = (
    lambda work: len(work.cases.all(_REFERENCES)) == MANY,
    lambda work: work.cases.page(first=0, count=1, states=State, only=_REFERENCES)[1] == MANY,
    lambda work: work.cases.page(first=0, count=1, states=State, without=_REFERENCES)[1] == 1,
    lambda work: len(work.cases.references_of(range(FIRST, FIRST + MANY))) == MANY,
    lambda work: len(work.cases.references(VisibilityFilter(None, without=frozenset(_REFERENCES)))) == 1,
    lambda work: len(work.cases.references(VisibilityFilter("ana", without=frozenset(_REFERENCES)))) == 1,
    lambda work: len(_found_by_number(work, VisibilityFilter(None, without=frozenset(_REFERENCES)))) == 1,
    lambda work: work.cases.with_conference(_REFERENCES) == frozenset(),
    lambda work: work.alarms.many(_REFERENCES) == {},
    lambda work: work.victim_rights.assessments(_REFERENCES) == (),
    lambda work: work.victim_rights.investigators(_REFERENCES) == (),
    lambda work: work.victim_rights.requests(_REFERENCES) == (),
    lambda work: work.victim_rights.informed_events(_REFERENCES) == (),
    lambda work: work.reviews.police_decisions(_REFERENCES) == (),
    lambda work: work.reviews.place_checks_by("ana", _REFERENCES) == {},
    lambda work: work.reviews.first_reported(_REFERENCES, shown=[1]) == {},
    lambda work: work.opened_reasons.of(_REFERENCES) == (),
    lambda work: work.need_to_know.restrictions(_REFERENCES) == (),
    lambda work: work.need_to_know.connections(_REFERENCES) == (),
    lambda work: len(work.need_to_know.with_the_same_parties(_REFERENCES)) == MANY,
    lambda work: work.need_to_know.urgent_looks(_REFERENCES) == (),
    lambda work: work.openings.asks_alive(at=MONDAY, involvements=_REFERENCES) == (),
    lambda work: work.openings.of(_REFERENCES) == (),
    lambda work: work.sharing.ledger(_REFERENCES) == (),
    lambda work: work.incident_rules.of(_REFERENCES) == (),
    lambda work: work.drafts.owners(_REFERENCES) == (),
    lambda work: work.people.on_cases(_REFERENCES) == (),
    lambda work: work.people.with_references(_REFERENCES) == (),
    lambda work: work.rectification.on(_REFERENCES) == (),
    lambda work: work.links.marks.number_about(_REFERENCES) == 0,
)


def test_every_read_of_a_list_of_cases_takes_33_000(desk: Desk) -> None:
    desk.refer(a_referral())
    with in_one_entry(desk.runtime) as work:
        with_sqlite_s_own_limit(work.cases._session)
        store_cases(work.cases._session, state=State.NOT_SCREENED)
        for number, asks in enumerate(_ASKS):
            assert asks(work), number


def test_numbers_of_people_are_asked_in_parts(desk: Desk) -> None:
    """Each number has two forms, and so four parameters."""
    (one,) = desk.refer(a_referral()).referrals
    numbers = [("pnc", f"2001/{number:07}Y") for number in range(20_000)]
    with in_one_entry(desk.runtime) as work:
        with_sqlite_s_own_limit(work.cases._session)
        found = work.people.with_identifiers([("pnc", "2001/0000123Y"), *numbers, ("pnc", "01/123Y")])
    assert [each.involvement for each in found] == [one]


def test_it_finds_what_a_list_written_out_finds(desk: Desk) -> None:
    (one,) = desk.refer(a_referral()).referrals
    strange = "Ł'\"\\,{}\N{PILE OF POO}"
    reference, number = col(InvolvementRow.ref), col(InvolvementRow.id)
    with in_one_entry(desk.runtime) as work:
        session = work.cases._session
        many = [f"R-{each}" for each in range(20)]
        for values in ([], [strange], [one], [one, one, strange, "NULL"], [one, strange, *many], many):
            for read in (reference, col(InvolvementRow.source)):
                wanted = set(session.execute(select(read).where(reference.in_(values))).scalars())
                named = select(read).where(among_parameter(reference, "values"))
                assert set(session.execute(select(read).where(among(reference, values))).scalars()) == wanted
                assert set(session.execute(named, {"values": values}).scalars()) == wanted
            left = session.execute(select(reference).where(~among(reference, values))).scalars()
            assert (one in set(left)) is (one not in values)
        (found,) = session.execute(select(number).where(among(number, range(20)))).scalars()
        assert session.execute(
            select(reference).where(among(number, [found or 0, *range(-20, 0)]))
        ).scalars().all() == [one]


@pytest.mark.sqlite
def test_sqlite_looks_a_long_list_up_in_the_index_of_the_column(tmp_path: Path) -> None:
    statement = statements.named(few=False)
    with a_desk(tmp_path / "home") as desk, desk.runtime.uow.unrecorded() as work:
        connection = work.cases._session.connection()
        written = str(statement.compile(connection))
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", ('["R-1"]',)).all()
    assert any("SEARCH involvement USING INDEX" in step[3] for step in steps), steps


@pytest.mark.postgres
def test_postgresql_compares_a_long_list_of_numbers_by_a_hash(tmp_path: Path) -> None:
    """It does so only where both have one type; otherwise each row is compared with each value."""
    with a_desk(tmp_path / "home", database=POSTGRESQL) as desk, desk.runtime.uow.unrecorded() as work:
        connection = work.cases._session.connection()
        for column, named in ((col(InvolvementRow.id), "INTEGER[]"), (col(IdentityKeyRow.key), "BIGINT[]")):
            written = str(select(column).where(among(column, range(20))).compile(connection))
            assert f"::{named})" in written
    remove_database(tmp_path / "home")
