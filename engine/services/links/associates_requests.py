"""Requests to ask the record by people's associates: a purpose, a reason, a second person, one asking.

The request is answered by a coordinator or chair who is not the person who asks, and who may see the person
in the question. The answer to the question is cut by the access of the person who asks. A request and its
approvals apply only while their authors have the role that each was made in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

from pydantic import ValidationError

from engine.access.policy import WHO_MAY, May, links_permitted, require
from engine.clock import Clock
from engine.domain.access.approvals import AccessApproval
from engine.domain.accounts.acting import Acting, Role, User
from engine.domain.accounts.tasks import Task
from engine.domain.cases.worklists import WorkItem
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.links.associates import (
    ApprovalState,
    AssociatesAsked,
    AssociatesQuestion,
    AssociatesRequest,
    AssociatesRequests,
)
from engine.domain.vault.typed_texts import TypedWhere
from engine.services.access.checks import cases_compared, classes_shown, or_nowhere, permitted_links
from engine.services.access.masking import masked_by_each, masker_for
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.links.names import RecordNames
from engine.services.vault.typed_texts import note_that_it_tells
from engine.store.unit_of_work import Work

ASSOCIATES_ITEM = "associates request"
MOST_WAITING = 10
_SHOWN_FOR = timedelta(days=7)
_SENDING = timedelta(hours=1)
"""More than the sending of a request takes: its reason is compared a moment before it is stored."""


def associates_question(given: Mapping[str, object]) -> AssociatesQuestion:
    """Read the conditions of a form; a blank field adds none. Raises InvalidInputError."""
    filled = {name: each for name, each in given.items() if each not in (None, "")}
    if isinstance(of := filled.get("of"), str):
        filled["of"] = of.strip().upper()
    try:
        return AssociatesQuestion.model_validate(filled)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        place = str(fault["loc"][0]) if fault["loc"] else "question"
        wants = {
            "of": "give a person's reference such as P-7K3M9QV",
            "at_least": "give a number from 1 to 50",
        }
        text = wants.get(place, fault["msg"].removeprefix("Value error, "))
        raise InvalidInputError("question", text) from None


def purpose_named(text: str) -> Task:
    """Return the purpose of a request, of the closed list of tasks. Raises InvalidInputError."""
    try:
        return Task(text.strip().casefold())
    except ValueError:
        raise InvalidInputError("purpose", f"give one of: {', '.join(Task)}") from None


def request_associates(
    context: Context, *, question: AssociatesQuestion, purpose: Task, why: str
) -> AssociatesRequest:
    """Send one question for approval, with its purpose and a written reason. It is not asked yet.

    The reason is read by someone who may not see every case that its author does. So it is stored without
    the protected values of all of these.

    Raises
    ------
    InvalidInputError
        The reason is malformed, or the person has too many requests.
    """
    require(May.ASK_ASSOCIATES, context.acting)
    reason = written_reason(why)
    with context.reading("check reason about associates") as work:
        names = names_for(work, context.acting, context.clock)
        work.touches(*cases_asked_about(names, question))
        compared = cases_compared(work, context.acting)
        masked = masked_by_each(work=work, references=compared, text=reason)
        work.notes(compared=len(compared))  # not which have a value of the reason: that would confirm a guess
    at = context.clock.now()
    with context.writing("send question about associates", at=at, once=(question, purpose, why)) as work:
        names = names_for(work, context.acting, context.clock)
        work.touches(*cases_asked_about(names, question))
        mine = [each for each in work.links.associates.sent_since(at) if each.user == context.acting.user]
        if sum(_is_open(each) for each in mine) >= MOST_WAITING:
            raise InvalidInputError(
                "requests", f"you have {MOST_WAITING} that are not finished; withdraw one first"
            )
        asked = work.links.associates.ask(
            question,
            acting=context.acting,
            purpose=purpose,
            why=masked.text,
            at=at,
            lapses_at=at + timedelta(hours=context.settings.vault_ask_hours),
        )
        for case in masked.cases:
            note_that_it_tells(work, case, TypedWhere.REASON, by=context.acting.user, clock=context.clock)
        work.notes(request=asked.reference, purpose=purpose.value, by=question.asks_by)
        return _as_asked(work, asked, context.clock)


def associates_requests(context: Context) -> AssociatesRequests:
    """Return one's own recent requests, and those of others that one may answer."""
    require(May.ASK_ASSOCIATES, context.acting)
    with context.reading("list questions about associates") as work:
        names = names_for(work, context.acting, context.clock)
        found = AssociatesRequests(
            mine=tuple(_as_asked(work, each, context.clock) for each in _mine(work, context)),
            to_answer=tuple(
                _to_answer(work, context.acting, names, each)
                for each in _answerable(work, context.acting, context.clock)
            ),
        )
        work.notes(mine=len(found.mine), to_answer=len(found.to_answer))
        return found


def answer_associates(context: Context, *, reference: str, agrees: bool) -> None:
    """Approve another person's question, or refuse it. A refusal is final.

    One answer for every request that is not waiting: only its sender learns that it was refused.

    Raises
    ------
    InvalidInputError
        The reference is malformed.
    NotFoundError
        The request does not exist for the person who acts, is their own, or waits no more.
    """
    require(May.APPROVE_ASSOCIATES, context.acting)
    reference, at = read_reference("associates request", reference), context.clock.now()
    with context.writing("answer question about associates", at=at) as work:
        waiting = {each.reference: each for each in _answerable(work, context.acting, context.clock)}
        if reference not in waiting:
            raise NotFoundError("associates request", reference)
        names = names_for(work, context.acting, context.clock)
        work.touches(*cases_asked_about(names, waiting[reference].question))
        work.links.associates.say(reference, _answer(context, agrees=agrees))
        work.notes(request=reference, agrees=int(agrees))


def withdraw_associates(context: Context, *, reference: str) -> None:
    """Withdraw one's own request before it is used.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or the request is finished.
    """
    require(May.ASK_ASSOCIATES, context.acting)
    with context.writing("withdraw question about associates") as work:
        asked = my_request(work, context, reference)
        require_state(work, asked, context.clock, ApprovalState.AWAITING, ApprovalState.APPROVED)
        work.links.associates.say(asked.reference, _answer(context, agrees=False))
        work.notes(request=asked.reference)


def associates_items(work: Work, acting: Acting, clock: Clock) -> Iterator[WorkItem]:
    """Yield the lines of a worklist: requests that wait for this person, and what came of their own."""
    if acting.role not in WHO_MAY[May.ASK_ASSOCIATES]:
        return
    for each in _answerable(work, acting, clock):
        yield _line(each, "Answer a question about associates", "Another user asks for approval.")
    for each in work.links.associates.sent_since(clock.now()):
        state = _state(work, each, clock) if _is_of(each, acting) else None
        if state is ApprovalState.APPROVED:
            yield _line(each, "Ask the record about associates", "Your request is approved, for once.")
        elif state is ApprovalState.REFUSED:
            yield _line(each, "Read the answer about associates", "Your request is refused.")


def _line(asked: AssociatesAsked, what: str, why: str) -> WorkItem:
    return WorkItem(
        reference=asked.reference,
        what=what,
        why=f"{why} Purpose: {asked.purpose}.",
        due_at=asked.lapses_at,
        since=asked.at,
        is_overdue=False,
        is_alarm=False,
        kind=ASSOCIATES_ITEM,
    )


def names_for(work: Work, acting: Acting, clock: Clock) -> RecordNames:
    """Return what exists for this person; a part of a use case."""
    return RecordNames(work.links, work.links.cut(permitted_links(work, acting, on=clock.today())))


def cases_asked_about(names: RecordNames, question: AssociatesQuestion) -> tuple[str, ...]:
    """Return the cases of the person in a question. Raises NotFoundError if that person does not exist."""
    if question.of is None:
        return ()
    number = names.find(question.of)
    if number is None:
        raise NotFoundError("node", question.of)
    return names.cases_of(number)


def _answer(context: Context, *, agrees: bool) -> AccessApproval:
    acting = context.acting
    return AccessApproval(
        user=acting.user, role=acting.role, agency=acting.agency, agrees=agrees, at=context.clock.now()
    )


def _mine(work: Work, context: Context) -> list[AssociatesAsked]:
    """Return the requests that this person sent in their role lately."""
    sent = work.links.associates.sent_since(context.clock.now() - _SHOWN_FOR)
    return [each for each in sent if _is_of(each, context.acting)]


def _is_of(asked: AssociatesAsked, acting: Acting) -> bool:
    return (asked.user, asked.role, asked.agency) == (acting.user, acting.role, acting.agency)


def my_request(work: Work, context: Context, reference: str) -> AssociatesAsked:
    """Return a request that this person sent lately. Raises InvalidInputError and NotFoundError."""
    reference = read_reference("associates request", reference)
    for each in _mine(work, context):
        if each.reference == reference:
            return each
    raise NotFoundError("associates request", reference)


def require_state(work: Work, asked: AssociatesAsked, clock: Clock, *states: ApprovalState) -> None:
    """Refuse a request in another state, and name its state. Raises InvalidInputError."""
    state = _state(work, asked, clock)
    if state not in states:
        raise InvalidInputError(f"request {asked.reference}", f"it is '{state}'; {_INSTEAD[state]}")


_INSTEAD = {
    ApprovalState.AWAITING: "a coordinator or chair other than you approves it",
    ApprovalState.APPROVED: "it can be asked",
    ApprovalState.REFUSED: "a new request needs another reason",
    ApprovalState.USED: "an approval is for one asking; send it again",
    ApprovalState.WITHDRAWN: "send it again",
    ApprovalState.EXPIRED: "send it again",
}


def _is_open(asked: AssociatesAsked) -> bool:
    """Return whether it waits for an answer or for its asking. A refusal stays."""
    return not asked.is_used and all(answer.agrees for answer in asked.words)


def _state(work: Work, asked: AssociatesAsked, clock: Clock) -> ApprovalState:
    if asked.is_used:
        return ApprovalState.USED
    if asked.is_withdrawn:
        return ApprovalState.WITHDRAWN
    if not _is_open(asked):
        return ApprovalState.REFUSED
    if asked.lapses_at <= clock.now():
        return ApprovalState.EXPIRED
    is_approved = any(_still_applies(work, answer, asked, clock) for answer in asked.words)
    return ApprovalState.APPROVED if is_approved else ApprovalState.AWAITING


def _still_applies(work: Work, answer: AccessApproval, asked: AssociatesAsked, clock: Clock) -> bool:
    """Return whether the second person is still who they were when they approved, and may still see it."""
    if not _has_role(work, answer.user, answer.role, answer.agency, May.APPROVE_ASSOCIATES):
        return False
    acting = Acting(user=answer.user, role=answer.role or Role.SYSTEM, agency=answer.agency)
    return _exists_for(names_for(work, acting, clock), asked)


def _has_role(work: Work, name: str, role: Role | None, agency: str | None, act: May) -> bool:
    return _is_still(work.users.known(name), role, agency, act)


def _is_still(user: User | None, role: Role | None, agency: str | None, act: May) -> bool:
    if user is None or not user.active:
        return False
    return (user.role, user.agency) == (role, agency) and role in WHO_MAY[act]


def _exists_for(names: RecordNames, asked: AssociatesAsked) -> bool:
    return asked.question.of is None or names.find(asked.question.of) is not None


def _open_to(work: Work, acting: Acting, clock: Clock) -> list[AssociatesAsked]:
    """Return the requests of others that this person may approve or refuse."""
    if acting.role not in WHO_MAY[May.APPROVE_ASSOCIATES]:
        return []
    users = {user.name: user for user in work.users.all()}
    others = [
        each
        for each in work.links.associates.sent_since(clock.now())
        if each.user != acting.user
        and _is_open(each)
        and _is_still(users.get(each.user), each.role, each.agency, May.ASK_ASSOCIATES)
    ]
    # The same statements whatever was asked: that someone exists may be what this person may not know of.
    there = _people_there(work, acting, clock, {each.question.of or "" for each in others})
    return [each for each in others if each.question.of is None or each.question.of in there]


def _people_there(work: Work, acting: Acting, clock: Clock, asked: Collection[str]) -> frozenset[str]:
    """Return those of these people who exist for this person, by the cases of their links."""
    people = work.links.people(asked)
    cases = or_nowhere(work.links.cases_of_people(people))
    shut_out = work.need_to_know.shut_out_of(acting.user).intersection(cases)
    permitted = links_permitted(
        acting,
        named_on=frozenset(or_nowhere(work.cases.open_to(acting.user, among=cases))),
        shut_out_of=frozenset(or_nowhere(shut_out)),
        classes=classes_shown(work, acting, on=clock.today()),
    )
    there = work.links.people_there(people, work.links.cut(permitted))
    return frozenset(people[each] for each in there)


def _answerable(work: Work, acting: Acting, clock: Clock) -> list[AssociatesAsked]:
    """Return those of them without an approval that applies."""
    return [
        each
        for each in _open_to(work, acting, clock)
        if not any(_still_applies(work, answer, each, clock) for answer in each.words)
    ]


def _as_asked(work: Work, asked: AssociatesAsked, clock: Clock) -> AssociatesRequest:
    return _request(asked, _state(work, asked, clock), None)


def _to_answer(work: Work, acting: Acting, names: RecordNames, asked: AssociatesAsked) -> AssociatesRequest:
    """Return a request as a second person reads it, its reason masked also by values stored since then.

    Only those of cases that exist for its sender or its reader are compared: of another case a masked word
    would reveal to them that it exists.
    """
    cases = cases_asked_about(names, asked.question)
    work.touches(*cases)
    sender = Acting(user=asked.user, role=asked.role, agency=asked.agency)
    known = {case for each in (sender, acting) for case in cases_compared(work, each)}
    newer = work.protected.cases_since(asked.at - _SENDING) & known
    masker = masker_for(work=work, involvements=sorted({*cases, *newer}), reader=acting.user)
    masked = masker.masked(asked.why, by=asked.user)
    return _request(asked, ApprovalState.AWAITING, masked)


def _request(asked: AssociatesAsked, state: ApprovalState, why: str | None) -> AssociatesRequest:
    return AssociatesRequest(
        reference=asked.reference,
        question=asked.question,
        purpose=asked.purpose,
        user=asked.user,
        state=state,
        why=why,
        at=asked.at,
        lapses_at=asked.lapses_at,
    )
