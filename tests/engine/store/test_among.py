"""A list of any length in a condition is one parameter, and asks what a list written out asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Sized
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from engine.domain.access.need_to_know import (
    ConflictDeclaration,
    ReasonGiven,
    RestrictedBecause,
    Restriction,
    SaidBy,
)
from engine.domain.accounts.acting import Role
from engine.domain.cases.due import of_role
from engine.domain.cases.lifecycle import State
from engine.domain.referrals.intake import AlarmTopic
from engine.domain.vault.openings import Basis, Opening
from engine.store.among import among, among_parameter
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.repositories.cases import statements
from engine.store.repositories.due import Chosen
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.people.same_person import IdentityKeyRow
from engine.store.unit_of_work import Work
from tests.builders import MONDAY, Desk, a_desk, a_person, a_referral, in_one_entry
from tests.databases import POSTGRESQL, SQLITE, remove_database
from tests.many_cases import BEYOND, limit_parameters, store_cases

_ON_CASES: tuple[Callable[[Work, Sequence[str]], Iterable[str]], ...] = (
    lambda work, listed: work.cases.with_conference(listed),
    lambda work, listed: work.cases.open_to("ana", among=listed),
    lambda work, listed: work.alarms.many(listed),
    lambda work, listed: work.need_to_know.restricted_among(listed),
    lambda work, listed: (each.involvement for each in work.need_to_know.restrictions(listed)),
    lambda work, listed: (each.involvement for each in work.need_to_know.connections(listed)),
    lambda work, listed: (each.involvement for each in work.need_to_know.urgent_looks(listed)),
    lambda work, listed: (each.involvement for each in work.opened_reasons.of(listed)),
    lambda work, listed: (each.involvement for each in work.openings.of(listed)),
    lambda work, listed: (
        each.involvement for each in work.openings.asks_alive(at=MONDAY, involvements=listed)
    ),
    lambda work, listed: (each.involvement for each in work.people.on_cases(listed)),
)
"""Reads of what is on listed cases, as the references of the cases that they find."""


def _found_by_number(work: Work, may_know: VisibilityFilter) -> Iterable[str]:
    number = col(InvolvementRow.id)
    ref = select(col(InvolvementRow.ref)).where(*may_know.of_each(number))
    return work.cases._session.execute(ref).scalars()


def _to_screen(there: VisibilityFilter) -> Chosen:
    return Chosen("screen", [of_role(Role.COORDINATOR)], there, (), MONDAY, screened_only=False)


_ALL = 100_000
_BUT: tuple[Callable[[Work, VisibilityFilter], Iterable[str]], ...] = (
    lambda work, there: work.cases.references(there),
    lambda work, there: (each.case for each in work.due.first(_to_screen(there), most=_ALL)),
    lambda work, there: work.alarms.first_open(there, at=MONDAY, most=_ALL),
    _found_by_number,
)
"""Reads of all but listed cases, for one viewer."""


_COUNTS: tuple[Callable[[Work, Sequence[str]], int], ...] = (
    lambda work, listed: len(work.cases.all(listed)),
    lambda work, listed: len(work.cases.screened(listed)),
    lambda work, listed: work.cases.page(first=0, count=1, states=State, only=listed)[1],
    lambda work, listed: len(work.need_to_know.with_the_same_parties(listed)),
)
"""Reads that find each listed case."""


_EMPTY: tuple[Callable[[Work, Sequence[str]], Sized], ...] = (
    lambda work, listed: work.victim_rights.assessments(listed),
    lambda work, listed: work.victim_rights.investigators(listed),
    lambda work, listed: work.victim_rights.requests(listed),
    lambda work, listed: work.victim_rights.informed_events(listed),
    lambda work, listed: work.reviews.police_decisions(listed),
    lambda work, listed: work.reviews.place_checks_by("ana", listed),
    lambda work, listed: work.sharing.ledger(listed),
    lambda work, listed: work.incident_rules.of(listed),
    lambda work, listed: work.drafts.owners(listed),
    lambda work, listed: work.people.with_references(listed),
    lambda work, listed: work.rectification.on(listed),
    lambda work, listed: range(work.links.marks.number_about(listed)),
)
"""Reads of tables that have no row here: only the limit on parameters is held."""


def _write_on(work: Work, case: str) -> None:
    """Give a case a row of each kind that the reads find."""
    text: dict[str, Any] = {"involvement": case, "why": "So.", "at": MONDAY}
    by: dict[str, Any] = {"user": "bob", "agency": "harbour", "at": MONDAY}
    later = MONDAY + timedelta(hours=1)
    item: dict[str, Any] = {"item": "V-1", "kind": "address", "task": "case work"}
    work.cases.name_people(case, ["ana"], by="cora", at=MONDAY)
    work.cases.open_conference(case, by="zhe", at=MONDAY)
    work.need_to_know.restrict([Restriction(because=RestrictedBecause.CHAIR, by="zhe", **text)])
    work.need_to_know.store_declaration(
        ConflictDeclaration(user="bob", is_connected=True, said_by=SaidBy.SELF, by="bob", **text)
    )
    work.need_to_know.break_glass(case, why="So.", until=later, **by)
    work.opened_reasons.keep(ReasonGiven(user="ana", purpose="case work", **text))
    work.openings.ask(case, why="So.", lapses_at=later, **item, **by)
    opening = {**text, **by, **item, "reference": "", "basis": Basis.ADVOCATE, "asked": None, "until": later}
    work.openings.add(Opening.model_validate(opening), texts=[])


@pytest.mark.parametrize(
    ("database_kind", "number"),
    [
        (SQLITE, BEYOND[SQLITE]),
        pytest.param(POSTGRESQL, 40, marks=pytest.mark.postgres),  # enough to be sent as one parameter
        pytest.param(POSTGRESQL, BEYOND[POSTGRESQL], marks=[pytest.mark.postgres, pytest.mark.full]),
    ],
    indirect=["database_kind"],
)
def test_every_read_of_a_list_of_cases_takes_any_number_and_finds_what_is_on_them(
    desk: Desk, number: int
) -> None:
    referrals = (
        a_referral(
            number,
            alarms=(AlarmTopic.WEAPON,),
            perpetrator=a_person(f"Daniel-{number}"),
            victim=a_person(f"Amira-{number}"),
        )
        for number in ("1", "2", "3")
    )
    one, beside, open_to_all = desk.refer(*referrals).referrals
    numbers = store_cases(desk, state=State.NOT_SCREENED, number=number)
    listed = [*(f"R-{each}" for each in numbers), one]
    desk.runtime.uow.derive_all()
    limit_parameters(desk)
    with in_one_entry(desk.runtime) as work:
        for case in (one, beside):
            _write_on(work, case)
        for place, finds in enumerate(_ON_CASES):
            assert list(dict.fromkeys(finds(work, listed))) == [one], place
            assert set(finds(work, [one, beside])) == {one, beside}, place
        for place, counts in enumerate(_COUNTS):
            assert counts(work, listed) == len(listed), place
        for place, reads in enumerate(_EMPTY):
            assert not len(reads(work, listed)), place
        assert len(work.cases.references_of(numbers)) == number
        hidden = VisibilityFilter(user=None, without=frozenset(listed))
        assert work.cases.page(first=0, count=9, states=State, may_know=hidden)[1] == 2
        assert len(work.reviews.first_reported(listed, shown=[1])) == 2, "its incidents"
        for user, left in (
            (None, {beside, open_to_all}),
            ("ana", {beside, open_to_all}),
            ("eve", {open_to_all}),
        ):
            there = VisibilityFilter(user, without=frozenset(listed))
            for place, finds_but in enumerate(_BUT):
                assert set(finds_but(work, there)) == left, (user, place)


def test_numbers_of_people_are_asked_in_parts(desk: Desk) -> None:
    """Each number has two forms, and so four parameters."""
    (one,) = desk.refer(a_referral()).referrals
    numbers = [("pnc", f"2001/{number:07}Y") for number in range(2_000)]
    limit_parameters(desk)
    with in_one_entry(desk.runtime) as work:
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
