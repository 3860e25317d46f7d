"""Orders on the command line: the list, one order, a case's card, and the library of conditions."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, Reference
from cli.orders.recording import Order
from cli.output import MARKING, print_json, say, when
from cli.session import Answer, Desk, answering, refuse
from engine.domain.file_faults import why_not

if TYPE_CHECKING:
    from engine.domain.orders.dates import OrderDate
    from engine.domain.orders.views import OrdersOnCase, OrderView
    from engine.services.orders.export import OrderFileForm

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

_FORMS: dict[str, OrderFileForm] = {".csv": "csv", ".xlsx": "xlsx", ".ics": "ics"}


def list_(
    desk: Desk,
    reference: Annotated[
        str | None, typer.Argument(metavar="REF", help="A case; left out, all within your access.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="The number of days ahead.")] = 28,
) -> None:
    """List orders that start, await service, are due or end; with REF, all orders of a case.

    Example: stac order list
    """
    from engine.services.orders.listing import list_orders

    if reference is not None:
        from engine.services.orders.reading import orders_on_case

        there = orders_on_case(desk.context, reference=reference)
        _print_case(there, desk.as_json, today=desk.context.clock.today())
        return

    page = list_orders(desk.context, ahead_days=days)
    if desk.as_json:
        print_json(page.model_dump(mode="json"))
        return
    say(MARKING)
    say(f"{page.current:,} current orders, of {page.recorded:,} recorded, within your access.")
    for line in page.gaps:
        say(f"{', '.join(line.cases)}  {line.date.counts}  [{line.order}]")
    if not page.lines:
        say(f"No dates in the next {days} days, within your access.")
    for line in page.lines:
        say(f"{line.order}  {line.name}  {', '.join(line.cases)}")
        _print_date(line.date, today=page.today)


def show(desk: Desk, order: Order) -> None:
    """Show one order: its terms, conditions, dates with their rules, and history.

    Example: stac order show PO-7K3M9QV
    """
    from engine.services.orders.reading import view_order

    view, today = view_order(desk.context, order=order), desk.context.clock.today()
    if desk.as_json:
        print_json(view.model_dump(mode="json"))
        return
    say(MARKING)
    _print_order(view, today=today)


def card(desk: Desk, reference: Reference) -> None:
    """Show the card for police: the current conditions, without a place or a name.

    Example: stac order card R-7K3M9QV
    """
    from engine.services.orders.reading import orders_on_case

    there = orders_on_case(desk.context, reference=reference).card
    if desk.as_json:
        print_json(there.model_dump(mode="json"))
        return
    say(MARKING)
    say(f"Current conditions, {when(there.at)}")
    if there.erased_in_words:
        say(there.erased_in_words)
    if there.gap:
        say(there.gap)
    if there.is_empty:
        say("No current order is recorded on this case. One can exist: ask the police lead.")
        say(f"Call {there.call}.")
        return
    for heading, lines in (
        ("Orders", there.orders),
        ("Must not", there.must_not),
        ("Must", there.must),
        ("If a condition is broken", there.breaches),
    ):
        if lines:
            say(f"{heading}:")
            for line in lines:
                say(f"  {line}")
    if there.not_served:
        say(f"Not served: {', '.join(there.not_served)}. Find out before you act.")
    if there.unchecked:
        say(f"{there.unchecked} more in the court's own words: read the order.")
    say("Do not read out an area, a place or another protected person's name.")
    lead = there.police_lead or "no one is named on this case"
    say(f"Call {there.call}. Police lead: {lead}.")


def export(
    desk: Desk,
    to: Annotated[
        Path,
        typer.Option("--to", metavar="FILE", help="The file to write: .csv, .xlsx or .ics (a calendar)."),
    ],
    days: Annotated[int, typer.Option(min=1, max=366, help="The number of days ahead.")] = 28,
    kind: Annotated[
        str | None, typer.Option("--type", metavar="CODE", help="A type of order; left out, all.")
    ] = None,
) -> Answer:
    """Export the dates of orders: a table, or a calendar without a name, place, case or type of order.

    Example: stac order export --to orders.ics
    """
    from engine.services.orders.export import export_orders

    form = _FORMS.get(to.suffix)
    if form is None:
        raise typer.BadParameter("give a file that ends with .csv, .xlsx or .ics", param_hint="--to")

    made = export_orders(desk.context, form=form, ahead_days=days, kind=kind)
    try:
        handle = os.open(to, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "wb") as out:
            os.fchmod(handle, 0o600)
            out.write(made.content)
    except OSError as error:
        refuse(f"{to} cannot be written ({why_not(error)})", as_json=desk.as_json)
    return Answer(
        {"file": str(to), "bytes": len(made.content)},
        f"Exported to {to}. Delete the file when you have finished.",
    )


def conditions(
    version: Annotated[int | None, typer.Option(min=1, help="The version; left out, the newest.")] = None,
    since: Annotated[
        int | None, typer.Option(min=1, help="Show what changed since this version instead.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the library of conditions: codes, wording and slots; or what changed since a version.

    Example: stac order conditions --since 1
    """
    from engine.services.orders.clocks import condition_changes, list_conditions

    with answering(as_json):
        library = list_conditions(version)
        changes = condition_changes(since, library.version) if since is not None else None
    if changes is not None:
        if as_json:
            print_json({"changes": [each.model_dump(mode="json") for each in changes]})
            return
        for each in changes:
            instead = f": {', '.join(each.instead)}" if each.instead else ""
            say(f"{each.code}  {each.difference.value}{instead}")
            if each.before is not None:
                say(f"    before: {each.before}")
                say(f"    now:    {each.after}")
        say("The wording of recorded orders does not change.")
        return
    if as_json:
        print_json(library.model_dump(mode="json"))
        return
    from cli.tables import console, draw_table

    draw_table(
        console(),
        f"Conditions, version {library.version}, in use from {library.in_use_from}",
        ("code", "kind", "wording", "slots", "needed"),
        (
            (each.code, each.must.value, each.text, ", ".join(each.slots), ", ".join(each.needs))
            for each in library.conditions
        ),
    )


def _print_case(there: OrdersOnCase, as_json: bool, *, today: date) -> None:
    if as_json:
        print_json(there.model_dump(mode="json"))
        return
    say(MARKING)
    for notice in there.not_reached:
        say(notice.sentence)
    if not there.orders:
        say("No order is recorded on this case. One can exist: ask the police lead.")
    else:
        say(there.applies_today.sentence)
    for view in there.orders:
        _print_order(view, today=today)
    for first, last in there.uncovered:
        say(f"Without a recorded order: {_day(first)} to {_day(last)}, {(last - first).days + 1} days.")
    for each in there.contradictions:
        say(f"Contradiction: {each.one_says}. {each.other_says}. {each.next}")
    for criterion in there.criteria:
        say(f"{criterion.asks}.")
        for name, lines in criterion.parts:
            for line in lines or ("nothing recorded",):
                say(f"    {name}: {line}")
        for line in criterion.dissent:
            say(f"    dissent from the panel's judgement: {line}")
    from engine.services.orders.criteria import NOT_ADVICE, WHO_MAY_APPLY

    say(WHO_MAY_APPLY)
    say(NOT_ADVICE)


def _print_order(view: OrderView, *, today: date) -> None:
    say(f"{view.reference}  {view.name}: {view.state.value}")
    say(f"  {view.applies_today.sentence}")
    served = _day(view.served) if view.served else "not recorded"
    say(f"  made {_day(view.made)}, served {served}, end: {view.end_in_words}")
    say(f"  {view.court}, case number {view.case_number}, force {view.force}")
    say(f"  respondent: {view.respondent}. Standard of proof: {view.standard_of_proof}.")
    say(f"  a breach: {view.consequence}")
    for line in view.law:
        say(f"  {line.topic}: {line.says}" + (f" [{line.citation}]" if line.citation else ""))
    for person in view.protected:
        say(f"  protected person {person.number}: {person.says}")
    for each in view.conditions:
        mark = "" if each.is_checked else "  Not checked by software"
        mark += "" if each.is_current else "  Does not apply today"
        say(f"  {each.number}. {each.wording}{mark}")
        if each.is_requirement:
            say(f"      {each.results}")
    for dated in view.dates:
        _print_date(dated, today=today)
    for step in view.steps:
        why = f": {step.why}" if step.why else ""
        say(f"  {_day(step.on)}  {step.said}{why}, by {step.by}")


def _print_date(dated: OrderDate, *, today: date) -> None:
    at = f", {dated.at:%H:%M}" if dated.at else ""
    done = f", done {_day(dated.done_on)}" if dated.done_on else ""
    late = "  OVERDUE" if dated.is_late(on=today) else ""
    gap = f"  {dated.gap_days} DAYS WITHOUT AN ORDER BEFORE THE HEARING" if dated.gap_days else ""
    say(f"    {dated.what}: {_day(dated.day) if dated.day else 'no date'}{at}{done}{late}{gap}")
    rests_on = f" [{dated.rests_on}]" if dated.rests_on else ""
    say(f"      {dated.counts}{rests_on}")
    for each in dated.counted:
        say(f"        {each}")
    if dated.missed and dated.is_open:
        say(f"      {dated.missed}")
    if dated.lawyers_differ:
        say(f"      Lawyers differ: {'; '.join(dated.alternatives)}")
    if dated.changed_by:
        say(f"      Can be changed by: {dated.changed_by}")


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else "not recorded"
