"""The draft reply and the internal schedule of a subject access request, each from an allow-list. Pure.

The contents of the reply are named here; all else cannot get in. Nothing is removed afterwards.
"""

from __future__ import annotations

from datetime import date

from engine.domain.rights.subject_access import (
    AccessFiles,
    AccessRequest,
    ConfirmDecided,
    ControllerResult,
    ItemDecided,
    SafetyChecked,
)
from engine.domain.shown import shown

_NEITHER = (
    "We can neither confirm nor deny that we hold personal data about you. This does not mean that we do, "
    "or do not, hold data about you. Everyone whose request is about this service receives this answer."
)


def draft(request: AccessRequest, *, names: dict[str, str], on: date) -> AccessFiles:
    """Write both files as they are on this date; ``names`` are the controllers' names by code."""
    return AccessFiles(
        reference=request.reference,
        reply=_reply(request, names, on),
        schedule=_schedule(request, names, on),
    )


def _reply(request: AccessRequest, names: dict[str, str], on: date) -> str:
    confirmed = request.confirmed()
    lines = [
        "DRAFT REPLY: do not send until the data protection officer has released it",
        "",
        f"Our reference: {request.reference}",
        f"Date: {on:%-d %B %Y}",
        f"To: {request.asked_by.full_name}",
        "",
        f"You asked on {request.received_on:%-d %B %Y} for the personal data that is held about you.",
        "",
    ]
    if confirmed is None or not confirmed.confirms:
        lines += [_NEITHER]
    else:
        lines += ["This is the personal data about you that we can give you:", ""]
        lines += _items(request, confirmed, names)
    lines += [
        "",
        "You can ask us to review this, complain to the Information Commissioner, or apply to a court.",
        "[FILL IN: name and contact of the data protection officer; time limits]",
    ]
    return shown("\n".join(lines) + "\n")


def _items(request: AccessRequest, confirmed: ConfirmDecided, names: dict[str, str]) -> list[str]:
    lines = []
    for controller, result in sorted(request.newest_by_controller().items()):
        for place, item in enumerate(result.told.items if result.told else ()):
            decided = _decided(request, controller, place)
            if decided is None or not decided[0].is_released:
                continue
            dated = f" ({item.dated.in_words()})" if item.dated else ""
            held_by = f" Held by {names.get(controller, controller)}." if confirmed.names_controllers else ""
            lines.append(f"- {item.says}{dated}{held_by}")
    return lines or ["- none that we can give you"]


def _decided(request: AccessRequest, controller: str, place: int) -> tuple[ItemDecided, str] | None:
    step = request.decisions().get((controller, place))
    if step is None or not isinstance(step.what, ItemDecided):
        return None
    return step.what, step.by


def _schedule(request: AccessRequest, names: dict[str, str], on: date) -> str:
    confirmed = request.confirmed()
    sentence = "neither confirms nor denies (no other decision is recorded)"
    if confirmed is not None:
        text = "confirms" if confirmed.confirms else "neither confirms nor denies"
        named = ", names controllers" if confirmed.names_controllers else ", names no controller"
        sentence = f"{text}{named if confirmed.confirms else ''}: {confirmed.why}"
    lines = [
        "OFFICIAL-SENSITIVE. INTERNAL SCHEDULE: NEVER FOR THE REQUESTER",
        "",
        f"Request {request.reference}, status on {on:%-d %B %Y}; due {request.due_on:%-d %B %Y}",
        f"The reply {sentence}",
        f"Cases concerned: {', '.join(request.involvements) or 'none'}",
        "",
        *(_safety(s.what, s.by) for s in request.steps if isinstance(s.what, SafetyChecked)),
    ]
    for controller, answer in sorted(request.newest_by_controller().items()):
        lines += ["", f"{names.get(controller, controller)}", *_of_controller(request, controller, answer)]
    return shown("\n".join(lines) + "\n")


def _safety(said: SafetyChecked, by: str) -> str:
    about = said.involvement or "no case"
    conditions = f"; {said.conditions}" if said.conditions else ""
    return f"Safety check, {about}, by {by}: {'safe' if said.is_safe else 'NOT SAFE'} to reply{conditions}"


def _of_controller(request: AccessRequest, controller: str, result: ControllerResult) -> list[str]:
    cleared = request.cleared().get(controller)
    if cleared is not None and cleared.answers_itself:
        return ["  replies to the person directly"]
    if result.told is None:
        return [f"  failed, which is not a nil return: {result.failed}"]
    if cleared is None:
        return ["  records returned, not yet reviewed by its own people"]
    lines = []
    for place, item in enumerate(result.told.items):
        decided = _decided(request, controller, place)
        if place in cleared.held_back:
            stands = f"withheld by its controller: {cleared.held_back[place]}"
        elif decided is None:
            stands = "withheld: not decided yet"
        else:
            item_decided, by = decided
            stands = (
                f"{'released' if item_decided.is_released else 'withheld'}: {item_decided.provision} ({by})"
            )
        lines.append(f"  {place}. {item.kind} {item.record}: {stands}")
    gaps = [f"  not included: {gap}" for gap in result.told.gaps]
    if not lines:
        said = "no item" if gaps else "nil return"
        lines = [f"  {said}: searched {', '.join(result.told.looked_in)}"]
    return [*lines, *gaps]
