"""What a viewer can see: the same in a list of all cases and in a query of few rows, on both databases."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from engine.store.repositories.access.restrictions import is_restricted_itself, not_restricted
from engine.store.repositories.access.visibility import VisibilityFilter
from engine.store.tables.cases.involvements import EpisodeRow, InvolvementRow
from tests.builders import Desk, a_person, a_referral, in_one_entry

NUMBER = col(InvolvementRow.id)


@pytest.fixture
def cases(desk: Desk) -> list[str]:
    """A restricted case, one moved out of a restricted one, one moved into one, and two that are open to all.

    The first and an open one name Zoe.
    """
    referrals = [
        a_referral(n, perpetrator=a_person(surname=f"Roe{n}"), victim=a_person("Amira", f"Kent{n}"))
        for n in "12345"
    ]
    references = list(desk.refer(*referrals).referrals)
    with in_one_entry(desk.runtime) as work:
        run = work._session.execute
        own = dict(run(select(NUMBER, col(InvolvementRow.own_episode_id)).order_by(NUMBER)).all())
        hidden, moved_out, moved_in, _, other = own
        for moved, into in ((moved_out, own[other]), (moved_in, own[hidden])):
            run(update(InvolvementRow).where(moved == NUMBER).values(episode_id=into))
        restricted = (own[hidden], own[moved_out])
        run(update(EpisodeRow).where(col(EpisodeRow.id).in_(restricted)).values(restricted=True))
        for named in (references[0], references[3]):
            work.cases.name_people(named, ["zoe"], by="cora", at=desk.clock.now())
    return references


def seen(desk: Desk, may_see: VisibilityFilter, *, each: bool) -> list[str]:
    conditions = may_see.of_each(NUMBER) if each else may_see.of(NUMBER)
    with desk.runtime.uow.unrecorded() as work:
        found = work._session.execute(select(col(InvolvementRow.ref)).where(*conditions).order_by(NUMBER))
        return list(found.scalars())


def test_few_rows_are_cut_as_lists_are(desk: Desk, cases: list[str]) -> None:
    shut_out = [frozenset(some) for size in (0, 1, 2) for some in combinations(cases, size)]
    for user, named_on, without in product((None, "", "zoe"), (None, "zoe", "nemo"), shut_out):
        may_see = VisibilityFilter(user=user, named_on=named_on, without=without)
        assert seen(desk, may_see, each=True) == seen(desk, may_see, each=False), may_see


def test_a_case_is_restricted_by_the_one_it_is_in_and_by_its_own(desk: Desk, cases: list[str]) -> None:
    hidden, moved_out, moved_in, *others = cases
    assert seen(desk, VisibilityFilter(user=""), each=True) == others
    assert seen(desk, VisibilityFilter(user="zoe"), each=True) == [hidden, *others]
    with desk.runtime.uow.unrecorded() as work:
        restricted = {hidden, moved_out, moved_in}
        assert work.need_to_know.restricted() == restricted
        assert work.need_to_know.restricted_among(cases) == restricted
        assert work.need_to_know.restricted_among([hidden, others[0]]) == {hidden}
        assert work.need_to_know.restricted_among([]) == frozenset()
        assert [work.need_to_know.is_restricted(case) for case in cases] == [True, True, True, False, False]


@pytest.mark.sqlite
def test_few_rows_are_looked_up_however_many_are_restricted(desk: Desk, cases: list[str]) -> None:
    """As lists are cut, SQLite makes a list of all restricted cases first: that is the near miss."""

    def plan(condition: object) -> str:
        one = select(col(InvolvementRow.ref)).where(col(InvolvementRow.ref) == cases[0], condition)  # type: ignore[arg-type]
        with desk.runtime.uow.unrecorded() as work:
            compiled = one.compile(work._session.connection(), compile_kwargs={"literal_binds": True})
            return str(work._session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all())

    if desk.runtime.settings.database_url.startswith("sqlite"):
        assert "LIST SUBQUERY" in plan(not_restricted(NUMBER))
        assert "LIST SUBQUERY" not in plan(is_restricted_itself(NUMBER))
        assert "SCAN" not in plan(is_restricted_itself(NUMBER))
