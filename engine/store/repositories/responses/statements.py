"""Statements about requests and answers, each built once in a process.

Building a statement takes up to ten times as long as running it. Terms in ``ticks`` are its parameters.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    func,
    join,
    or_,
    select,
    text,
)
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.domain.accounts.acting import Role
from engine.domain.people.persons import ClaimedRole
from engine.domain.responses.answers import Failed, Stage
from engine.store.tables.accounts import UserRow
from engine.store.tables.cases.involvements import CaseMemberRow, InvolvementRow
from engine.store.tables.people.persons import PersonRecordRow, RoleClaimRow
from engine.store.tables.responses.answers import ANSWERED_AGAIN, AnswerConfirmedRow, AnswerRow, RequestRow

FAILED: str = Failed.model_fields["kind"].default


@cache
def agencies_asked() -> Select[str, int | None, list[str]]:
    """Return the agencies asked about an ``involvement``, the request's number, and what each was shown."""
    return select(col(RequestRow.agency), col(RequestRow.id), col(RequestRow.was_shown)).where(
        col(RequestRow.involvement_id) == bindparam("involvement")
    )


@cache
def agencies_in() -> Select[str]:
    """Return those of them that have answered, otherwise than by failing."""
    return (
        select(col(RequestRow.agency))
        .join(AnswerRow, col(AnswerRow.request_id) == col(RequestRow.id))
        .where(col(RequestRow.involvement_id) == bindparam("involvement"), col(AnswerRow.kind) != FAILED)
        .distinct()
    )


@cache
def released_by_asked() -> Select[str, int | None]:
    """Return each agency that was asked, with an answer that it released and that did not fail,
    if there is one.
    """
    return (
        select(col(RequestRow.agency), func.max(AnswerRow.id))
        .outerjoin(
            AnswerRow,
            and_(
                col(AnswerRow.request_id) == col(RequestRow.id),
                col(AnswerRow.stage) == Stage.RELEASED.value,
                col(AnswerRow.kind) != FAILED,
            ),
        )
        .where(col(RequestRow.involvement_id) == bindparam("involvement"))
        .group_by(col(RequestRow.agency))
    )


@cache
def evidence_released() -> Select[str, str, str, object]:
    """Return involvement, agency and kind of the newest good release about these ``references``.

    Of its content only the link evidence is returned. A release of what was prepared before the newest record
    of the alleged perpetrator, and not confirmed since, is left out: it may be about another person.
    """
    newer = aliased(AnswerRow)
    is_replaced = exists().where(
        col(newer.request_id) == col(AnswerRow.request_id),
        col(newer.stage) == Stage.RELEASED.value,
        col(newer.kind) != FAILED,
        col(newer.version) > col(AnswerRow.version),
    )
    described = (
        select(func.max(PersonRecordRow.created_at))
        .join(RoleClaimRow, col(RoleClaimRow.person_record_id) == col(PersonRecordRow.id))
        .where(
            col(PersonRecordRow.involvement_id) == col(InvolvementRow.id),
            col(RoleClaimRow.role) == ClaimedRole.PERPETRATOR.value,
        )
        .correlate(InvolvementRow)
        .scalar_subquery()
    )
    is_confirmed = exists().where(
        col(AnswerConfirmedRow.answer_id) == col(AnswerRow.id), col(AnswerConfirmedRow.at) >= described
    )
    prepared = aliased(AnswerRow)
    is_prepared_since = ~exists().where(
        col(prepared.request_id) == col(AnswerRow.request_id),
        col(prepared.version) == col(AnswerRow.prepared_version),
        col(prepared.at) < described,
        ~exists().where(
            col(AnswerConfirmedRow.answer_id) == col(prepared.id), col(AnswerConfirmedRow.at) >= described
        ),
    )
    return (
        select(
            col(InvolvementRow.ref),
            col(RequestRow.agency),
            col(AnswerRow.kind),
            col(AnswerRow.content)["link_evidence"],
        )
        .join(RequestRow, col(RequestRow.id) == col(AnswerRow.request_id))
        .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
        .where(
            col(InvolvementRow.ref).in_(bindparam("references", expanding=True)),
            col(AnswerRow.stage) == Stage.RELEASED.value,
            col(AnswerRow.kind) != FAILED,
            ~is_replaced,
            or_(described.is_(None), and_(col(AnswerRow.at) >= described, is_prepared_since), is_confirmed),
        )
        .order_by(col(AnswerRow.id))
    )


@cache
def equal_answer() -> Select[int | None, int | None, int, str, str]:
    """Return the equality key of each answer of one ``agency``; only the request when there is none."""
    return (
        select(
            col(RequestRow.id),
            col(AnswerRow.id),
            col(AnswerRow.version),
            col(AnswerRow.stage),
            col(AnswerRow.digest),
        )
        .outerjoin(AnswerRow, col(AnswerRow.request_id) == col(RequestRow.id))
        .where(
            col(RequestRow.involvement_id) == bindparam("involvement"),
            col(RequestRow.agency) == bindparam("agency"),
        )
        .order_by(col(AnswerRow.version))
    )


def _requests() -> Select[int | None, str, datetime, datetime, list[str], str]:
    return select(
        col(RequestRow.id),
        col(RequestRow.agency),
        col(RequestRow.asked_at),
        col(RequestRow.due_at),
        col(RequestRow.was_shown),
        col(InvolvementRow.ref),
    ).join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))


@cache
def requests() -> Select[int | None, str, datetime, datetime, list[str], str]:
    """Return the requests about these ``references``."""
    return _requests().where(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)))


@cache
def requests_of_one() -> Select[int | None, str, datetime, datetime, list[str], str]:
    """Return the same of one ``agency``."""
    return requests().where(col(RequestRow.agency) == bindparam("agency"))


def _awaits_release() -> ColumnElement[bool]:
    later, released = aliased(AnswerRow), aliased(AnswerRow)
    is_dealt_with = exists().where(
        col(released.request_id) == col(later.request_id),
        col(released.stage) == Stage.RELEASED.value,
        col(released.prepared_version) >= col(later.version),
    )
    return exists().where(
        col(later.request_id) == col(RequestRow.id),
        col(later.stage) == Stage.PREPARED.value,
        ~is_dealt_with,
    )


def _is_answered() -> ColumnElement[bool]:
    """Return whether a good answer to the request was released."""
    return exists().where(
        col(AnswerRow.request_id) == col(RequestRow.id),
        col(AnswerRow.stage) == Stage.RELEASED.value,
        col(AnswerRow.kind) != FAILED,
    )


def _answered_at() -> ScalarSelect[datetime]:
    """Return when a good answer to the request was first released."""
    first = aliased(AnswerRow)
    return (
        select(func.min(col(first.at)))
        .where(
            col(first.request_id) == col(RequestRow.id),
            col(first.stage) == Stage.RELEASED.value,
            col(first.kind) != FAILED,
        )
        .correlate(RequestRow)
        .scalar_subquery()
    )


def _of_newest_release(term: str) -> ScalarSelect[str]:
    """Return one term of the newest answer that was released to the request."""
    newest = aliased(AnswerRow)
    return (
        select(col(newest.content)[term].as_string())
        .where(col(newest.request_id) == col(RequestRow.id), col(newest.stage) == Stage.RELEASED.value)
        .order_by(col(newest.version).desc())
        .limit(1)
        .correlate(RequestRow)
        .scalar_subquery()
    )


@cache
def not_released() -> Select[str, str, datetime, datetime]:
    """Return the requests about these ``references`` that no good answer was released to: the case, the
    agency, when it was asked and is due.
    """
    return (
        select(
            col(InvolvementRow.ref), col(RequestRow.agency), col(RequestRow.asked_at), col(RequestRow.due_at)
        )
        .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
        .where(col(InvolvementRow.ref).in_(bindparam("references", expanding=True)), ~_is_answered())
        .order_by(col(RequestRow.id))
    )


@cache
def answered_again() -> Select[str]:
    """Return the cases that name a ``user`` whose request to one ``agency`` has a further answer, prepared or
    written by hand.

    A partial index has the few that have: its condition is written out as there.
    """
    return (
        select(col(InvolvementRow.ref))
        .join(RequestRow, col(RequestRow.involvement_id) == col(InvolvementRow.id))
        .join(AnswerRow, col(AnswerRow.request_id) == col(RequestRow.id))
        .join(CaseMemberRow, col(CaseMemberRow.involvement_id) == col(InvolvementRow.id))
        .where(
            text(ANSWERED_AGAIN),
            col(RequestRow.agency).concat("") == bindparam("agency"),
            col(CaseMemberRow.user_name).concat("") == bindparam("user"),
        )
        .distinct()
    )


@cache
def requests_that_wait() -> Select[str, str, datetime, datetime, bool, datetime | None, str | None]:
    """Return requests to one ``agency`` that await a release or have no good answer, newest case first,
    about these ``references``. By its index the database would read all that the agency was ever asked.

    With each: the case and its state, when it was asked and is due, whether it awaits a release, when a good
    answer was first released, and why its newest release failed, if it did.
    """
    awaits_release = _awaits_release()
    return (
        select(
            col(InvolvementRow.ref),
            col(InvolvementRow.state),
            col(RequestRow.asked_at),
            col(RequestRow.due_at),
            awaits_release.label("awaits_release"),
            _answered_at().label("answered_at"),
            _of_newest_release("reason").label("failed"),
        )
        .join(RequestRow, col(RequestRow.involvement_id) == col(InvolvementRow.id))
        .where(
            col(InvolvementRow.ref).in_(bindparam("references", expanding=True)),
            col(RequestRow.agency).concat("") == bindparam("agency"),
            or_(awaits_release, ~_is_answered()),
        )
        .order_by(col(InvolvementRow.received_at).desc(), col(InvolvementRow.id).desc())
    )


@cache
def answers() -> Select[*tuple[object, ...]]:
    """Return every version of the answers to these ``requests``."""
    return (
        select(
            col(AnswerRow.id),
            col(AnswerRow.request_id),
            col(AnswerRow.version),
            col(AnswerRow.stage),
            col(AnswerRow.content),
            col(AnswerRow.digest),
            col(AnswerRow.author),
            col(AnswerRow.plugin_version),
            col(AnswerRow.released_by),
            col(AnswerRow.prepared_version),
            col(AnswerRow.at),
        )
        .where(col(AnswerRow.request_id).in_(bindparam("requests", expanding=True)))
        .order_by(col(AnswerRow.version))
    )


@cache
def confirmations() -> Select[int, datetime]:
    """Return when each of these ``answers`` was last confirmed."""
    return (
        select(col(AnswerConfirmedRow.answer_id), func.max(AnswerConfirmedRow.at))
        .where(col(AnswerConfirmedRow.answer_id).in_(bindparam("answers", expanding=True)))
        .group_by(col(AnswerConfirmedRow.answer_id))
    )


@cache
def unanswered() -> Select[str, str, datetime, datetime, bool]:
    """Return requests about those of these ``references`` that are in ``states`` without a good released
    answer.

    With each: the case, the agency, when it was asked and is due, and whether its newest answer failed with
    none prepared.
    """
    released = exists().where(
        col(AnswerRow.request_id) == col(RequestRow.id), col(AnswerRow.stage) == Stage.RELEASED.value
    )
    has_failed = and_(released, ~_awaits_release(), _of_newest_release("erased_by").is_(None))
    return (
        select(
            col(InvolvementRow.ref),
            col(RequestRow.agency),
            col(RequestRow.asked_at),
            col(RequestRow.due_at),
            has_failed.label("has_failed"),
        )
        .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
        .where(
            col(InvolvementRow.state).in_(bindparam("states", expanding=True)),
            col(InvolvementRow.ref).in_(bindparam("references", expanding=True)),
            ~_is_answered(),
        )
        .order_by(col(RequestRow.agency))
    )


@cache
def unreleased() -> Select[str, str, datetime, datetime, str | None]:
    """Return requests in ``states`` without a good released answer that no one on the case can release, but
    perhaps one of these ``users``: one row for each of them, or one row with None.
    """
    can_release = and_(
        col(CaseMemberRow.involvement_id) == col(RequestRow.involvement_id),
        col(UserRow.agency) == col(RequestRow.agency),
        col(UserRow.role) == Role.PRACTITIONER.value,
        col(UserRow.active),
    )
    there = join(CaseMemberRow, UserRow, col(UserRow.name) == col(CaseMemberRow.user_name))
    another = (
        exists()
        .select_from(there)
        .where(can_release, col(UserRow.name).not_in(bindparam("users", expanding=True)))
    )
    return (
        select(
            col(InvolvementRow.ref),
            col(RequestRow.agency),
            col(RequestRow.asked_at),
            col(RequestRow.due_at),
            col(UserRow.name),
        )
        .join(InvolvementRow, col(InvolvementRow.id) == col(RequestRow.involvement_id))
        .outerjoin(there, can_release)
        .where(
            col(InvolvementRow.state).in_(bindparam("states", expanding=True)),
            ~another.correlate(RequestRow),
            ~_is_answered(),
        )
        .order_by(col(RequestRow.asked_at), col(RequestRow.id), col(UserRow.name))
    )
