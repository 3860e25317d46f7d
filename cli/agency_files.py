"""Handing an agency's own files over to it. Asks and prints; the agency's plugin reads them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.agencies import group
from cli.door import REFUSED, at_desk, refuse
from cli.options import CASE_WORK, AsJson, AsUser, Purpose
from cli.saying import print_json, say

if TYPE_CHECKING:
    from engine.domain.agency_files import AgencyFilesRead, FileRead, KindRead

# The engine is imported inside each command: `stac --help` must not wait for the database's library.

_SHOWN = 20


def import_files(
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="The agency's code, as 'stac agencies' lists it.")
    ],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of the agency's own.")],
    user: AsUser = None,
    purpose: Purpose = CASE_WORK,
    as_json: AsJson = False,
) -> None:
    """Have an agency read its own files: what was read, kept, held already and not understood."""
    with at_desk(user, purpose, as_json) as desk:
        from cli.bars import busy
        from engine.domain.answers import Failed
        from engine.services.agency_files import import_agency_files

        with busy("reading", quiet=as_json):
            read = import_agency_files(
                uow=desk.runtime.uow,
                clock=desk.runtime.clock,
                settings=desk.runtime.settings,
                acting=desk.acting,
                agencies=desk.runtime.agencies,
                agency=code,
                files=files,
            )
        if isinstance(read, Failed):
            refuse(read.says, as_json=as_json)
    if as_json:
        print_json({"agency": code, "files": [_file(file) for file in read.files]})
    else:
        _print(read)
    if not read.whole:
        raise typer.Exit(REFUSED)


def _file(file: FileRead) -> dict[str, Any]:
    return {"file": file.file, "error": file.error, "kinds": [_kind(kind) for kind in file.kinds]}


def _kind(kind: KindRead) -> dict[str, Any]:
    """The counts, and each place with its reason; ``not_kept`` counts those past the named ones too."""
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
            say(f"  {kind.kind}: {_counts((kind,))}, {_number(kind.identifiers_kept, 'identifier')} kept")
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
    read, kept = sum(kind.read for kind in kinds), sum(kind.kept for kind in kinds)
    held, lost = sum(kind.held_already for kind in kinds), sum(kind.not_kept for kind in kinds)
    return f"{read} read, {kept} kept, {held} held already, {lost} not understood"


def _number(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def add_to(app: typer.Typer) -> None:
    """Give `stac agencies` this command."""
    group.command("import")(import_files)
