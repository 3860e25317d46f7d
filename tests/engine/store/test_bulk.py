"""Many rows at once, past the ORM: PostgreSQL gets those of some tables by COPY."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from engine.domain.errors import ConflictError
from engine.store.repositories.bulk import insert_all
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.links.graph import LinkRow
from engine.store.tables.people.persons import PersonRecordRow
from engine.store.tables.people.same_person import IdentityKeyRow
from tests.builders import Desk, a_referral

KEY = 2**62


@contextmanager
def writing(desk: Desk) -> Iterator[Session]:
    with desk.runtime.uow.writing(acting=desk.coordinator, what="test", at=desk.runtime.clock.now()) as work:
        yield work.cases._session


def a_key(session: Session) -> dict[str, object]:
    desk_person = session.execute(select(func.max(col(PersonRecordRow.id)))).scalar_one()
    case = session.execute(select(func.max(col(InvolvementRow.id)))).scalar_one()
    return {"key": KEY, "person_record_id": desk_person, "involvement_id": case}


def how_many(desk: Desk) -> int:
    with writing(desk) as session:
        under = select(func.count()).where(col(IdentityKeyRow.key) == KEY)
        return int(session.execute(under).scalar_one())


def test_whatever_a_text_has_comes_back_as_it_was_given(desk: Desk) -> None:
    desk.refer(a_referral("1"))
    given = ["tab\tline\r\nback\\slash \\N \\.", "", None, 'é "quoted"', "\\.", "after"]
    with writing(desk) as session:
        case = a_key(session)["involvement_id"]
        numbers = ("start_node", "kind", "role", "day", "precision", "grade", "source", "release_class")
        insert_all(
            session,
            LinkRow,
            [
                {"end_node": place, "case_id": case, "given": text, **dict.fromkeys(numbers, 7)}
                for place, text in enumerate(given, start=2**30)
            ],
        )
        back = select(col(LinkRow.given)).where(col(LinkRow.end_node) >= 2**30, col(LinkRow.start_node) == 7)
        assert list(session.execute(back.order_by(col(LinkRow.id))).scalars()) == given


def test_one_row_twice_is_a_conflict_and_nothing_of_it_is_stored(desk: Desk) -> None:
    desk.refer(a_referral("1"))
    with pytest.raises(ConflictError), writing(desk) as session:
        insert_all(session, IdentityKeyRow, [a_key(session)] * 2)
    assert how_many(desk) == 0

    with writing(desk) as session:
        insert_all(session, IdentityKeyRow, [a_key(session)])
    assert how_many(desk) == 1


def test_a_row_that_points_at_nothing_is_refused(desk: Desk) -> None:
    desk.refer(a_referral("1"))
    with pytest.raises(IntegrityError), writing(desk) as session:
        insert_all(session, IdentityKeyRow, [a_key(session) | {"person_record_id": 987_654_321}])
    assert how_many(desk) == 0
