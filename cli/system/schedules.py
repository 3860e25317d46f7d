"""The regular work of the background service: its intervals, and what is known of it. Shows no case."""

from __future__ import annotations

from collections.abc import Mapping

from cli.options import AsJson
from cli.output import print_json, when
from cli.session import Command, record_only


def list_(as_json: AsJson = False) -> None:
    """List the regular work: interval, last done, background service, next due, late or not.

    Example: stac schedule list
    """
    with record_only(as_json) as runtime:
        from flows.schedule_states import schedule_states  # late: --help need not load the record's library

        states = schedule_states(runtime)
    if as_json:
        print_json({"schedules": [each.as_answer() for each in states]})
        return
    from cli.tables import console, draw_table

    columns = ("task", "every", "from", "where", "last done", "by", "next due", "state")
    rows = [
        (
            each.work.name,
            interval(each.seconds),
            each.source,
            each.work.where.value,
            _known(when(each.done_at) if each.done_at else None),
            _known(machine(each.runner) if each.runner else None),
            _known(when(each.due_at) if each.due_at else None),
            each.state.value,
        )
        for each in states
    ]
    draw_table(console(), None, columns, rows)


def interval(seconds: int) -> str:
    """Return an interval in the largest unit that gives a whole number."""
    for unit, length in (("h", 3600), ("min", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def machine(runner: str) -> str:
    """Return the machine and the process of a background service, from the name under which it works."""
    kind, _, rest = runner.partition(" ")
    number, _, place = rest.partition(" ")
    return f"{place.partition(' ')[0]}, process {number}" if place else kind


def _known(text: str | None) -> str:
    return text or "unknown"


COMMANDS: Mapping[str, Command] = {"list": list_}
