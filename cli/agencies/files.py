"""An agency's own files: handed over to be read by its plugin, or sealed as they are. Asks and prints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.agencies.rehearsal import rehearse, unmatchable_in_words
from cli.output import print_json, say
from cli.session import REFUSED, Command, Desk, refuse

if TYPE_CHECKING:
    from datetime import date

    from engine.domain.agencies.files import AgencyFilesRead, ExtractSealed, FileRead, KindRead, TableSealed

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

_SHOWN = 20


def import_files(
    desk: Desk,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="The agency's code, as 'stac agency list' lists it.")
    ],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of the agency's own.")],
) -> None:
    """Import an agency's own files: rows read, stored, already there and not understood.

    Example: stac agency import health patients.json
    """
    from cli.bars import busy
    from engine.domain.responses.answers import Failed
    from engine.services.agencies.files import import_agency_files

    with busy("reading", quiet=desk.as_json):
        read = import_agency_files(desk.context, agency=code, files=files)
    if isinstance(read, Failed):
        refuse(read.says, as_json=desk.as_json)
    if desk.as_json:
        print_json({"agency": code, "files": [_file(file) for file in read.files]})
    else:
        _print(read)
    if not read.whole:
        raise typer.Exit(REFUSED)


def seal(
    desk: Desk,
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="The agency's code, as 'stac agency list' lists it.")
    ],
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            show_default=False,
            help="The date of the records; default: the date of the newest file.",
        ),
    ] = None,
    accept_fewer: Annotated[
        bool,
        typer.Option(
            "--accept-fewer", help="Seal it even if a table is smaller or missing, or the extract is older."
        ),
    ] = False,
    reason: Annotated[
        str | None,
        typer.Option(
            "--reason",
            metavar="TEXT",
            show_default=False,
            help="The reason for fewer rows, or fewer that can be matched on, than in the extract before.",
        ),
    ] = None,
) -> None:
    """Seal an agency's extract as complete. Until then it is not used.

    Example: stac agency seal police --reason "closed records were deleted after five years"
    """
    from engine.services.agencies.sealing import seal_extract

    day = _day(as_of)

    sealed = seal_extract(desk.context, agency=code, as_of=day, accept_fewer=accept_fewer, reason=reason)
    if desk.as_json:
        print_json({"agency": code, **sealed.model_dump(mode="json")})
    else:
        _print_sealed(code, sealed)


def _day(given: str | None) -> date | None:
    from datetime import date

    from engine.domain.errors import InvalidInputError

    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InvalidInputError("--as-of", "give a date as 2026-11-24") from None


def _print_sealed(code: str, sealed: ExtractSealed) -> None:
    say(f"{code}: the extract of {sealed.as_of:%-d %B %Y} is sealed as complete")
    for file in sealed.files:
        say(f"  {file.name}: {_rows(file)}")
    for table in sealed.tables:
        before = table.before
        was = f" (before: {before.rows:,} and {before.matchable:,})" if before is not None else ""
        say(f"  {table.now.in_words}{was}")
        for line in unmatchable_in_words(table.unmatchable):
            say(f"    {line}")
    for doubt in sealed.doubts:
        say(f"  {doubt}")
    if sealed.reason is not None:
        say(f"  Reason: {sealed.reason}")
    if sealed.before_as_of is None:
        say("  This is the first extract, so it was not compared.")


def _rows(file: TableSealed) -> str:
    if file.rows is None:
        return "not a table of lines; sealed by its content"
    before = f" (before: {file.rows_before:,})" if file.rows_before is not None else ""
    return f"{file.rows:,} row{'' if file.rows == 1 else 's'}{before}"


def _file(file: FileRead) -> dict[str, object]:
    return {"file": file.file, "error": file.error, "kinds": [_kind(kind) for kind in file.kinds]}


def _kind(kind: KindRead) -> dict[str, object]:
    """Return the counts, and each place with its reason.

    ``not_kept`` counts those past the named ones too.
    """
    return {
        "kind": kind.kind,
        "read": kind.read,
        "kept": kind.kept,
        "held_already": kind.held_already,
        "not_kept": kind.not_kept,
        "not_understood": [place.model_dump() for place in kind.not_understood],
        "identifiers_kept": kind.identifiers_kept,
        "notes": [place.model_dump() for place in kind.notes],
    }


def _print(read: AgencyFilesRead) -> None:
    for file in read.files:
        if file.error is not None:
            say(f"{file.file}: {file.error}")
            continue
        say(f"{file.file}: {_counts(file.kinds)}")
        for kind in file.kinds:
            say(f"  {kind.kind}: {_counts((kind,))}, {_number(kind.identifiers_kept, 'identifier')} stored")
        for kind in file.kinds:
            for place in kind.not_understood[:_SHOWN]:
                say(f"  not understood: {place.where} ({kind.kind}): {place.reason}")
            if kind.not_kept > _SHOWN:
                say(f"  and {kind.not_kept - _SHOWN} more of {kind.kind}; --json names up to 200")
            for place in kind.notes[:_SHOWN]:
                say(f"  note: {place.where} ({kind.kind}): {place.reason}")
            if len(kind.notes) > _SHOWN:
                say(f"  and {len(kind.notes) - _SHOWN} more notes on {kind.kind}; see --json")


def _counts(kinds: tuple[KindRead, ...]) -> str:
    read, count = sum(kind.read for kind in kinds), sum(kind.kept for kind in kinds)
    held, lost = sum(kind.held_already for kind in kinds), sum(kind.not_kept for kind in kinds)
    return f"{read:,} read, {count:,} stored, {held:,} already there, {lost:,} not understood"


def _number(count: int, term: str) -> str:
    return f"{count:,} {term}" if count == 1 else f"{count:,} {term}s"


COMMANDS: Mapping[str, Command] = {
    "import": import_files,
    "seal": seal,
    "rehearse": rehearse,
}
"""Commands on an agency's own files, by their verbs."""
