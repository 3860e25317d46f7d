"""The pack for a victim, from an allow-list: only what is named here can be in it. Pure.

No name of any person, no address, no agency and none of its items, no judgement of risk. A person whom the
victim lives with may find it, and it may be read out in a court.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from engine.domain.base import Frozen
from engine.domain.rights.informing_victims import (
    NoticeGiven,
    RightToKnowDecided,
    VictimInformedEvent,
    VictimPack,
)
from engine.domain.shown import shown


class Offered(Frozen):
    """One action of the plan that coordinators and chair let the victim read."""

    what: str
    due: date


class Informed(Frozen):
    """A notice that reached the victim."""

    what: str
    happened_on: date
    informed_on: date


class Allowed(Frozen):
    """Everything that can come into a pack."""

    reference: str
    conference_on: date | None
    review_on: date | None
    actions: tuple[Offered, ...]
    words: tuple[str, ...]
    events: tuple[VictimInformedEvent, ...]
    notices: tuple[Informed, ...] = ()


def written(allowed: Allowed, *, on: date) -> VictimPack:
    """Write the pack as a text that a person can read aloud."""
    lines = [
        "FOR YOU, FROM YOUR ADVOCATE",
        "",
        f"Our reference: {allowed.reference}",
        f"Date: {_day(on)}",
        "",
    ]
    if allowed.conference_on:
        lines.append(f"Several agencies met on {_day(allowed.conference_on)} to discuss what was reported.")
    if allowed.review_on:
        lines.append(f"They will review it by {_day(allowed.review_on)}.")
    lines += _listed("What is being done", [_action(each) for each in allowed.actions])
    lines += _listed("What they want you to know", allowed.words)
    informed = [_informed(each.what, each.happened_on, each.informed_on) for each in allowed.notices]
    informed += [said for event in allowed.events for said in _lines_of(event)]
    lines += _listed("What you were informed of", informed)
    lines += [
        "",
        "Ask your advocate about anything that is not here. You can tell them at any time what you want to",
        "happen, and what may be shared. If you are in danger, call 999.",
    ]
    return VictimPack(reference=allowed.reference, text=shown("\n".join(lines) + "\n"))


def _action(action: Offered) -> str:
    return f"{action.what} (by {_day(action.due)})"


def _lines_of(event: VictimInformedEvent) -> list[str]:
    match event.what:
        case NoticeGiven(told_on=date() as day, of=of, happened_on=happened):
            return [_informed(of.value, happened, day)]
        case RightToKnowDecided(told_on=date() as day):
            return [f"Who is responsible for what was done to you: you were informed on {_day(day)}"]
        case _:
            return []


def _informed(what: str, happened: date, informed: date) -> str:
    return f"{what[:1].upper()}{what[1:]} ({_day(happened)}): you were informed on {_day(informed)}"


def _listed(heading: str, sentences: Sequence[str]) -> list[str]:
    return ["", f"{heading}:", *(f"- {each}" for each in sentences)] if sentences else []


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
