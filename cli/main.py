"""The `stac` command: every subject's commands in one application. Asks and prints; decides nothing."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import TracebackType

import typer

from cli import (
    access_files,
    agencies,
    agency_files,
    asking,
    cases,
    deciding,
    demo,
    identifiers,
    identity,
    installing,
    instruments,
    links,
    need_to_know,
    people,
    plugins,
    rectifying,
    referrals,
    rejected,
    retention,
    screening,
    seen_before,
    serving,
    sharing,
    subject_access,
    typed_texts,
    vault,
    victim_rights,
    withdrawing,
)
from cli.saying import print_json, print_refusal

app = typer.Typer(
    name="stac",
    help="Carries a Stalking Threat Assessment Centre's judgements between agencies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for subject in (
    installing,
    people,
    agencies,
    agency_files,
    instruments,
    demo,
    serving,
    referrals,
    rejected,
    screening,
    asking,
    withdrawing,
    cases,
    deciding,
    plugins,
    identifiers,
    identity,
    seen_before,
    links,
    need_to_know,
    sharing,
    rectifying,
    retention,
    subject_access,
    access_files,
    typed_texts,
    vault,
    victim_rights,
):
    subject.add_to(app)

_OURS = Path(__file__).resolve().parent.parent
_LEADING = ("--as", "--purpose")


def main() -> None:
    """The console script."""
    sys.excepthook = _say_in_one_sentence
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a name that the terminal cannot show is no crash
    # not app() itself: Typer puts a hook of its own in place, which prints what a fault was about
    typer.main.get_command(app)(args=with_leading_options_moved(sys.argv[1:]))


def with_leading_options_moved(given: list[str]) -> list[str]:
    """`stac --as USER list` means `stac list --as USER`."""
    moved: list[str] = []
    rest = list(given)
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
    return [*rest[:end], *moved, *rest[end:]] if rest else moved


def _say_in_one_sentence(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """A fault of the program itself: where it happened, and never what it was about."""
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
