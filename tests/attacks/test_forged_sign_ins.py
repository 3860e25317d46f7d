"""Who can write to the database, and has no key, lets nobody in; and verification names what they wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from sqlmodel import col

from engine.domain.accounts.acting import Role
from engine.domain.accounts.sign_ins import SignInEnd, SignInStanding, SignInWay
from engine.services.accounts.sign_ins import begin_sign_in, look_at_sign_in, token_digest
from engine.services.system import audit_content
from engine.store.database import open_database
from engine.store.keyed_checks import _GRANTED, CHECKED
from engine.store.tables.accounts import OneUseRow, SignInRow
from tests.builders import Desk, a_desk

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path / "home") as there:
        yield there


def signed_in(desk: Desk, name: str) -> str:
    return begin_sign_in(
        uow=desk.runtime.uow, clock=desk.clock, name=name, way=SignInWay.PASSWORD, lasts=8 * HOUR
    )


def standing(desk: Desk, token: str) -> SignInStanding:
    return look_at_sign_in(uow=desk.runtime.uow, clock=desk.clock, token=token, lock_after=HOUR)


def past_the_software(desk: Desk, *statements: object) -> None:
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]
    engine.dispose()


def named(desk: Desk) -> set[tuple[str, str, str]]:
    held = audit_content.verify_content(uow=desk.runtime.uow)
    return {(each.table, each.row, each.kind) for each in held.differences}


def test_a_row_with_the_digest_of_ones_own_token_opens_nothing_and_is_named(desk: Desk) -> None:
    """With another's row to copy from: its check is over another digest."""
    signed_in(desk, "chair")
    assert named(desk) == set()
    engine = open_database(desk.runtime.settings.database_url)
    with engine.begin() as connection:
        theirs = dict(connection.execute(select(SignInRow.__table__)).mappings().one())  # type: ignore[attr-defined]
    engine.dispose()
    for number, check in enumerate((None, "", theirs["keyed_check"]), start=50):
        token = f"of-mallory-{number}"
        forged = {**theirs, "id": number, "digest": token_digest(token), "keyed_check": check}
        past_the_software(desk, insert(SignInRow).values(forged))
        assert standing(desk, token).ended is SignInEnd.UNKNOWN
    assert named(desk) == {("sign_in", str(number), "unchecked") for number in (50, 51, 52)}


CHANGES: dict[str, Callable[[Desk], object]] = {
    "user_name": lambda _: "chair",
    "role": lambda _: Role.CHAIR.value,
    "agency": lambda _: "harbour",
    "way": lambda _: SignInWay.PROVIDER.value,
    "account": lambda _: "1000",
    "began_at": lambda desk: desk.clock.now() + HOUR,
    "lapses_at": lambda desk: desk.clock.now() + 800 * HOUR,
}


@pytest.mark.parametrize("column", sorted(CHANGES))
def test_a_sign_in_whose_grant_was_changed_is_over(desk: Desk, column: str) -> None:
    token = signed_in(desk, "cora")
    assert standing(desk, token).sign_in is not None
    change = update(SignInRow).where(col(SignInRow.id) > 0).values({column: CHANGES[column](desk)})
    past_the_software(desk, change)
    assert standing(desk, token).sign_in is None
    assert {(table, kind) for table, _, kind in named(desk)} == {("sign_in", "unchecked")}


def test_what_is_noted_while_it_is_used_is_no_change_of_what_it_grants(desk: Desk) -> None:
    token = signed_in(desk, "cora")
    desk.clock.forward(timedelta(minutes=5))
    assert standing(desk, token).sign_in is not None
    assert named(desk) == set()


def test_a_one_time_action_that_was_written_by_hand_is_refused_and_named(desk: Desk) -> None:
    signed_in(desk, "chair")
    with desk.runtime.uow.unrecorded() as work:
        (number,) = work.sign_ins._session.scalars(select(col(SignInRow.id)))
    forged = {
        "id": 9,
        "digest": token_digest("mine"),
        "kind": "sign in",
        "user_name": "chair",
        "sign_in_id": number,
        "lapses_at": desk.clock.now() + HOUR,
        "keyed_check": token_digest("guess"),
    }
    past_the_software(desk, insert(OneUseRow).values(forged))
    with desk.runtime.uow.unrecorded(will_write=True) as work:
        assert work.sign_ins.use(token_digest("mine"), at=desk.clock.now(), sign_in=None) is None
    assert named(desk) == {("one_use", "9", "unchecked")}


def test_each_column_of_a_checked_row_is_under_its_check_or_grants_nothing() -> None:
    grants_nothing = {"id", "keyed_check", "task", "seen_at", "ended_at", "ended_because", "used_at"}
    for table in CHECKED:
        columns = {column.name for column in table.__table__.columns}  # type: ignore[union-attr]
        assert columns - grants_nothing == set(_GRANTED[table])
