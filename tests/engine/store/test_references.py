"""New references are none of those in use, and each is given once."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from sqlmodel import Session, col

from engine.domain.ids import new_references
from engine.store.repositories.references import unused_references
from engine.store.tables.cases.involvements import InvolvementRow
from tests.builders import Desk, a_referral


@pytest.fixture
def session(desk: Desk) -> Iterator[Session]:
    with desk.context(desk.coordinator).reading("test") as work:
        yield work.cases._session


def drawing(monkeypatch: pytest.MonkeyPatch, *numbers: int) -> None:
    coming = iter(numbers)
    monkeypatch.setattr(secrets, "randbelow", lambda below: next(coming))


def test_one_that_is_in_use_or_drawn_already_is_not_given(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        drawing(patch, *range(5, 100))
        (in_use,) = desk.refer(a_referral("1")).referrals
        drawing(patch, *range(5, 100))
        place = new_references("involvement", 90).index(in_use) + 5
    with desk.context(desk.coordinator).reading("test") as work, monkeypatch.context() as patch:
        drawing(patch, 200, place, 200, 201, 202)
        given = unused_references(work.cases._session, "involvement", col(InvolvementRow.ref), 3)
        drawing(patch, 200, 201, 202)
        assert given == new_references("involvement", 3)


def test_more_than_one_question_takes_are_given_at_once(session: Session) -> None:
    given = unused_references(session, "involvement", col(InvolvementRow.ref), 1_100)
    assert len(set(given)) == 1_100
