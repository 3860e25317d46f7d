"""Requests to agencies and their answers, in append-only versions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple, TypeAlias

from pydantic import TypeAdapter
from sqlalchemy import Row, Select, bindparam, literal, or_, select, update
from sqlmodel import Session, col

from engine.domain.cases.involvement import (
    Request,
    Returns,
    StoredAnswer,
)
from engine.domain.errors import NotFoundError
from engine.domain.responses.answers import (
    ANSWER,
    Contribution,
    Failed,
    Finding,
    NilReturn,
    Refused,
    Stage,
    content_of,
)
from engine.domain.responses.reported import LinkEvidence
from engine.domain.system.audit import canonical, digest
from engine.store.repositories.bulk import insert_all
from engine.store.repositories.cases.involvements import involvement_id
from engine.store.repositories.responses import statements
from engine.store.repositories.responses.waiting import AnswersThatWait
from engine.store.tables.cases.involvements import InvolvementRow
from engine.store.tables.responses.answers import AnswerConfirmedRow, AnswerRow, RequestRow

_Request: TypeAlias = Row[int | None, str, datetime, datetime, list[str], str]
_Answer: TypeAlias = Row[*tuple[object, ...]]
"""Rows of the statements about requests and about answers; the second has more columns than can be typed."""
_EVIDENCE = TypeAdapter(tuple[LinkEvidence, ...])
_CONTRIBUTION: str = Contribution.model_fields["kind"].default


class _Version(NamedTuple):
    """Parts of a stored answer that show whether another is equal."""

    id: int
    version: int
    stage: str
    digest: str


class Answers(AnswersThatWait):
    """Store of requests and answers."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._seen: dict[tuple[str, str], tuple[int | None, list[_Version]]] = {}

    def ask(self, requests: Iterable[Request]) -> None:
        """Store requests about one involvement; asking an agency twice can only make its answer due sooner.

        Its ``shown`` is everything that the agency was ever shown of this involvement.
        Raises NotFoundError if the referral does not exist.
        """
        wanted = list(requests)
        if not wanted:
            return
        number = involvement_id(self._session, wanted[0].involvement)
        rows = self._session.connection().execute(statements.agencies_asked(), {"involvement": number}).all()
        there = {agency: (request_id, tuple(was_shown)) for agency, request_id, was_shown in rows}
        insert_all(
            self._session,
            RequestRow,
            [
                {
                    "involvement_id": number,
                    "agency": request.agency,
                    "asked_at": request.asked_at,
                    "due_at": request.due_at,
                    "was_shown": list(request.was_shown),
                }
                for request in wanted
                if request.agency not in there
            ],
        )
        if there:
            due_at = min(request.due_at for request in wanted)
            self._session.execute(
                update(RequestRow)
                .where(
                    col(RequestRow.involvement_id) == number,
                    col(RequestRow.agency).in_([request.agency for request in wanted]),
                    col(RequestRow.due_at) > due_at,
                )
                .values(due_at=due_at)
            )
        for request in wanted:
            request_id, before = there.get(request.agency, (None, request.was_shown))
            shown = tuple(dict.fromkeys((*before, *request.was_shown)))
            if shown != before:
                self._session.execute(
                    update(RequestRow).where(col(RequestRow.id) == request_id).values(was_shown=list(shown))
                )

    def answered_by(self, reference: str) -> frozenset[str]:
        """Return the agencies that have answered about an involvement, otherwise than by failing.

        Raises NotFoundError if the referral does not exist.
        """
        number = involvement_id(self._session, reference)
        return frozenset(
            self._session.connection().execute(statements.agencies_in(), {"involvement": number}).scalars()
        )

    def has_contributed(self, agency: str, parties: Collection[int], reference: str) -> bool:
        """Return whether an agency ever contributed, prepared or released,
        about an involvement or these parties.

        Raises NotFoundError if the referral does not exist.
        """
        from engine.store.tables.people.same_person import IdentityFormRow  # a list or a page reads none

        of_party = select(col(IdentityFormRow.involvement_id)).where(
            col(IdentityFormRow.party_id).in_(parties)
        )
        found = self._session.execute(
            select(literal(1))
            .select_from(AnswerRow)
            .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
            .where(
                col(RequestRow.agency) == agency,
                col(AnswerRow.kind) == _CONTRIBUTION,
                or_(
                    col(RequestRow.involvement_id) == involvement_id(self._session, reference),
                    col(RequestRow.involvement_id).in_(of_party),
                ),
            )
            .limit(1)
        )
        return found.first() is not None

    def are_in(self, reference: str) -> bool:
        """Return whether agencies were asked and each of them has released an answer that did not fail.

        Raises NotFoundError if the referral does not exist.
        """
        about = {"involvement": involvement_id(self._session, reference)}
        asked = self._session.connection().execute(statements.released_by_asked(), about).all()
        return bool(asked) and all(answer is not None for _, answer in asked)

    def add(
        self,
        reference: str,
        agency: str,
        answer: Contribution | NilReturn | Refused | Failed,
        *,
        stage: Stage,
        author: str,
        plugin_version: str | None,
        at: datetime,
        released_by: str | None = None,
        prepared_version: int | None = None,
        is_new: bool = False,
    ) -> int:
        """Store an answer and return its version. An equal answer adds none, only when it was confirmed.

        One that ``is_new`` was typed otherwise, though it is stored alike.

        One that is equal to an erased one is a new version: the digest of what was erased stays.
        Raises NotFoundError where that agency was not asked.
        """
        request, earlier = self._versions(reference, agency)
        self._seen.pop((reference, agency))
        if request is None:
            raise NotFoundError("request", f"{reference} to {agency}", instead="ask the agency first")
        content = content_of(answer)
        key = digest(canonical([stage.value, author, plugin_version, content]))
        newest = next((each for each in reversed(earlier) if each.stage == stage.value), None)
        is_equal = newest is not None and newest.digest == key and not is_new
        if newest is not None and is_equal and not self._was_erased(newest.id):
            self._session.add(AnswerConfirmedRow(answer_id=newest.id, at=at))
            self._session.flush()
            return int(newest.version)
        version = len(earlier) + 1
        insert_all(
            self._session,
            AnswerRow,
            [
                {
                    "request_id": request,
                    "version": version,
                    "stage": stage.value,
                    "kind": answer.kind,
                    "content": content,
                    "digest": key,
                    "author": author,
                    "plugin_version": plugin_version,
                    "released_by": released_by,
                    "prepared_version": prepared_version,
                    "at": at,
                }
            ],
        )
        return version

    def link_evidence(self, references: Sequence[str]) -> dict[str, dict[str, tuple[LinkEvidence, ...]]]:
        """Return the link evidence of what is released now, by involvement and agency.

        Of an answer only this part is read: each is long.
        """
        found: dict[str, dict[str, tuple[LinkEvidence, ...]]] = {}
        for start in range(0, len(references), 500):
            about = {"references": list(references[start : start + 500])}
            for reference, agency, kind, evidence in self._session.execute(
                statements.evidence_released(), about
            ):
                if kind == _CONTRIBUTION and evidence:
                    found.setdefault(reference, {})[agency] = _EVIDENCE.validate_python(evidence)
        return found

    def formal_released(
        self, references: Sequence[str]
    ) -> dict[str, dict[str, list[tuple[datetime, tuple[Finding, ...]]]]]:
        """Return the formal findings of every release, by involvement and agency, oldest first.

        Of an answer only this part is read: each is long.
        """
        found: dict[str, dict[str, list[tuple[datetime, tuple[Finding, ...]]]]] = {}
        for start in range(0, len(references), 500):
            about = {"references": list(references[start : start + 500])}
            for reference, agency, at, findings in self._session.execute(_formal_released(), about):
                of_case = found.setdefault(reference, {})
                formal = tuple(Finding.model_validate(each) for each in findings or () if each.get("formal"))
                of_case.setdefault(agency, []).append((at, formal))
        return found

    def newest_version(self, reference: str, agency: str) -> int:
        """Return the number of the newest version of any stage; 0 if there is none.

        Raises NotFoundError if the referral does not exist.
        """
        _, earlier = self._versions(reference, agency)
        return earlier[-1].version if earlier else 0

    def returns(
        self, references: Sequence[str], *, agency: str | None = None
    ) -> dict[str, tuple[Returns, ...]]:
        """Return the requests of these involvements with all their answers, by agency's code.

        With ``agency``, those of that one, and no other agency's answers are read.
        """
        found: dict[str, list[Returns]] = {reference: [] for reference in references}
        for start in range(0, len(references), 500):
            for returns in self._returns(references[start : start + 500], agency=agency):
                found[returns.request.involvement].append(returns)
        return {ref: tuple(sorted(r, key=lambda x: x.request.agency)) for ref, r in found.items()}

    def has_released(self, reference: str, agency: str) -> bool:
        """Return whether this agency has released any answer about the involvement, a failed one too.

        Raises NotFoundError if the referral does not exist.
        """
        return any(version.stage == Stage.RELEASED.value for version in self._versions(reference, agency)[1])

    def of(self, reference: str, agency: str) -> Returns | None:
        """Return one agency's request about one involvement; None when it was not asked."""
        return next(iter(self._returns([reference], agency=agency)), None)

    def _returns(self, references: Sequence[str], *, agency: str | None = None) -> Iterable[Returns]:
        about = {"references": list(references)}
        if agency is None:
            requests = self._session.connection().execute(statements.requests(), about).all()
        else:
            requests = (
                self._session.connection()
                .execute(statements.requests_of_one(), {**about, "agency": agency})
                .all()
            )
        return self._with_answers(requests)

    def _with_answers(self, requests: Sequence[_Request]) -> Iterable[Returns]:
        asked = {"requests": [row[0] for row in requests]}
        answers: dict[int, list[_Answer]] = {}
        for answer in self._session.connection().execute(statements.answers(), asked):
            answers.setdefault(answer.request_id, []).append(answer)
        confirmed = self._confirmed(answer.id for given in answers.values() for answer in given)
        for number, agency, asked_at, due_at, was_shown, reference in requests:
            yield Returns(
                request=Request(
                    involvement=reference,
                    agency=agency,
                    asked_at=asked_at,
                    due_at=due_at,
                    was_shown=tuple(was_shown),
                ),
                answers=tuple(
                    _answer(agency, answer, confirmed.get(answer.id or 0))
                    for answer in answers.get(number or 0, [])
                ),
            )

    def _confirmed(self, numbers: Iterable[int | None]) -> dict[int, datetime]:
        """Return when each of these answers was last confirmed; one that never was is left out."""
        wanted = list(numbers)
        if not wanted:
            return {}
        rows = self._session.connection().execute(statements.confirmations(), {"answers": wanted}).all()
        return {int(number): at for number, at in rows}

    def _was_erased(self, answer: int) -> bool:
        content = select(col(AnswerRow.content)).where(col(AnswerRow.id) == answer)
        return "erased_by" in self._session.execute(content).scalar_one()

    def _versions(self, reference: str, agency: str) -> tuple[int | None, list[_Version]]:
        """Return the request's number, and the equality key of each of its answers; None: not asked.

        Read once, for the checks before an answer is added and for the adding itself.
        """
        if (reference, agency) not in self._seen:
            self._seen[reference, agency] = self._versions_now(
                involvement_id(self._session, reference), agency
            )
        return self._seen[reference, agency]

    def _versions_now(self, number: int, agency: str) -> tuple[int | None, list[_Version]]:
        rows = (
            self._session.connection()
            .execute(statements.equal_answer(), {"involvement": number, "agency": agency})
            .all()
        )
        if not rows:
            return None, []
        return rows[0][0], [
            _Version(answer, version, stage, key)
            for _, answer, version, stage, key in rows
            if answer is not None
        ]


def _answer(agency: str, row: _Answer, confirmed_at: datetime | None) -> StoredAnswer:
    return StoredAnswer(
        agency=agency,
        version=row.version,
        stage=Stage(row.stage),
        answer=ANSWER.validate_python(row.content),
        digest=row.digest,
        author=row.author,
        plugin_version=row.plugin_version,
        released_by=row.released_by,
        prepared_version=row.prepared_version,
        at=row.at,
        confirmed_at=confirmed_at,
    )


@cache
def _formal_released() -> Select[str, str, datetime, list[dict[str, object]]]:
    """Return involvement, agency, time and findings of each release, oldest first; a failure is none."""
    return (
        select(
            col(InvolvementRow.ref),
            col(RequestRow.agency),
            col(AnswerRow.at),
            col(AnswerRow.content)["findings"],
        )
        .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
        .where(
            col(InvolvementRow.ref).in_(bindparam("references", expanding=True)),
            col(AnswerRow.stage) == Stage.RELEASED.value,
            col(AnswerRow.kind) != statements.FAILED,
        )
        .order_by(col(AnswerRow.id))
    )
