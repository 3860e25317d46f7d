"""Decisions on a controller's answer: its own people read it first, then the officer decides and releases."""

from __future__ import annotations

from collections.abc import Sequence

from engine.access.policy import May, require, require_agency
from engine.access.replying import draft
from engine.domain.access.need_to_know import Why
from engine.domain.accounts.acting import Role
from engine.domain.agencies.directory import AgencyKnown
from engine.domain.errors import InvalidInputError, NotFoundError
from engine.domain.rights.subject_access import (
    OUR_RECORD,
    AccessFiles,
    AccessForOfficer,
    AccessRequest,
    AccessToClear,
    AddressKept,
    ClearedByController,
    ConfirmDecided,
    ControllerResult,
    ItemDecided,
    ReplyReleased,
    Step,
    StepKind,
)
from engine.domain.system.audit import digest
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.services.rights.subject_access_parts import (
    add_step,
    as_read,
    is_known_to,
    record_step,
    request_of,
    waiting_to_clear,
)


def to_clear(context: Context) -> tuple[AccessToClear, ...]:
    """Return what this person's own agency, or the STAC, has to read before the officer reads it."""
    with context.reading("see what is to be cleared") as work:
        require(May.CLEAR_ACCESS, context.acting)
        return tuple(waiting_to_clear(work, context.acting))


def clear(
    context: Context,
    *,
    request: str,
    controller: str,
    held_back: dict[int, Why] | None = None,
    answers_itself: bool = False,
) -> Step:
    """Record that the controller's people have read their answer; each item they withhold has a provision.

    Raises
    ------
    InvalidInputError
        The answer is missing and they do not answer themselves, an item does not exist, or the reply was
        released.
    NotFoundError
        No answer of this controller waits there.
    NotPermittedError
        The role does not permit it, or the controller is another agency.
    """
    with context.writing("clear what a controller told") as work:
        require(May.CLEAR_ACCESS, context.acting)
        if controller != OUR_RECORD or context.acting.role is Role.PRACTITIONER:
            require_agency(context.acting, controller)
        there = next((e for e in waiting_to_clear(work, context.acting) if e.reference == request), None)
        if there is None or there.controller != controller:
            raise NotFoundError(
                "answer to clear", request, instead="no records of this controller await review"
            )
        if there.told is None and not answers_itself:
            raise InvalidInputError(
                "answer",
                "no records were returned; confirm that your agency will reply to the person directly",
            )
        places = range(len(there.told.items) if there.told else 0)
        if any(place not in places for place in held_back or {}):
            raise InvalidInputError("held back", f"give item numbers from 0 to {len(places) - 1}")
        cleared_by_controller = ClearedByController(
            controller=controller, held_back=held_back or {}, answers_itself=answers_itself
        )
        return add_step(
            work,
            context.clock,
            context.acting,
            work.subject_access.get(there.reference),
            cleared_by_controller,
        )


def decide_item(
    context: Context, *, request: str, controller: str, place: int, release: bool, provision: str
) -> Step:
    """Release one item or withhold it, by the data-protection officer, and say under which provision.

    Raises
    ------
    InvalidInputError
        The reference or the provision is malformed, the controller withholds it, confirmation is not decided,
        or the reply was released.
    """
    with context.writing("decide on an item") as work:
        require(May.DECIDE_ACCESS, context.acting)
        there = request_of(work, context.acting, request)
        result, cleared = there.newest_by_controller().get(controller), there.cleared().get(controller)
        if result is None or result.told is None or cleared is None or place >= len(result.told.items):
            raise NotFoundError("item", f"{there.reference} {controller} {place}")
        if release and place in cleared.held_back:
            raise InvalidInputError("item", "its controller withholds it; ask the controller first")
        confirmed = there.confirmed()
        if release and not (confirmed and confirmed.confirms):
            raise InvalidInputError(
                "item", "releasing an item confirms that data is held; decide whether to confirm first"
            )
        decided = ItemDecided(
            controller=controller,
            place=place,
            is_released=release,
            provision=written_reason(provision, part="provision"),
        )
        return add_step(work, context.clock, context.acting, there, decided)


def decide_confirm(
    context: Context, *, request: str, confirms: bool, names_controllers: bool, why: str
) -> Step:
    """Decide, as the officer, whether this one reply says that anything is held, and names controllers.

    Raises
    ------
    InvalidInputError
        The reference or the reason is malformed, controllers are named but nothing is confirmed, or the reply
        was released.
    """
    if names_controllers and not confirms:
        raise InvalidInputError("names", "a 'neither confirm nor deny' reply cannot name controllers")
    confirm_decided = ConfirmDecided(
        confirms=confirms, names_controllers=names_controllers, why=written_reason(why)
    )
    return record_step(context, request, confirm_decided, May.DECIDE_ACCESS)


def for_officer(context: Context, *, request: str) -> AccessForOfficer:
    """Return a request as the officer works it: nothing that its own controller has not read.

    Raises
    ------
    InvalidInputError
        The reference of the request is malformed.
    """
    agencies = context.agencies_known
    with context.reading("see subject access request") as work:
        require(May.DECIDE_ACCESS, context.acting)
        return _for_officer(
            as_read(work, context.acting, request_of(work, context.acting, request)), agencies
        )


def list_requests(context: Context) -> tuple[AccessRequest, ...]:
    """Return the officer's requests, the earliest due first; without what controllers answered."""
    with context.reading("list subject access requests") as work:
        require(May.DECIDE_ACCESS, context.acting)
        there = [each for each in work.subject_access.all() if is_known_to(work, context.acting, each)]
        return tuple(sorted(there, key=lambda each: (each.due_on, each.reference)))


def both_files(context: Context, *, request: str) -> AccessFiles:
    """Return the draft reply and the internal schedule as they are now.

    Raises
    ------
    InvalidInputError
        The reference of the request is malformed.
    """
    agencies = context.agencies_known
    with context.reading("write subject access files") as work:
        require(May.DECIDE_ACCESS, context.acting)
        there = _for_officer(
            as_read(work, context.acting, request_of(work, context.acting, request)), agencies
        ).request
        return draft(there, names=_names(agencies), on=context.clock.today())


def release_reply(context: Context, *, request: str) -> AccessFiles:
    """Release the reply, by the officer and by name; its digest is stored.

    Raises
    ------
    InvalidInputError
        The reference is malformed, something is still missing, or the reply was released.
    """
    agencies = context.agencies_known
    with context.writing("release subject access reply") as work:
        require(May.DECIDE_ACCESS, context.acting)
        view = _for_officer(
            as_read(work, context.acting, request_of(work, context.acting, request)), agencies
        )
        missing = [*view.lacks]
        if view.not_asked:
            missing.append(f"an answer of {', '.join(view.not_asked)}")
        if view.not_cleared:
            missing.append(f"clearance by {', '.join(view.not_cleared)}")
        if missing:
            raise InvalidInputError(
                f"request {view.request.reference}", f"it lacks {'; '.join(missing)}; complete this first"
            )
        files = draft(view.request, names=_names(agencies), on=context.clock.today())
        reply = files.reply.split("\n", 2)[2]
        add_step(work, context.clock, context.acting, view.request, ReplyReleased(digest=digest(reply)))
        return files.model_copy(update={"reply": reply})


def reply_address(context: Context, *, request: str) -> str:
    """Return where the reply goes, for the officer's own page; no command prints it.

    Raises
    ------
    InvalidInputError
        The reference of the request is malformed.
    NotFoundError
        The request does not exist, or no address is recorded.
    """
    with context.reading("see reply address") as work:
        require(May.DECIDE_ACCESS, context.acting)
        there = request_of(work, context.acting, request)
        step = there.newest(StepKind.ADDRESS)
        if step is None or not isinstance(step.what, AddressKept):
            raise NotFoundError("reply address", there.reference, instead="none is recorded")
        content = work.protected.value(step.what.item, [there.reference])
        if content is None:
            raise NotFoundError("reply address", there.reference)
        return content.decode()


def _for_officer(request: AccessRequest, agencies: Sequence[AgencyKnown]) -> AccessForOfficer:
    """Return the request without what a controller's own people have not read yet."""
    results_by_name, cleared = request.newest_by_controller(), request.cleared()
    controllers = (OUR_RECORD, *(agency.code for agency in agencies))
    waiting = tuple(code for code in results_by_name if code not in cleared)
    steps = tuple(
        step
        for step in request.steps
        if not (isinstance(step.what, ControllerResult) and step.what.controller in waiting)
    )
    return AccessForOfficer(
        request=request.model_copy(update={"steps": steps}),
        not_asked=tuple(code for code in controllers if code not in results_by_name),
        not_cleared=tuple(sorted(waiting)),
        lacks=request.lacks_before_collecting(),
    )


def _names(agencies: Sequence[AgencyKnown]) -> dict[str, str]:
    return {OUR_RECORD: "the STAC's own record", **{agency.code: agency.name for agency in agencies}}
