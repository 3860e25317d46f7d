"""Sharing rules of an agency's items, and the sharing log. Decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import CASE_WORK, AsJson, AsUser, Purpose, Reference
from cli.output import print_json, say
from cli.session import Desk, at_desk

if TYPE_CHECKING:
    from engine.domain.sharing import Ledger, LedgerEntry, SharedInFigures, StoredRule

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


def set_rule(
    reference: Reference,
    item: Annotated[
        str,
        typer.Argument(
            metavar="KEY",
            help="The item, as 'stac case show --json' names it; * is the whole answer, I-... an incident.",
        ),
    ],
    audience: Annotated[str, typer.Option(help="'owner only', 'named agencies' or 'panel'.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")],
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to",
            metavar="CODE",
            help="A named agency, or desk (the coordinator and chair); may be repeated.",
        ),
    ] = None,
    otherwise: Annotated[
        str, typer.Option(help="For others on the case: withhold, stub or hide.")
    ] = "withhold",
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="The end date, such as 2026-09-30; then hidden.")
    ] = None,
    basis: Annotated[str | None, typer.Option(metavar="CODE", help="The lawful basis, by its code.")] = None,
    necessity: Annotated[
        str | None, typer.Option(metavar="TEXT", help="The reason why others need it.")
    ] = None,
    regime: Annotated[
        str | None, typer.Option(help="'Data Protection Act 2018, Part 3' or 'UK GDPR'.")
    ] = None,
    about: Annotated[
        list[str] | None,
        typer.Option(
            "--about", help="'suspect', 'convicted', 'victim', 'witness' or 'somebody else'; may be repeated."
        ),
    ] = None,
    agency: Annotated[
        str | None, typer.Option("--agency", metavar="CODE", help="The agency; default: your own.")
    ] = None,
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Set who can see an item, an incident or a whole response from my agency.

    Example: stac sharing set R-7K3M9QV "*" --audience "owner only" --why "Shared in confidence."
    """
    with at_desk(user, purpose, as_json) as desk:
        from cli.input_files import checked
        from engine.domain.sharing import RuleGiven
        from engine.services.sharing.incident_rules import is_incident, set_incident_rule
        from engine.services.sharing.release_rules import set_rule

        given = checked(
            RuleGiven,
            {
                "item": item,
                "audience": audience,
                "agencies": to or [],
                "otherwise": otherwise,
                "until": until,
                "grounds": {
                    "basis": basis,
                    "purpose": purpose,
                    "necessity": necessity,
                    "regime": regime,
                    "about": about or [],
                },
                "why": why,
            },
        )
        if is_incident(item):
            stored = set_incident_rule(desk.context, reference=reference, rule=given)
        else:
            code = agency or desk.acting.agency
            if code is None:
                raise typer.BadParameter("give the agency: --agency CODE")
            stored = set_rule(
                desk.context,
                reference=reference,
                agency=code,
                rule=given,
                agencies=desk.runtime.agencies,
            )
    if as_json:
        print_json(stored.model_dump(mode="json"))
    else:
        say(_ruled(stored))


def log(desk: Desk, reference: Reference) -> None:
    """List what was shared on a case: recipient, lawful basis, person and refusals.

    Example: stac sharing log R-7K3M9QV
    """
    from engine.services.sharing.release_rules import ledger as read_ledger

    there = read_ledger(desk.context, reference=reference)
    if desk.as_json:
        print_json(there.model_dump(mode="json"))
        return
    for entry in there.entries:
        say(_line(entry, there))
    say(f"{len(there.entries):,} lines within your access. Agencies may hold and share more than is shown.")
    for each in there.rules:
        say(f"current rule: {_ruled(each)}")


def report(
    desk: Desk,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="The start date, such as 2026-01-01.")
    ] = None,
) -> None:
    """Report sharing across all cases by agency, law, lawful basis and data subject.

    Example: stac sharing report --since 2026-01-01
    """
    from cli.input_files import a_day
    from engine.services.sharing.figures import sharing_figures

    result = sharing_figures(desk.context, since=a_day(since, "--since"))
    if desk.as_json:
        print_json(result.model_dump(mode="json"))
        return
    for row in result.rows:
        say(_figure(row))
    say(f"{sum(row.lines for row in result.rows)} lines; restricted cases are not counted")


def _figure(row: SharedInFigures) -> str:
    return (
        f"{row.agency}, {row.act}: lines {row.lines}, of them facts {row.facts}, opinions {row.opinions}; "
        f"{row.regime or 'law not recorded'}; basis {row.basis or 'not recorded'}; "
        f"about {', '.join(row.about) or 'not recorded'}"
    )


def _ruled(stored: StoredRule) -> str:
    return (
        f"{stored.item}: {stored.release_class.in_words}, others: "
        f"{stored.release_class.otherwise.value}; basis {stored.grounds.basis or 'not recorded'}"
    )


def _line(entry: LedgerEntry, there: Ledger) -> str:
    from engine.clock import LONDON

    items = ", ".join(item.in_words for item in entry.items)
    version = f", version {entry.version}" if entry.version else ""
    grounds = entry.grounds
    law = grounds.regime.value if grounds.regime else "law not recorded"
    if crosses := entry.crosses_to(there.laws):
        law += f", to another law at {' and '.join(crosses)}"
    about = f", about {', '.join(each.value for each in grounds.about)}" if grounds.about else ""
    return (
        f"{entry.at.astimezone(LONDON):%-d %B %Y, %H:%M}  {entry.agency}{version}, {entry.act.value}: "
        f"{items or entry.why or 'everything'}; to {entry.whom}; basis {grounds.basis or 'not recorded'}, "
        f"{law}, for {grounds.purpose}{about}, by {entry.by}"
    )
