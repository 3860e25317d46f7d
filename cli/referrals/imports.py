"""Referrals on their way in: files and rejected rows. Asks and prints.

The services read and store.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson
from cli.output import print_json, print_refusal, say
from cli.session import REFUSED, Desk, answering, refuse
from engine.domain.errors import StacError, WorkbookUnconfirmedError
from engine.domain.file_faults import cannot_be_read, why_not

if TYPE_CHECKING:
    from engine.services.referrals.imports import ImportReport, RejectedReport

# The engine is imported inside each command: `stac --help` must not wait for the database's library.


@dataclass(frozen=True)
class _FileResult:
    """Result of one file: a report, or why there is none."""

    file: str
    report: ImportReport | None
    error: str | None


def import_files(
    desk: Desk,
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="CSV, JSON, .xlsx, .xls, .xlsb, .ods files."),
    ],
    mapping: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A TOML file that maps column names to ours.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="The source of the referrals, if the file has no such column."),
    ] = None,
    is_confirmed: Annotated[
        bool,
        typer.Option(
            "--confirm-workbook",
            help="I checked the .xls, .xlsb or .ods file: it has no error cells and every date is right.",
        ),
    ] = False,
) -> None:
    """Import referral files. Valid rows are imported; rejected rows are listed with the reason.

    Example: stac referral import monday.csv
    """
    from cli.bars import busy

    with busy("importing", quiet=desk.as_json):
        results = [_import_file(desk, file, mapping, source, is_confirmed) for file in files]
    if desk.as_json:
        _print_as_json(results)
    else:
        for one in results:
            _print_report(one)
    if any(one.report is None or one.report.rejected for one in results):
        raise typer.Exit(REFUSED)


def _import_file(
    desk: Desk, file: str, mapping: Path | None, source: str | None, is_confirmed: bool
) -> _FileResult:
    from engine.services.referrals.files import read_and_import

    try:
        report = read_and_import(
            desk.context,
            path=Path(file),
            mapping_path=mapping,
            default_source=source,
            is_confirmed=is_confirmed,
        )
    except WorkbookUnconfirmedError as error:
        return _FileResult(file=file, report=None, error=f"{error} (confirm it with --confirm-workbook)")
    except StacError as error:
        return _FileResult(file=file, report=None, error=str(error))
    except OSError as error:
        return _FileResult(file=file, report=None, error=f"file: {cannot_be_read(error)}")
    return _FileResult(file=file, report=report, error=None)


def _print_as_json(results: list[_FileResult]) -> None:
    if len(results) == 1:
        print_json(_answer(results[0]))
        return
    reports = [one.report for one in results if one.report is not None]
    print_json(
        {
            "accepted": sum(report.accepted for report in reports),
            "corrected": sum(report.corrected for report in reports),
            "unchanged": sum(report.unchanged for report in reports),
            "rejected": [
                {"file": one.file, **_rejected(row)}
                for one in results
                if one.report
                for row in one.report.rejected
            ],
            "referrals": [reference for report in reports for reference in report.referrals],
            "files": [{"file": one.file, **_answer(one)} for one in results],
        }
    )


def _answer(one: _FileResult) -> dict[str, object]:
    report = one.report
    if report is None:
        return {"error": one.error}
    return {
        "accepted": report.accepted,
        "corrected": report.corrected,
        "unchanged": report.unchanged,
        "rejected": [_rejected(row) for row in report.rejected],
        "referrals": list(report.referrals),
    }


def _rejected(row: RejectedReport) -> dict[str, object]:
    """Return row, column and reason; and, when the row raises an alarm, which: it needs a person today."""
    raised = {"alarms": [topic.value for topic in row.alarms]} if row.alarms else {}
    return {"row": row.row, "column": row.column, "reason": row.reason, **raised}


def _print_report(one: _FileResult) -> None:
    if one.report is None:
        print_refusal(f"{one.file}: {one.error}")
        return
    report = one.report
    for reference in report.alarms:
        say(f"ALARM: {reference} must be acknowledged now: stac alarm acknowledge {reference}")
    for row in report.rejected:
        if row.alarms:
            topics = ", ".join(topic.value for topic in row.alarms)
            say(f"ALARM in a rejected row: row {row.row}: {topics}; act on it now")
    counts = f"{report.accepted:,} accepted, {report.corrected:,} corrected, {report.unchanged:,} unchanged"
    say(f"{one.file}: {counts}, {len(report.rejected):,} rejected")
    for note in report.notes:
        say(f"  {note}")
    for row in report.rejected:
        unread = "; its alarm topics could not be read" if row.alarms is None else ""
        say(f"  row {row.row}, {row.column or 'whole row'}: {row.reason}{unread}")
        for other in row.also:
            say(f"    and {other}")
    for reference in report.referrals:
        say(f"  {reference}")


def template(
    kind: Annotated[str, typer.Argument(metavar="csv|xlsx|json", help="The kind of file.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The file to write; standard output without it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write an empty referral file with one example row, to fill in and import.

    Example: stac referral template csv --out tuesday.csv
    """
    with answering(as_json):
        from engine.services.referrals.files import KINDS, referral_template

        if kind not in KINDS:
            raise typer.BadParameter(f"choose one of {', '.join(KINDS)}")
        if out is None and kind == "xlsx" and sys.stdout.isatty():
            raise typer.BadParameter("a workbook is not text; give --out FILE")
        content = referral_template(kind)
    if out is None:
        typer.echo(content, nl=False)
        return
    try:
        with os.fdopen(os.open(out, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(content)
    except FileExistsError:
        refuse(f"{out} already exists; choose another name", as_json=as_json)
    except OSError as error:
        refuse(f"{out} cannot be written ({why_not(error)})", as_json=as_json)
    if as_json:
        print_json({"written": str(out)})
    else:
        say(f"{out} is written; fill it in, then import it with 'stac referral import'")
