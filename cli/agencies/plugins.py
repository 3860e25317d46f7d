"""For an agency's developer: begin a plugin, check it. Needs no record and no user."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, say
from cli.session import REFUSED, answering

if TYPE_CHECKING:
    from engine.services.agencies.plugins import Report

# The engine is imported inside each command: `stac --help` must not wait for it.


Plugin = Annotated[
    str,
    typer.Argument(metavar="PATH|NAME", help="A plugin's folder or wheel, or an installed agency's code."),
]
Save = Annotated[
    Path | None, typer.Option("--save", metavar="FILE", help="Save the answers, to compare with later.")
]


def new(
    code: Annotated[str, typer.Argument(metavar="NAME", help="The agency's code, such as youth-justice.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The parent folder of the new package.")
    ] = Path("."),
    title: Annotated[
        str | None, typer.Option("--title", metavar="TEXT", help="The name of the agency on pages.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a new plugin's package, complete and working, outside this repository.

    Example: stac plugin new youth-justice --out .
    """
    with answering(as_json):
        from engine.services.agencies import plugins

        written = plugins.new(code=code, name=title, out=out)
    if as_json:
        print_json(written.model_dump(mode="json"))
        return
    say(f"{written.folder} is written: {len(written.files)} files.")
    say("Next, in that folder:")
    say("  pip install -e '.[test]'   its tests need pytest")
    say("  pytest                     its own tests and the conformance suite")
    say("  stac agency list              lists it")
    say("README.md lists the next steps.")


def check(
    given: Plugin,
    save: Save = None,
    records: Annotated[
        Path | None,
        typer.Option(
            "--records",
            metavar="DIR",
            show_default=False,
            help="The folder with the agency's own workbook; of an installed agency, its folder in the home.",
        ),
    ] = None,
    traceback: Annotated[
        bool,
        typer.Option("--traceback", help="Show the plugin's own errors in full, about invented people."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a plugin with invented people: the level that it reaches, and what the next one needs.

    Example: stac plugin check probation
    """
    with answering(as_json):
        from engine.clock import SystemClock
        from engine.runtime import home_of
        from engine.services.agencies import plugins

        home = home_of(os.environ)
        checked = plugins.check(clock=SystemClock(), plugin=given, home=home, save=save, records=records)
    report = checked.report
    if as_json:
        print_json(
            {
                **report.model_dump(mode="json"),
                "level": report.level,
                "next_level": report.next_level,
                "missing": [each.code for each in report.missing],
                "kept": checked.level is not None,
                **({"errors": checked.errors} if traceback else {}),
            }
        )
    else:
        _tell_report(report)
        if checked.errors and traceback:
            say("\nThe plugin's own errors, about invented people:")
            for error in checked.errors:
                say(f"\n{error.rstrip()}")
            say("")
        elif checked.errors:
            say("To see the plugin's own errors, check it with --traceback.")
        if checked.level is not None:
            say("The agencies page shows this level until the plugin is checked again.")
        if checked.not_kept is not None:
            say(checked.not_kept)
    if report.level is None:
        raise typer.Exit(REFUSED)


_SIGNS = {
    "passed": "ok    ",
    "failed": "FAILED",
    "not checked on this machine": "?     ",
    "does not apply": "-     ",
    "not reached": "...   ",
}


def _tell_report(report: Report) -> None:
    from engine.services.agencies.plugins import definitions

    defined = definitions()
    standing = {result.check: result for result in report.results}
    version = f" {report.version}, contract {report.contract}" if report.version else ""
    say(f"{report.name or report.agency} ({report.agency}){version}")
    if report.shown:
        say(f"It is shown: {', '.join(report.shown)}.")
    for level in defined.level:
        say(f"\n{level.code.value.capitalize()}. {level.means}")
        for check_ in defined.check:
            if check_.level is not level.code:
                continue
            result = standing[check_.code]
            say(f"  {_SIGNS[result.standing.value]} {check_.title}")
            for sentence in result.says:
                say(f"           {sentence}")
            if result.standing.value == "failed":
                say(f"           To fix: {check_.mend}.")
    say("")
    say(f"Level: {report.level.value if report.level else 'none; bronze is the lowest level in use'}.")
    if report.next_level is not None:
        say(f"For {report.next_level.value} it still needs:")
        unreached = 0
        for each in report.missing:
            stands = standing[each.code].standing.value
            if stands == "not reached" and any(r.standing.value == "failed" for r in report.results):
                unreached += 1
            else:
                say(f"  {each.title}" + ("" if stands == "failed" else f" ({stands})"))
        if unreached:
            say(f"  and {unreached:,} more checks that could not be run yet")
