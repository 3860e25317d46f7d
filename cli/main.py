"""The `stac` command: every subject's commands in one application. Asks and prints; decides nothing."""

from __future__ import annotations

import atexit
import gc
import io
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Annotated

import typer
from typer.main import get_command_name
from typer.models import CommandInfo, TyperInfo

from cli.command_tree import COMMANDS, add_commands
from cli.options import AGAIN, SUBMISSION, SUBMITTED, WHOSE
from cli.output import print_json, print_refusal
from cli.whole_help import WholeHelp


def _application(callback: Callable[..., None] | None = None) -> typer.Typer:
    return typer.Typer(
        name="stac",
        cls=WholeHelp,
        help="Case management and threat assessment for a Stalking Threat Assessment Centre.",
        callback=callback,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )


app = _application()
add_commands(app, COMMANDS)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version  # late: it would slow every other start

        typer.echo(f"stac-engine {version('stac-engine')}")
        raise typer.Exit


@app.callback()
def _before_a_command(
    _: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", callback=_print_version, is_eager=True),
    ] = False,
    whose: Annotated[list[str] | None, WHOSE] = None,
    again: Annotated[bool, AGAIN] = False,
    submission: Annotated[str | None, SUBMISSION] = None,
) -> None:
    SUBMITTED.whose, SUBMITTED.again, SUBMITTED.key = whose or [], again, submission


_OURS = Path(__file__).resolve().parent.parent
_LEADING = ("--as", "--purpose")
_WITH_VALUE = ("--whose", "--submission")
_HAS_ITS_OWN_AGAIN = ["response", "request"]
_MADE_BEFORE_A_LOOK = 300_000
"""A list makes 220,000 objects while it loads, nearly all of them to stay. Python's collector would go
through them for a tenth of the whole time, and once more at the end. What makes more is collected."""


def main() -> None:
    """Run the console script."""
    gc.set_threshold(_MADE_BEFORE_A_LOOK, 3, 3)
    atexit.register(gc.freeze)
    sys.excepthook = _say_in_one_sentence
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that cannot be shown is not a crash
    # not app() itself: Typer puts a hook of its own in place, which prints what a fault was about
    given = with_leading_options_moved(sys.argv[1:])
    of_all, rest = _of_all_taken_out(given)
    typer.main.get_command(with_only(rest[0] if rest else ""))(args=[*of_all, *rest])


def with_only(name: str) -> typer.Typer:
    """Return the application with one command or one group:
    to build all hundred takes longer than most of them run.

    The whole application when nothing of that name is there, so that what was meant can be suggested.
    """
    commands = [each for each in app.registered_commands if _command_name(each) == name]
    groups = [each for each in app.registered_groups if _command_name(each) == name]
    if not commands and not groups:
        return app
    small = _application(callback=_before_a_command)
    small.registered_commands, small.registered_groups = commands, groups
    return small


def _command_name(each: CommandInfo | TyperInfo) -> str | None:
    if isinstance(each, TyperInfo):
        return each.name or (each.typer_instance.info.name if each.typer_instance else None)
    return each.name or (each.callback and get_command_name(each.callback.__name__))


def with_leading_options_moved(given: list[str]) -> list[str]:
    """Return the arguments with `stac --as USER case list` as `stac case list --as USER`.

    What is said of an act is an option of every command: it comes first, wherever it was given.
    """
    moved: list[str] = []
    of_all, rest = _of_all_taken_out(given)
    while rest:
        if rest[0] == "--json":
            moved.append(rest.pop(0))
        elif rest[0] in _LEADING and len(rest) > 1:
            moved += [rest.pop(0), rest.pop(0)]
        elif rest[0].startswith(tuple(f"{name}=" for name in _LEADING)):
            moved.append(rest.pop(0))
        else:
            break
    end = rest.index("--") if "--" in rest else len(rest)
    return [*of_all, *rest[:end], *moved, *rest[end:]] if rest else [*of_all, *moved]


def _of_all_taken_out(given: list[str]) -> tuple[list[str], list[str]]:
    """Return the options that every command has, with their values, and the rest."""
    taken: list[str] = []
    rest: list[str] = []
    waiting = list(given)
    while waiting and waiting[0] != "--":
        if waiting[0] in _WITH_VALUE and len(waiting) > 1:
            taken += [waiting.pop(0), waiting.pop(0)]
        elif waiting[0] == "--again" and rest[:2] != _HAS_ITS_OWN_AGAIN:
            taken.append(waiting.pop(0))
        else:
            of_all = waiting[0].startswith(tuple(f"{name}=" for name in _WITH_VALUE))
            (taken if of_all else rest).append(waiting.pop(0))
    return taken, [*rest, *waiting]


def _say_in_one_sentence(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print a fault of the program itself: where it happened, and never what it was about."""
    if issubclass(kind, KeyboardInterrupt):
        sys.exit(130)
    place = "the program"
    while trace is not None:
        frame = trace.tb_frame
        file = Path(frame.f_code.co_filename)
        if any(file.is_relative_to(_OURS / package) for package in ("cli", "engine", "flows")):
            place = f"{file.stem}:{trace.tb_lineno}"
        trace = trace.tb_next
    sentence = f"the program failed ({kind.__name__} at {place}); run 'stac doctor', and report this line"
    if "--json" in sys.argv:
        print_json({"error": sentence})
    else:
        print_refusal(sentence)


if __name__ == "__main__":
    main()
