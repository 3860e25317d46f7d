"""Minutes of a conference on the command line. Draws; decides nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.conference.meetings import OfConference
from cli.conference.remarks import remark_line
from cli.input_files import a_day, one_of
from cli.options import Reference
from cli.output import print_json, say, when
from cli.session import Answer, Desk, refuse
from engine.domain.file_faults import why_not

if TYPE_CHECKING:
    from engine.domain.conference.minutes import MinutedItem, Minutes


def minutes(
    desk: Desk,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with print styles.")
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help="With --html: the executive summary.")] = False,
    move_to: Annotated[
        str | None,
        typer.Option("--to", metavar="PHASE", help="Move them on: 'prepared', 'corrections', 'agreed'."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="The last date for corrections; default: in a week.")
    ] = None,
    conference: OfConference = None,
) -> None:
    """Print your copy of the minutes: the items of the cases that you can view. Or move them on.

    Example: stac conference minutes
    """
    from engine.domain.conference.minutes import MinutesPhase
    from engine.services.conference.agreeing import move_minutes
    from engine.services.conference.meetings import find_conference
    from engine.services.conference.minutes import read_minutes

    if summary and html is None:
        raise typer.BadParameter("give --html FILE with --summary")
    last = a_day(until, "--until")

    meant = find_conference(desk.context, given=conference)
    if move_to is not None:
        phase = one_of(MinutesPhase, move_to, "--to")
        move_minutes(desk.context, conference=meant, to=phase, until=last)
    copy = read_minutes(desk.context, conference=meant)
    if html is not None:
        _write(html, copy, summary=summary, as_json=desk.as_json)
        return
    if desk.as_json:
        print_json(copy.model_dump(mode="json", by_alias=True))
        return
    for line in _lines(copy):
        say(line)


def correct(
    desk: Desk,
    reference: Reference,
    text: Annotated[str, typer.Option("--says", metavar="TEXT", help="The text that it should have.")],
    heading: Annotated[
        str,
        typer.Option(help="The part of the item, such as 'decision', 'actions' or 'attendance'."),
    ] = "the whole item",
    conference: OfConference = None,
) -> Answer:
    """Propose a correction of the item of a case (those who attended).

    Example: stac conference correct R-7K3M9QV --says "The action is due in June."
    """
    from engine.domain.conference.minutes import MinutesHeading
    from engine.services.conference.agreeing import propose_correction
    from engine.services.conference.meetings import find_conference

    about = one_of(MinutesHeading, heading, "--heading")
    meant = find_conference(desk.context, given=conference)
    proposed = propose_correction(desk.context, conference=meant, case=reference, text=text, heading=about)
    return Answer(
        {"correction": proposed},
        f"correction {proposed} is proposed; the chair accepts it, or annexes it whole",
    )


def resolve_correction(
    desk: Desk,
    correction: Annotated[str, typer.Argument(metavar="Z", help="The correction, such as Z-7K3M9QV.")],
    refuse_because: Annotated[
        str | None, typer.Option("--refuse", metavar="WHY", help="Refuse it: why. Default: accept it.")
    ] = None,
) -> Answer:
    """Accept a proposed correction of minutes, or refuse it (chair). A refused one is annexed whole.

    Example: stac conference resolve-correction Z-7K3M9QV
    """
    from engine.services.conference.agreeing import answer_correction

    answered = answer_correction(
        desk.context, correction=correction, accepted=refuse_because is None, why=refuse_because
    )
    return Answer(answered, f"correction {answered.reference}: {answered.status}")


def _write(html: Path, copy: Minutes, *, summary: bool, as_json: bool) -> None:
    from cli.conference.minutes_page import page_of

    try:
        with os.fdopen(os.open(html, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(page_of(copy, summary=summary).encode())
    except FileExistsError:
        refuse(f"{html} already exists; choose another name", as_json=as_json)
    except OSError as error:
        refuse(f"{html} cannot be written ({why_not(error)})", as_json=as_json)
    if as_json:
        print_json({"written": str(html)})
    else:
        say(f"{html} is written: your copy only; do not pass it on without the chair's agreement")


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
        yield from _item_lines(copy, item)


def _item_lines(copy: Minutes, item: MinutedItem) -> Iterator[str]:
    title = f": {item.names.title}" if item.names else ""
    yield f"{item.number}. {item.case}{title} ({item.part.value})"
    if item.erased_by:
        yield f"   erased by decision {item.erased_by}"
    if item.amended_later:
        yield f"   {item.amended_later}"
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
            yield f"   {judgement.domain.value}: {judgement.level.value}; {judgement.why}"
        if item.decision.confidence:
            yield f"   confidence of the panel: {item.decision.confidence.value}"
        for gap in item.decision.missing:
            yield f"   missing and matters: {gap.agency}: {gap.says}"
        if item.decision.alternatives:
            yield f"   also considered: {item.decision.alternatives}"
        for agency, state in item.decision.responses_missing.items():
            yield f"   not seen: {agency} ({state})"
    for dissent in item.dissent:
        yield f"   DISSENT of {dissent.agency} ({dissent.who}, {dissent.source}): {dissent.reasons}"
    for each in item.positions:
        yield f"   {each.agency}: {each.in_words}"
    for words in item.victim_words:
        yield f"   VICTIM'S WORDS: {words.text} ({words.origin})"
    for withdrawn in item.words_withdrawn:
        yield f"   {withdrawn.in_words}"
    for action in item.actions:
        yield f"   action {action.reference} of {action.agency}, due {action.due:%-d %b %Y}: {action.what}"
    for shared in item.disclosures:
        items = f": {', '.join(shared.items)}" if shared.items else ""
        yield f"   during the conference {shared.agency} {shared.act.value}{items}; with: {shared.whom}"
    for remark in item.remarks:
        yield f"   said: {remark_line(remark)}"
    for correction in item.corrections:
        about = f" of {correction.heading.value}" if correction.heading else ""
        head = f"correction {correction.reference}{about} ({correction.by}, {copy.status_of(correction)})"
        yield f"   {head}: {correction.says}"
