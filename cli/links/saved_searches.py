"""Saved searches of links and their alerts, asked as a user. Asks and prints; decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from cli.links import items
from cli.output import MARKING, print_json, say
from cli.session import Answer, Command, Desk

if TYPE_CHECKING:
    from datetime import date

    from engine.domain.links.saved_searches import AlertShown, AlertsShown, Asked, SavedSearch

# The engine is imported inside the commands: `stac --help` must not wait for networkx and numpy.

Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, in one line.")]
QueryRef = Annotated[str, typer.Argument(metavar="REF", help="The saved search, such as Q-...")]
AlertRef = Annotated[str, typer.Argument(metavar="REF", help="The alert, such as F-...")]


def save(
    desk: Desk,
    why: Why,
    around: Annotated[
        str | None, typer.Option("--around", metavar="ID", help="New neighbours of this entity.")
    ] = None,
    path: Annotated[
        tuple[str, str] | None,
        typer.Option("--path", metavar="A B", help="A new connection of these 2 entities."),
    ] = None,
    pattern: Annotated[
        str | None, typer.Option("--pattern", metavar="KEY", help="New subjects of a pattern.")
    ] = None,
    question: Annotated[
        str | None,
        typer.Option("--question", metavar="FILE", help="New items; see 'stac links query --record'."),
    ] = None,
    hops: Annotated[
        int | None,
        typer.Option(min=1, max=12, help="Links away: for --around 2 (at most 4), for --path 6."),
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="The end date; default: 90 days.")
    ] = None,
) -> Answer:
    """Save a link search and get an alert when new records match it.

    Example: stac links search save --around P-7K3M9QV --why "Seen near the school again."
    """
    from engine.services.links.saved_searches import save_query

    if question is not None and (around or path or pattern):
        raise typer.BadParameter("give one of --around, --path, --pattern and --question")
    day = _day(until)

    saved = save_query(
        desk.context,
        snapshots=desk.runtime.link_snapshots,
        question=_question(around, path, pattern, hops) if question is None else items.question_in(question),
        why=why,
        until=day,
    )
    return Answer(
        saved,
        f"{saved.reference} is saved {_until(saved)}: {saved.question.in_words()}.",
        "Current matches raise no alert. 'stac links alert list' shows new ones.",
    )


def list_(desk: Desk) -> None:
    """List your saved searches, with their reasons and end dates.

    Example: stac links search list
    """
    from cli.tables import console, draw_table  # loads the domain's words, which --help need not
    from engine.services.links.saved_searches import my_queries

    found = my_queries(desk.context)
    now = desk.runtime.clock.now()
    if desk.as_json:
        print_json([{**each.model_dump(mode="json"), "is_asked": each.is_asked(now)} for each in found])
        return

    say(MARKING)
    rows = [
        (each.reference, each.question.in_words(), each.why, _until(each) if each.is_asked(now) else "ended")
        for each in found
    ]
    draw_table(console(), None, ("reference", "search", "reason", "end date"), rows)
    if not rows:
        say("You have no saved searches.")


def delete(desk: Desk, reference: QueryRef) -> Answer:
    """Delete one of your saved searches.

    Example: stac links search delete Q-7K3M9QV
    """
    from engine.services.links.saved_searches import end_query

    end_query(desk.context, reference=reference)
    return Answer({"ended": reference.strip().upper()}, f"Saved search {reference.strip().upper()} deleted.")


def list_alerts(desk: Desk) -> None:
    """List your current alerts, and the share of resolved alerts that were acted on.

    Example: stac links alert list
    """
    from engine.services.links.alerts import my_alerts

    found = my_alerts(desk.context, snapshots=desk.runtime.link_snapshots)
    if desk.as_json:
        print_json(found.model_dump(mode="json"))
    else:
        _draw(found)


def resolve_alert(
    desk: Desk,
    reference: AlertRef,
    why: Why,
    acted: Annotated[bool, typer.Option("--acted-on/--not-relevant", show_default=False, help="The result.")],
) -> Answer:
    """Resolve one of your alerts: acted on, or not relevant, and why.

    Example: stac links alert resolve F-7K3M9QV --acted-on --why "Discussed with police."
    """
    from engine.services.links.alerts import judge_alert

    said = judge_alert(
        desk.context, snapshots=desk.runtime.link_snapshots, reference=reference, acted=acted, why=why
    )
    return Answer(said, f"{said.reference}: {said.state.value}.")


def _question(
    around: str | None, path: tuple[str, str] | None, pattern: str | None, hops: int | None
) -> Asked:
    from engine.services.links.saved_searches import question_of

    if sum(each is not None for each in (around, path, pattern)) != 1:
        raise typer.BadParameter("give one of --around, --path, --pattern and --question")
    if around is not None:
        return question_of("around", (around,), hops)
    return question_of("path", path, hops) if path is not None else question_of("pattern", (pattern or "",))


def _until(query: SavedSearch) -> str:
    from datetime import timedelta

    from engine.clock import LONDON

    return f"until {(query.until - timedelta(seconds=1)).astimezone(LONDON):%-d %B %Y}"


def _draw(found: AlertsShown) -> None:
    from cli.tables import console, draw_table  # loads the domain's words, which --help need not

    say(MARKING)
    rows = [
        (each.reference, each.query, "\n".join((each.says, *_against(each))), _state(each))
        for each in found.alerts
    ]
    draw_table(console(), None, ("alert", "saved search", "match", "result"), rows)
    figures = found.figures
    if not figures.raised:
        say("No alerts. No alert does not mean that nothing can be found.")
        return
    share = (
        f"{figures.share_acted_on:.0%} of those resolved were acted on"
        if figures.share_acted_on is not None
        else "none is resolved yet"
    )
    say(f"{figures.raised:,} raised, {figures.waiting:,} waiting, {figures.expired:,} expired; {share}.")


def _against(alert: AlertShown) -> tuple[str, ...]:
    return tuple(f"Against it: {sentence}" for sentence in alert.counter_evidence)


def _state(alert: AlertShown) -> str:
    return f"{alert.state.value}: {alert.why}" if alert.why else alert.state.value


def _day(given: str | None) -> date | None:
    if given is None:
        return None
    from cli.input_files import partial_date

    day = partial_date(given, "--until")
    if not day.is_whole_day:
        raise typer.BadParameter("give a full date, such as 2026-03-09", param_hint="--until")
    found: date = day.earliest
    return found


SEARCHES: Mapping[str, Command] = {"save": save, "list": list_, "delete": delete}
ALERTS: Mapping[str, Command] = {"list": list_alerts, "resolve": resolve_alert}
