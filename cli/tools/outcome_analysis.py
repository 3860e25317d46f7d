"""Statistics of times to an event in any file. Asks and prints; opens no record."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, say
from cli.session import answering

# The engine is imported inside the command: `stac --help` must not wait for numpy.

_DIGITS = 12
"""More digits than these depend on the machine, and the same file must give the same answer."""


def analyse(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A CSV file with 1 row for each case.")],
    duration: Annotated[str, typer.Option(metavar="COLUMN", help="The time that each was followed.")],
    event: Annotated[str, typer.Option(metavar="COLUMN", help="1 if it ended with the event, otherwise 0.")],
    competing: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="1 if something else ended it for good, otherwise 0.")
    ] = None,
    group: Annotated[str | None, typer.Option(metavar="COLUMN", help="The groups to compare.")] = None,
    covariates: Annotated[
        str | None, typer.Option(metavar="COLUMN,...", help="The covariates of a Cox model.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="TIME,...", help="Times to report; default: all event times.")
    ] = None,
    ties: Annotated[str, typer.Option(help="efron or breslow: the likelihood of tied events.")] = "efron",
    as_json: AsJson = False,
) -> None:
    """Analyse times to an event: survival, cumulative incidence, comparisons, a Cox model. Needs no record.

    Example: stac outcome analyse followed.csv --duration days --event stalked_again --group programme
    """
    from cli.input_files import one_of

    times = _times(at)
    with answering(as_json):
        from engine.services.tools.outcome_analysis import TiesOfEvents, analyse_file

        chosen = one_of(TiesOfEvents, ties, "--ties")
        found = analyse_file(
            file,
            duration=duration,
            event=event,
            competing=competing,
            group=group,
            covariates=covariates.split(",") if covariates is not None else (),
            at=times,
            ties=chosen,
        )
    if as_json:
        from dataclasses import asdict

        print_json(_rounded(asdict(found)))
    else:
        from cli.tools.analysis_lines import analysis_lines

        for line in analysis_lines(found):
            say(line)


def _times(given: str | None) -> list[float] | None:
    if given is None:
        return None
    try:
        return sorted({float(time) for time in given.split(",")})
    except ValueError:
        raise typer.BadParameter("give times such as 90,180,365", param_hint="--at") from None


def _rounded(value: object) -> object:
    if isinstance(value, bool | int | str) or value is None:
        return value
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    raise TypeError(type(value).__name__)
