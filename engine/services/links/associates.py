"""Approved questions to the record by people's associates: answered once, by reference, for few people.

The answer is cut by the access of the person who asks, and ranks no person.
"""

from __future__ import annotations

import numpy as np

from engine.access.policy import May, require
from engine.domain.errors import InvalidInputError
from engine.domain.links.associates import (
    WHO_IS_LISTED,
    ApprovalState,
    AssociatesAsked,
    AssociatesFound,
    AssociatesQuestion,
    OwnIncidents,
)
from engine.domain.links.items_question import ItemFound
from engine.links.associates import associates, in_incident, perpetrators_only
from engine.services.context import Context
from engine.services.links.associates_requests import (
    cases_asked_about,
    my_request,
    names_for,
    require_state,
)
from engine.services.links.items import MOST_LISTED
from engine.services.links.measurable import adults
from engine.services.links.names import RecordNames
from engine.services.links.register import viewer_register
from engine.services.links.snapshots import LinkSnapshots
from engine.store.unit_of_work import Work


def ask_associates(context: Context, *, reference: str, snapshots: LinkSnapshots) -> AssociatesFound:
    """Ask an approved question of the record, once, within the access of the person who acts.

    The record is searched in a transaction that only reads. The answer is delivered once its use is stored.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the request is not approved, or the person in it has no associates that
        are listed.
    NotFoundError
        The person who acts sent no such request lately, or the person in it does not exist for them any more.
    """
    require(May.ASK_ASSOCIATES, context.acting)
    with context.reading("work out question about associates") as work:
        asked, names = _approved(work, context, reference)
        found = _found(work, context, asked.question, names, snapshots)
        work.notes(request=asked.reference)
    with context.writing("ask about associates") as work:
        asked, _ = _approved(work, context, reference)
        work.links.associates.use(asked.reference, at=context.clock.now())
        work.notes(
            request=asked.reference,
            purpose=asked.purpose.value,
            by=asked.question.asks_by,
            items=found.number,
        )
    return found


def _approved(work: Work, context: Context, reference: str) -> tuple[AssociatesAsked, RecordNames]:
    asked = my_request(work, context, reference)
    require_state(work, asked, context.clock, ApprovalState.APPROVED)
    names = names_for(work, context.acting, context.clock)
    work.touches(*cases_asked_about(names, asked.question))
    return asked, names


def _found(
    work: Work, context: Context, question: AssociatesQuestion, names: RecordNames, snapshots: LinkSnapshots
) -> AssociatesFound:
    opened = viewer_register(work, context.acting, context.clock, snapshots)
    register = opened.register
    people = perpetrators_only(register)
    pairs = associates(register, people)
    subject = None if question.of is None else register.find(question.of)
    if subject is not None:
        near = np.zeros(len(register), dtype=bool)
        near[pairs.other[pairs.one == subject]] = True
        pairs = pairs.where(near[pairs.one])
    if question.own_incidents is not None:
        own = in_incident(register)
        if question.own_incidents is OwnIncidents.NONE:
            own = ~own
        pairs = pairs.where(own[pairs.one])
    counted = in_incident(register, since=question.since, until=question.until)
    if question.of is None:  # of one person's associates those with none to count are listed too
        pairs = pairs.where(counted[pairs.other])
    rows = np.unique(np.concatenate([pairs.one, pairs.other]))
    if subject is not None:
        rows = np.unique(np.append(rows, subject))
    nodes = register.nodes[rows]
    adult = adults(names, nodes.tolist(), context.clock.today())
    may_be_listed = np.zeros(len(register), dtype=bool)
    may_be_listed[rows] = [node in adult for node in nodes.tolist()]
    if question.of is not None and (subject is None or not (may_be_listed & people)[subject]):
        raise InvalidInputError("question", f"this person has no associates that are listed. {WHO_IS_LISTED}")
    pairs = pairs.where(may_be_listed[pairs.one] & may_be_listed[pairs.other])
    values = np.bincount(pairs.one[counted[pairs.other]], minlength=len(register))
    those = [int(row) for row in np.unique(pairs.one) if values[row] >= question.fewest]
    listed = those[:MOST_LISTED]
    items = [
        ItemFound(reference=reference, label=label, links=int(values[row]))
        for row, (reference, label) in zip(listed, register.named(listed), strict=True)
    ]
    return AssociatesFound(
        question=question,
        items=tuple(sorted(items, key=lambda item: item.reference)),
        number=len(those),
        snapshot_at=opened.seen.made_at,
        changed_since=opened.seen.changed,
    )
