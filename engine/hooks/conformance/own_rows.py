"""A mapping tried on the agency's own workbook: invented sheets are written by the mapping, and so fit it.

Only counts and rows leave the agency's process.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from engine.domain.agencies.files import ExtractRead
from engine.domain.responses.answers import Failed
from engine.hooks.conformance.candidate import Candidate
from engine.hooks.conformance.door import opened, unsealed
from engine.hooks.conformance.judging import judged, stands
from engine.hooks.conformance.levels import CheckResult, Standing
from engine.hooks.manifest import Manifest
from engine.hooks.nocode.mapping import read_mapping
from engine.hooks.registry import agencies_folder
from engine.hooks.wording import counted, number

CHECK = "own-rows"
_FEWEST_PERCENT = 90
_ROWS_NAMED = 5


def own_rows(candidate: Candidate, manifest: Manifest, *, records: Path | None, work: Path) -> CheckResult:
    """Return whether its mapping finds the people of its own workbook, in the folder ``records``."""
    definition = candidate.announced.definition
    if definition is None:
        sentence = "It has code of its own; 'stac agency rehearse' tries it on its records."
        return stands(CHECK, Standing.DOES_NOT_APPLY, sentence)
    files = {sheet.file for sheet in read_mapping(definition, agency=candidate.code).sheets}
    if records is None or not all((records / file).is_file() for file in files):
        sentence = "Its own workbook was not there; give the folder with --records."
        return stands(CHECK, Standing.NOT_CHECKED, sentence)
    folder = agencies_folder(work, candidate.code)
    folder.mkdir(parents=True)
    for file in files:
        shutil.copyfile(records / file, folder / file)
    with opened(candidate.announced, unsealed(manifest), home=work) as agencies:
        read = agencies.read_extract(candidate.code)
    return of_read(read)


def of_read(read: ExtractRead | Failed | None) -> CheckResult:
    """Return what the workbook, as it was read, comes to."""
    if read is None or isinstance(read, Failed):
        return judged(CHECK, [read.says if read else "its workbook was not read"])
    faults = [*read.doubts, *_faults(read)]
    if not faults and read.own_rows is None:
        sentence = (
            "No columns are called name and date of birth, so its rows could not be asked about; "
            "name people as known to 'stac agency rehearse'."
        )
        return stands(CHECK, Standing.NOT_CHECKED, sentence)
    people = read.tables[0]
    found = counted(read.own_rows.found if read.own_rows else 0, "person", "people")
    passed = f"{people.matchable:,} of {people.rows:,} rows can be matched on, and {found} found."
    return judged(CHECK, faults, passed=passed)


def _faults(read: ExtractRead) -> Iterator[str]:
    people, own = read.tables[0], read.own_rows
    if not people.rows or people.matchable * 100 < people.rows * _FEWEST_PERCENT:
        reasons = (f"{number(each.rows)}: {each.reason.removesuffix('.')}" for each in people.unmatchable)
        why = f" ({'; '.join(reasons)})" if people.unmatchable else ""
        yield f"{people.matchable:,} of {people.rows:,} rows in {people.table} can be matched on{why}"
    if own is not None and own.unclear * 100 > own.asked * (100 - _FEWEST_PERCENT):
        yield (
            f"{number(own.unclear)} of {number(own.asked)} people are not clear by the name and date of "
            "birth in their own rows; is the date of birth read from its column?"
        )
    for what, rows in (
        ("people in their own rows are not found", own.not_found if own else ()),
        ("people are found as another row", own.other_row if own else ()),
    ):
        if rows:
            named = ", ".join(map(str, rows[:_ROWS_NAMED]))
            yield f"{number(len(rows))} {what} (rows {named}{', ...' if len(rows) > _ROWS_NAMED else ''})"
