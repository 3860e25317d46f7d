"""Scoring a file of inputs of an instrument. Draws; scores nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from cli.agencies.instruments import Name, agencies_when_asked, home_folder
from cli.input_files import a_day, opened_file
from cli.options import AsJson
from cli.output import json_text, print_refusal, say
from cli.session import REFUSED

if TYPE_CHECKING:
    from engine.services.agencies.instruments import InstrumentKnown
    from engine.services.tools.instrument_scoring import LineScored

# The engine is imported inside the command: `stac --help` must not wait for its libraries.


def score(
    name: Name,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON lines, one input a line; - is standard input.")
    ],
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help="The date of the score; default: today.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score a file of inputs, one a line: a result with reasons, or what is wrong.

    Example: stac instrument score four inputs.jsonl --on 2026-11-25
    """
    from engine.clock import SystemClock

    day = a_day(on, "--on") or SystemClock().today()
    lines = with_errors = 0
    with agencies_when_asked(as_json) as agencies, opened_file(file) as opened:
        from engine.services.agencies.instruments import find_instrument
        from engine.services.tools.instrument_scoring import score_lines

        known = find_instrument(agencies=agencies, home=home_folder(), name=name)
        if not as_json:
            _head(known)
        for scored in score_lines(known=known, agencies=agencies, lines=opened, on=day):
            lines += 1
            with_errors += scored.result.error is not None
            _tell(scored, as_json)
    if not lines:
        print_refusal("the file has no lines to score")
    if not as_json:
        say(f"{lines:,} line{'' if lines == 1 else 's'} read; {with_errors:,} with an error")
    if with_errors:
        raise typer.Exit(REFUSED)


def _tell(scored: LineScored, as_json: bool) -> None:
    fields = scored.result.model_dump(mode="json")
    if as_json:
        typer.echo(json_text({"line": scored.line, **fields}))
        return
    if fields["error"] is not None:
        say(f"{scored.line:>6}  ERROR: {fields['error']}")
        return
    for place, (key, found) in enumerate(_worth_saying(fields["result"])):
        say(f"{scored.line if not place else '':>6}  {key}: {found}")
    for reason in fields["reasons"]:
        say(f"{'':>6}  - {reason}")


def _worth_saying(result: dict[str, object]) -> Iterator[tuple[str, str]]:
    for key, found in result.items():
        if found is not None and key not in ("instrument", "version", "always_said"):
            yield key.replace("_", " "), _in_words(found)


def _in_words(found: object) -> str:
    match found:
        case None:
            return "none"
        case bool():
            return "yes" if found else "no"
        case dict():
            return ", ".join(f"{key.replace('_', ' ')} {_in_words(one)}" for key, one in found.items())
        case list():
            return ", ".join(_in_words(one) for one in found) or "none"
        case _:
            return str(found)


def _head(known: InstrumentKnown) -> None:
    instrument = known.instrument
    say(f"{instrument.name} ({instrument.id} version {instrument.version}, {known.whose})")
    if instrument.always_said:
        say(instrument.always_said)
    for never in instrument.never_used_for:
        say(f"Do not use for: {never}")
    say(f"{'line':>6}  result")
