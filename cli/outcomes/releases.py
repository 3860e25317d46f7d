"""Quarterly releases of outcomes: made, listed, shown, exported. Asks and prints; decides nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.output import print_json, say, when
from cli.session import Answer, Desk, refuse
from engine.domain.file_faults import why_not

if TYPE_CHECKING:
    from engine.domain.outcomes.releases import GroupFigures, MeasureFigures, RegisteredRelease

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The end of a quarter; default: the last.")
]


def make(desk: Desk, as_of: AsOf = None) -> None:
    """Make the release of a quarter. It is frozen: nothing that changes later changes it.

    Example: stac outcome release make
    """
    from cli.bars import busy
    from engine.services.outcomes.releases import make_outcome_release

    day = _date(as_of)

    with busy("testing whether figures give others away", quiet=desk.as_json):
        made = make_outcome_release(desk.context, as_of=day)
    if desk.as_json:
        print_json(_as_json(made))
        return
    say(
        f"Release of {made.release.as_of} made: {len(made.release.groups):,} groups, "
        f"digest {made.digest[:16]}."
    )
    say(
        f"{len(made.refusals):,} figures are hidden besides small numbers: 'stac outcome release show' "
        "lists why."
    )
    if made.ran_out_of_time:
        say("Not all could be tested in time: those, and what is a part of them, stay hidden.")


def list_(desk: Desk) -> None:
    """List the register of releases: date, who made it and when, digest.

    Example: stac outcome release list
    """
    from engine.services.outcomes.releases import list_releases

    found = list_releases(desk.context)
    if desk.as_json:
        print_json({"releases": [_entry(each) for each in found]})
        return
    for each in found:
        say(f"{each.release.as_of}  made {when(each.release.made_at)} by {each.by}  {each.digest}")
    if not found:
        say("No release has been made.")


def show(
    desk: Desk,
    as_of: Annotated[
        str | None, typer.Argument(metavar="DATE", help="The date of a release; default: the newest.")
    ] = None,
) -> None:
    """Show a release, and why other figures are not in it.

    Example: stac outcome release show
    """
    from engine.services.outcomes.releases import release_of

    day = _date(as_of)

    found = release_of(desk.context, as_of=day)
    if desk.as_json:
        print_json(_as_json(found))
        return
    say(f"Release of {found.release.as_of}, digest {found.digest}")
    for figures in found.release.groups:
        say(f"{_named(figures)}: {figures.cases:,} decided cases")
        for measure in figures.measures:
            say(f"  {_measure(measure)}")
    for refusal in found.refusals:
        codes = ", ".join(code for _, code in refusal.group if code is not None) or "every case"
        chain = f" From: {'; '.join(refusal.chain)}." if refusal.chain else ""
        say(f"hidden: {refusal.table}, {codes}: {refusal.reason}.{chain}")


def export(
    desk: Desk,
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar="FILE",
            help="The file to write: .csv, .xlsx, .html (a report) or .json (the schema).",
        ),
    ],
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help="A release; default: the newest.")
    ] = None,
) -> Answer:
    """Export a release as a return: every published figure with its meaning.

    Example: stac outcome release export --to return.csv
    """
    from engine.services.outcomes.returns import outcome_return

    day = _date(as_of)
    forms = {".csv": "csv", ".xlsx": "xlsx", ".json": "schema", ".html": "html"}
    form = forms.get(to.suffix)
    if form is None:
        raise typer.BadParameter("give a file that ends with .csv, .xlsx, .html or .json", param_hint="--to")

    made = outcome_return(desk.context, form=form, as_of=day)  # type: ignore[arg-type]  # one of the four
    try:
        to.write_bytes(made.content)
    except OSError as error:
        refuse(f"{to} cannot be written ({why_not(error)})", as_json=desk.as_json)
    return Answer({"file": str(to), "bytes": len(made.content)}, f"Exported to {to}.")


def _date(given: str | None) -> date | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter("give a date such as 2026-09-30", param_hint="DATE") from None


def _entry(found: RegisteredRelease) -> dict[str, object]:
    return {
        "as_of": found.release.as_of.isoformat(),
        "made_at": found.release.made_at.isoformat(),
        "by": found.by,
        "digest": found.digest,
    }


def _as_json(found: RegisteredRelease) -> dict[str, object]:
    return {
        **_entry(found),
        "release": found.release.model_dump(mode="json"),
        "hidden": [refusal.model_dump(mode="json") for refusal in found.refusals],
    }


def _named(figures: GroupFigures) -> str:
    return ", ".join(code for _, code in figures.group if code is not None) or "Every case"


def _measure(measure: MeasureFigures) -> str:
    return (
        f"{measure.measure.value}: {measure.further:,} of {measure.counted:,} ({measure.share:.0%}, "
        f"{measure.low:.0%} to {measure.high:.0%}), figures of {measure.as_of}"
    )
