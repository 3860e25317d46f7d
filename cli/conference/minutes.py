"""Minutes of a conference on the command line. Draws; decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.conference.meetings import OfConference
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.output import print_json, say, when
from cli.session import at_desk

if TYPE_CHECKING:
    from engine.domain.conference.minutes import MinutedItem, Minutes


def minutes(
    conference: OfConference = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Print your copy of the minutes: the items of the cases that you can view.

    Example: stac conference minutes
    """
    with at_desk(user, purpose, as_json) as desk:
        from engine.services.conference.meetings import find_conference
        from engine.services.conference.minutes import read_minutes

        meant = find_conference(desk.context, given=conference)
        copy = read_minutes(desk.context, conference=meant)
    if as_json:
        print_json(copy.model_dump(mode="json", by_alias=True))
        return
    for line in _lines(copy):
        say(line)


def _lines(copy: Minutes) -> Iterator[str]:
    yield f"Minutes of conference {copy.conference}, {copy.date:%-d %B %Y}, {copy.phase.value}"
    deputy = f", deputy {copy.deputy}" if copy.deputy else ""
    yield f"chair {copy.chair}{deputy}"
    yield copy.confidentiality
    for stay in copy.attendance:
        left = f" to {when(stay.left_at)}" if stay.left_at else ""
        observes = " (observer)" if stay.is_observer else ""
        yield f"present: {stay.who}{observes}, from {when(stay.arrived_at)}{left}"
    for absent in copy.apologies:
        wrote = f"written contribution, {when(absent.written_at)}" if absent.written_at else "apologies"
        yield f"{wrote}: {absent.who}"
    for item in copy.items:
        yield from _item_lines(item)


def _item_lines(item: MinutedItem) -> Iterator[str]:
    title = f": {item.names.title}" if item.names else ""
    yield f"{item.number}. {item.case}{title} ({item.part.value})"
    for person in item.conflicts:
        yield f"   out of this item (conflict of interest): {person.who}"
    if item.deferral is not None:
        yield f"   deferred until {item.deferral.until:%-d %B %Y}: {item.deferral.because}"
        yield f"   protects meanwhile: {item.deferral.meanwhile}"
    if item.decision is not None:
        if item.decision.provisional:
            yield f"   {item.decision.provisional}"
        yield f"   decision {item.decision.reference}, by {item.decision.by}: {item.decision.summary}"
        for judgement in item.decision.judgements:
            yield f"   {judgement.domain.value}: {judgement.level.value}; {judgement.reasons}"
        for agency, state in item.decision.responses_missing.items():
            yield f"   not seen: {agency} ({state})"
    for dissent in item.dissent:
        yield f"   DISSENT of {dissent.agency} ({dissent.who}, {dissent.source}): {dissent.reasons}"
    for action in item.actions:
        yield f"   action {action.reference} of {action.agency}, due {action.due:%-d %b %Y}: {action.what}"
