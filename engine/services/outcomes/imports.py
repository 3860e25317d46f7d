"""Outcomes of many cases from a file of one agency: row by row, each whole or refused with a reason."""

from __future__ import annotations

from pathlib import Path

from engine.access.policy import May, require
from engine.domain.accounts.acting import Acting, Role
from engine.domain.base import Frozen
from engine.domain.errors import InvalidInputError, NotFoundError, NotPermittedError
from engine.domain.ids import read_reference
from engine.exchange.outcome_files import OutcomeRead, OutcomeRefused, read_outcomes
from engine.services.context import Context
from engine.services.outcomes.follow_up import record_new_outcome, same_outcome

OUTCOME_TEMPLATE = """\
case,measure,found,looked_until,against,happened,proved,offence,offence_row,order_breach,ended,ended_on,summary
R-EXAMPLE,recorded crime,further stalking,31/03/2026,same victim,09/01/2026,,195/94,,no,,,Invented example
R-EXAMPLE,proven reoffending,none found,31/03/2026,,,,,,,,,
"""
"""A file of outcomes with two invented rows, to fill in: CSV, UTF-8."""
_NOT_OPEN = "no case that is open to you has this reference; check it"


class OutcomeRowRefused(Frozen):
    """One row that was not imported: its number in the file, and each fault with its column."""

    row: int
    reasons: tuple[str, ...]


class OutcomesImported(Frozen):
    """The result of a file: what was recorded, what was there already, and what was refused."""

    accepted: int
    unchanged: int
    refused: tuple[OutcomeRowRefused, ...]
    notes: tuple[str, ...] = ()


def import_outcomes(context: Context, *, path: Path, agency: str) -> OutcomesImported:
    """Record the outcomes of a file that this agency gives. The same file again changes nothing.

    An act of the same measure, date, target and offence that the agency gave before is the same act.

    Raises
    ------
    InvalidInputError
        The file cannot be used, or no agency has this code; nothing has been recorded.
    NotPermittedError
        The role of the person who acts does not permit it, or they are of another agency.
    """
    require(May.RECORD_OUTCOME, context.acting)
    _require_outcomes_of(context.acting, agency)
    codes = sorted(known.code for known in context.agencies_known)
    if agency not in codes:
        raise InvalidInputError("agency", f"no agency has this code; choose one of: {', '.join(codes)}")
    notes: list[str] = []
    rows = read_outcomes(path, agency=agency, note=notes.append)
    accepted = unchanged = 0
    refused: list[OutcomeRowRefused] = []
    first: dict[tuple[object, ...], int] = {}
    for row in rows:
        if isinstance(row, OutcomeRefused):
            reasons = tuple(
                f"{fault.column}: {fault.reason}" if fault.column else fault.reason for fault in row.faults
            )
            refused.append(OutcomeRowRefused(row=row.row, reasons=reasons))
            continue
        there = first.setdefault((row.case.casefold(), *same_outcome(row.outcome)), row.row)
        if there != row.row:
            reason = f"the same outcome as row {there}; remove one"
            refused.append(OutcomeRowRefused(row=row.row, reasons=(reason,)))
        elif (recorded := _record(context, row)) is None:
            unchanged += 1
        elif recorded is True:
            accepted += 1
        else:
            refused.append(OutcomeRowRefused(row=row.row, reasons=(str(recorded),)))
    return OutcomesImported(
        accepted=accepted, unchanged=unchanged, refused=tuple(refused), notes=tuple(notes)
    )


def _record(context: Context, row: OutcomeRead) -> bool | str | None:
    """Record one row in a transaction of its own: True, None if it is there already, or why it is refused."""
    try:
        reference = read_reference("involvement", row.case)
    except InvalidInputError as error:
        return f"case: {error.reason}"
    try:
        is_new = (
            record_new_outcome(context, reference=reference, outcome=row.outcome, topics=row.topics)
            is not None
        )
    except NotFoundError:
        return f"case: {_NOT_OPEN}"
    except InvalidInputError as error:
        return f"{error.part}: {error.reason}"
    return True if is_new else None


def _require_outcomes_of(acting: Acting, agency: str) -> None:
    """Refuse practitioners of other agencies than the outcomes' own."""
    if acting.role is Role.PRACTITIONER and not acting.speaks_for(agency):
        who_may = f"a practitioner of {agency}, the chair or a coordinator"
        raise NotPermittedError(f"import outcomes of {agency}", who_may=who_may)
