"""Subject access requests: recorded, checked for safety, and put to each controller.

Recording a request shows nothing of it to the recorder. One controller at a time answers for its own data.
"""

from __future__ import annotations

from datetime import date

from engine.access.policy import May, require, require_advocate
from engine.domain.accounts.acting import Acting, Role
from engine.domain.agencies.people import SubjectAccessResult
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.ids import read_reference
from engine.domain.people.persons import PersonDescribed
from engine.domain.referrals.intake import ProtectedKind, ProtectedValue
from engine.domain.rights.retention import months_after
from engine.domain.rights.subject_access import (
    OUR_RECORD,
    AccessRequest,
    AddressKept,
    ControllerResult,
    IdentityChecked,
    SafetyChecked,
    Step,
)
from engine.domain.vault.typed_texts import TypedWhere
from engine.identity.identifiers import shared_identifiers
from engine.services.access.checks import open_case
from engine.services.access.restrictions import speaks_for_victim, written_reason
from engine.services.context import Context, VaultContext
from engine.services.rights.subject_access_networks import with_networks
from engine.services.rights.subject_access_outcomes import accounts_of_requester
from engine.services.rights.subject_access_parts import (
    KIND,
    add_step,
    record_step,
    request_of,
    waiting_for_safety,
)
from engine.services.rights.subject_access_record import told_of
from engine.services.vault.protected_details import store_protected
from engine.services.vault.typed_texts import check_typed
from engine.store.unit_of_work import Work

_MONTHS = 1


def open_request(
    context: Context,
    *,
    person: str | None = None,
    asked_by: PersonDescribed | None = None,
    received_on: date | None = None,
) -> AccessRequest:
    """Record a request: by the reference of a person record, or by the requester's own description.

    Its cases are worked out only from exact identifiers and are not shown here: the recorder learns nothing
    from it.

    Raises
    ------
    InvalidInputError
        Neither or both of person and description are given, the name is missing, the reference is malformed,
        or the date is in the future.
    """
    with context.writing("record subject access request", once=(person, asked_by, received_on)) as work:
        require(May.RECORD_ACCESS, context.acting)
        if (person is None) == (asked_by is None):
            raise InvalidInputError("person", "give either a person's reference, or a name, but not both")
        if asked_by is not None and not (asked_by.forename or asked_by.surname):
            raise InvalidInputError("person", "give a name, or a person's reference")
        day = received_on or context.clock.today()
        if day > context.clock.today():
            raise InvalidInputError("received", "give the date it was received, today or earlier")
        described, known = (asked_by, None) if asked_by else _known(work, context.acting, person or "")
        assert described is not None
        persons, involvements = _theirs(work, described, known)
        request = work.subject_access.open(
            AccessRequest(
                reference="",
                asked_by=described,
                persons=persons,
                involvements=involvements,
                received_on=day,
                due_on=months_after(day, _MONTHS),
                by=context.acting.user,
                at=context.clock.now(),
            )
        )
        work.notes(request=request.reference)
        return request.model_copy(update={"persons": (), "involvements": ()})


def record_identity(context: Context, *, request: str, how: str) -> Step:
    """Record how the requester showed who they are.

    Raises
    ------
    InvalidInputError
        The reference or the text is malformed, or the reply was released.
    """
    return record_step(context, request, IdentityChecked(how=written_reason(how, part="identity")))


def record_address(context: VaultContext, *, request: str, address: str) -> Step:
    """Store where the reply goes, among the protected values; only the officer sees it.

    Raises
    ------
    InvalidInputError
        The address is empty or too long, the reference is malformed, or the reply was released.
    """
    value = address.strip()
    if not value or len(value) > 500:
        raise InvalidInputError("address", "give the reply address in at most 500 characters")
    with context.writing("record reply address") as work:
        require(May.RECORD_ACCESS, context.acting)
        there = request_of(work, context.acting, request)
        pair = (there.reference, ProtectedValue(kind=ProtectedKind.ADDRESS, value=value))
        (item,) = store_protected(
            work=work, key=context.key, clock=context.clock, values=[pair], told_by="requester"
        )
        return add_step(work, context.clock, context.acting, there, AddressKept(item=item))


def say_safety(
    context: Context, *, request: str, reference: str, is_safe: bool, conditions: str | None = None
) -> Step:
    """Record whether replying is safe, and under what conditions: by the advocate on a case, or its chair.

    Raises
    ------
    InvalidInputError
        A reference or the conditions are malformed, an unsafe reply has no reason, or the reply was released.
    NotFoundError
        The case is not open to the person who acts, or the request does not concern it.
    NotPermittedError
        Only the chair and the victim's advocate may do this.
    """
    agencies = context.agencies_known
    with context.writing("say whether a reply is safe") as work:
        involvement = open_case(work, context.acting, reference, May.SAY_SAFETY)
        case = involvement.reference
        require_advocate(
            May.SAY_SAFETY,
            context.acting,
            speaks_for_victim=speaks_for_victim(context.acting, agencies),
        )
        there = work.subject_access.get(read_reference(KIND, request))
        if case not in there.involvements:
            raise NotFoundError(KIND, there.reference)
        said = SafetyChecked(
            involvement=case,
            is_safe=is_safe,
            conditions=written_reason(conditions, part="conditions") if conditions else None,
        )
        if not is_safe and conditions is None:
            raise InvalidInputError("conditions", "give the reason why a reply is unsafe")
        check_typed(
            work, involvement, TypedWhere.REASON, [conditions], acting=context.acting, clock=context.clock
        )
        return add_step(work, context.clock, context.acting, there, said)


def safety_to_say(context: Context) -> tuple[tuple[str, str], ...]:
    """Return the (request, case) pairs that wait for this person's safety check."""
    agencies = context.agencies_known
    with context.reading("see what waits for a safety check") as work:
        require(May.SAY_SAFETY, context.acting)
        return tuple(waiting_for_safety(work, context.acting, agencies))


def person_to_ask(context: Context, *, request: str) -> PersonDescribed:
    """Return whom a controller is asked about, once everything that must come before is recorded.

    Raises
    ------
    InvalidInputError
        The reference is malformed, or something that must come before is not recorded.
    """
    with context.reading("see whom a request is about") as work:
        require(May.DECIDE_ACCESS, context.acting)
        there = request_of(work, context.acting, request)
        lacks = there.lacks_before_collecting()
        if lacks:
            raise InvalidInputError(
                f"request {there.reference}",
                f"no agency can be asked yet; record {' and '.join(lacks)} first",
            )
        numbers = {
            (each.scheme, each.value): each
            for ref in there.persons
            for each in work.subject_access.person(ref)[0].identifiers
        }
        known = {(each.scheme, each.value): each for each in there.asked_by.identifiers}
        return there.asked_by.model_copy(update={"identifiers": tuple({**known, **numbers}.values())})


def record_controller_result(context: Context, *, request: str, result: ControllerResult) -> Step:
    """Store what one controller's records gave; its own people read it before the officer does.

    Raises
    ------
    InvalidInputError
        The reference is malformed, something that must come before is not recorded, or the reply was
        released.
    """
    with context.writing("keep what a controller told") as work:
        require(May.DECIDE_ACCESS, context.acting)
        there = request_of(work, context.acting, request)
        if there.lacks_before_collecting():
            raise InvalidInputError(f"request {there.reference}", "no agency has been asked yet")
        step = add_step(work, context.clock, context.acting, there, result)
        work.notes(controller=result.controller)
        return step


def held_here(context: Context, *, request: str, controller: str) -> SubjectAccessResult | None:
    """Return what this record holds of the requester for one controller; None without any.

    For this record itself: that a referral named them, when and as what. For an agency: the victim's own
    account that it entered.

    Raises
    ------
    InvalidInputError
        The reference of the request is malformed.
    """
    is_own = controller == OUR_RECORD
    with context.reading(
        "collect from our own record" if is_own else "collect a victim's own account"
    ) as work:
        require(May.DECIDE_ACCESS, context.acting)
        there = request_of(work, context.acting, request)
        if is_own:
            return with_networks(work, context, there, told_of(work, there, on=context.clock.today()))
        return accounts_of_requester(work, there, agency=controller)


def _known(work: Work, acting: Acting, person: str) -> tuple[PersonDescribed, str]:
    """Return a person record by its reference; for all but the officer its case must be open to them."""
    reference = read_reference("person", person)
    described, involvement = work.subject_access.person(reference)
    if acting.role is not Role.DATA_PROTECTION:
        open_case(work, acting, involvement, May.RECORD_ACCESS)
    elif involvement in work.need_to_know.shut_out_of(acting.user):
        raise NotFoundError("person record", reference)
    return described, reference


def _theirs(
    work: Work, described: PersonDescribed, known: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the person records that are the requester's by an exact number, and their cases."""
    found = work.people.with_identifiers(shared_identifiers(described))
    persons = {each.reference: each.involvement for each in found}
    if known is not None:
        persons[known] = work.subject_access.person(known)[1]
    return tuple(sorted(persons)), tuple(sorted(set(persons.values())))
