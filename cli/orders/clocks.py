"""Clocks of orders on the command line: fact sets in, an answer a line out; and types of orders."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from cli.input_files import opened_file
from cli.options import AsJson
from cli.output import json_text, print_json, print_refusal, say
from cli.session import answering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.domain.orders.clocks import ClockAnswer
    from engine.domain.orders.order_types import OrderType
    from engine.domain.orders.views import LawLine


def clocks(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="JSON lines, one fact set a line; - is standard input.")
    ],
    as_json: AsJson = False,
) -> None:
    """Count the dates of orders, notices and bail from facts, each with its section. No record is needed.

    Example: stac order clocks facts.jsonl
    """
    lines = 0
    with answering(as_json), opened_file(file) as opened:
        from engine.services.orders.clocks import answer_lines

        for answer in answer_lines(opened):
            lines += 1
            if as_json:
                typer.echo(json_text(_as_line(answer)))
            else:
                _print(answer)
    if not lines:
        print_refusal("the file has no fact sets")
    elif not as_json:
        say("Counted by software, and not verified by a lawyer.")


def types(
    code: Annotated[
        str | None,
        typer.Argument(metavar="TYPE", help="One type: its law, with each section and source."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List types of orders: act, area, start date, and what a breach is. No record is needed.

    Example: stac order types court-bail
    """
    with answering(as_json):
        from engine.services.orders.clocks import law_of_type, list_order_types

        listed = list_order_types(code)
    if as_json:
        print_json({"types": [each.model_dump(mode="json") for each in listed]})
        return
    if code is not None:
        for kind in listed:
            _print_law(kind, law_of_type(kind))
        return
    from cli.tables import console, draw_table

    draw_table(
        console(),
        None,
        ("type", "name", "area", "start date", "a breach is", "under"),
        (
            (
                each.code,
                each.name,
                each.area,
                str(each.in_force_from) if each.in_force_from else "not recorded",
                each.breach_in_words,
                each.breach_rests_on or each.act,
            )
            for each in listed
        ),
    )
    say("Not verified by a lawyer. 'Not verified': no consequence of a breach is known here; ask.")


def _print_law(kind: OrderType, lines: Sequence[LawLine]) -> None:
    say(f"{kind.code}  {kind.name}, {kind.act}. A breach: {kind.consequence}.")
    for line in lines:
        say(f"  {line.topic}: {line.says}" + (f" [{line.citation}]" if line.citation else ""))
        if line.source:
            say(f"    {line.source}")
    if kind.note:
        say(f"  {kind.note}")
    say("Not verified by a lawyer.")


def _print(answer: ClockAnswer) -> None:
    name = "" if answer.id is None else f"{answer.id}  "
    say(f"{name}{answer.state.value.upper()}  {answer.rests_on or ''}".rstrip())
    say(f"  {answer.says}")
    for each in answer.counted or ():
        say(f"    {each}")


def _as_line(answer: ClockAnswer) -> dict[str, object]:
    return {name: _as_written(getattr(answer, name)) for name in type(answer).model_fields} | {
        "state": answer.state.value
    }


def _as_written(found: object) -> object:
    """Return dates and times as a line has them; times to the minute, as a clock in London shows them."""
    match found:
        case datetime():
            return found.strftime("%Y-%m-%dT%H:%M")
        case date():
            return found.isoformat()
        case tuple():
            return [_as_written(each) for each in found]
        case _:
            return found
