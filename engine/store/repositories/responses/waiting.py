"""Requests to agencies that wait for an answer, or for its release. No answer is read: each is long."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session

from engine.domain.cases.involvement import LateRequest, Unreleased, WaitingRequest
from engine.domain.cases.lifecycle import State
from engine.domain.responses.answers import FailureReason
from engine.store.repositories.responses import statements


class NotReleased(NamedTuple):
    """A request to an agency about a case that no good answer was released to."""

    case: str
    agency: str
    asked_at: datetime
    due_at: datetime


class AnswersThatWait:
    """Reads them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def waiting(self, references: Sequence[str], *, agency: str) -> tuple[WaitingRequest, ...]:
        """Return the requests of one agency about these involvements that await a release or have no good
        answer, in the order of these, 500 at a time the newest case first.

        No answer is read: each is long.
        """
        rows = [
            row
            for start in range(0, len(references), 500)
            for row in self._session.connection().execute(
                statements.requests_that_wait(),
                {"references": list(references[start : start + 500]), "agency": agency},
            )
        ]
        return tuple(
            WaitingRequest(
                involvement=reference,
                state=State(state),
                asked_at=asked_at,
                due_at=due_at,
                awaits_release=bool(awaits),
                answered_at=answered_at,
                failed=FailureReason(failed) if failed and not awaits and answered_at is None else None,
            )
            for reference, state, asked_at, due_at, awaits, answered_at, failed in rows
        )

    def answered_again(self, user: str, *, agency: str) -> list[str]:
        """Return the cases that name a person where one agency has a further answer that releases no other.

        Each request with a good release and a prepared answer that still waits is among them.
        """
        asked = {"user": user, "agency": agency}
        return list(self._session.connection().execute(statements.answered_again(), asked).scalars())

    def not_released(self, references: Sequence[str]) -> Iterator[NotReleased]:
        """Yield the requests about these involvements that no good answer was released to."""
        for start in range(0, len(references), 500):
            some = {"references": list(references[start : start + 500])}
            rows = self._session.connection().execute(statements.not_released(), some)
            yield from map(NotReleased._make, rows)

    def unreleased(self, states: Collection[State], *, users: Collection[str] = ()) -> tuple[Unreleased, ...]:
        """Return the requests in these states of involvements that no good answer was released to, and that
        no one on the case can release, but perhaps these users; oldest first.

        ``named`` are those of them who could release one: prepared answers are not read.
        """
        found: dict[tuple[str, str], Unreleased] = {}
        rows = self._session.execute(
            statements.unreleased(), {"states": [state.value for state in states], "users": sorted(users)}
        ).all()
        for reference, agency, asked_at, due_at, name in rows:
            there = found.get((reference, agency))
            named = (*(there.named if there else ()), *((name,) if name else ()))
            found[reference, agency] = Unreleased(
                involvement=reference, agency=agency, asked_at=asked_at, due_at=due_at, named=named
            )
        return tuple(found.values())

    def unanswered(
        self, references: Sequence[str], *, states: Collection[State]
    ) -> dict[str, list[LateRequest]]:
        """Return the requests that no good answer was released to, of these involvements in these states.

        No answer is read: each is long.
        """
        found: dict[str, list[LateRequest]] = {}
        for start in range(0, len(references), 500):
            about = {
                "states": [state.value for state in states],
                "references": list(references[start : start + 500]),
            }
            for reference, agency, asked_at, due_at, failed in self._session.connection().execute(
                statements.unanswered(), about
            ):
                late = LateRequest(agency, asked_at, due_at, has_failed=bool(failed))
                found.setdefault(reference, []).append(late)
        return found
