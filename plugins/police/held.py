"""Reports as the police hold them, each with its outcomes, in the contract's types. Forms no view."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from engine.hooks.v1 import (
    CaseAsked,
    Concerns,
    Elsewhere,
    HeldReport,
    ReporterKind,
    ReportOutcome,
    ReportOutcomeKind,
    counted,
    key_of,
    newest_reports,
    sentence,
    was,
)
from plugins.police.records import IncidentRow, OutcomeRow, PersonRow, PoliceRecords
from plugins.police.reports import Reported, pointers_to

_REPORTERS = {
    "victim": ReporterKind.VICTIM,
    "friend or relative": ReporterKind.FRIEND_OR_FAMILY,
    "witness": ReporterKind.WITNESS,
    "professional": ReporterKind.PROFESSIONAL,
    "anonymous": ReporterKind.ANONYMOUS,
    "police": ReporterKind.OWN_STAFF,
}


def reports_held(
    case: CaseAsked, reported: Reported, held: PoliceRecords
) -> tuple[tuple[HeldReport, ...], tuple[str, ...]]:
    """Return the newest reports, and the gaps: what is not sent, and what was not understood."""
    this_one = reported.of_this_case(case)
    sent, more = newest_reports(_report(row, reported, held, this_one) for row in reported.reports)
    return sent, (*more, *_gaps(reported.reports, sent))


def elsewhere(person: PersonRow, case: CaseAsked) -> Elsewhere:
    """Return whether other forces' records were searched by the date of the request."""
    checked = person.other_forces_checked
    return Elsewhere.SEARCHED if checked is not None and checked <= case.on else Elsewhere.NOT_SEARCHED


def _report(row: IncidentRow, reported: Reported, held: PoliceRecords, this_one: str | None) -> HeldReport:
    """Return a report; of another person's no crime reference, which leads to that person's record."""
    concerns = None
    if this_one is not None and row.victim_id is not None:
        concerns = Concerns.THIS_VICTIM if row.victim_id == this_one else Concerns.ANOTHER
    return HeldReport(
        key=key_of("held", row.incident_id),
        happened=row.happened,
        reported_on=row.reported_on if _is_by(row, reported) else None,
        kind=row.kind,
        crime_reference=None if concerns is Concerns.ANOTHER else row.crime_reference,
        force=row.force,
        reporter=_REPORTERS.get((row.reporter or "").casefold()),
        concerns=concerns,
        outcomes=_outcomes(row, reported, held),
        records=pointers_to([row]),
    )


def _is_by(row: IncidentRow, reported: Reported) -> bool:
    return row.reported_on is not None and row.reported_on.earliest <= reported.on


def _outcomes(row: IncidentRow, reported: Reported, held: PoliceRecords) -> tuple[ReportOutcome, ...] | None:
    """Return the outcomes by the date of the request; None without a table of them: not recorded."""
    if held.outcomes is None:
        return None
    rows = sorted(
        held.outcomes.get(row.incident_id, ()),
        key=lambda each: (each.decided_on or "", each.outcome_id),
    )
    known = [each for each in rows if each.decided_on is None or each.decided_on.earliest <= reported.on]
    return tuple(map(understood, known))


def understood(row: OutcomeRow) -> ReportOutcome:
    """Return an outcome in the contract's words; a code that is not in the table is that."""
    found = _codes().get(" ".join(row.outcome.casefold().split()))
    if found is None:
        return ReportOutcome(
            kind=ReportOutcomeKind.NOT_UNDERSTOOD, on=row.decided_on, own_code=row.outcome[:60]
        )
    return found.model_copy(update={"on": row.decided_on})


@cache
def _codes() -> dict[str, ReportOutcome]:
    text = files("plugins.police").joinpath("outcomes.toml").read_text(encoding="utf-8")
    return {
        code: ReportOutcome.model_validate({name: value for name, value in each.items() if name != "codes"})
        for each in tomllib.loads(text)["outcome"]
        for code in each["codes"]
    }


def _gaps(rows: Sequence[IncidentRow], sent: Sequence[HeldReport]) -> Iterator[str]:
    unknown = [each for each in sent if each.has(ReportOutcomeKind.NOT_UNDERSTOOD)]
    if unknown:
        count = counted(len(unknown), "report")
        yield sentence(f"{count} {was(len(unknown))} recorded with an outcome code that is not understood")
    strange = [row for row in rows if row.reporter and row.reporter.casefold() not in _REPORTERS]
    if strange:
        yield sentence(
            f"{counted(len(strange), 'report')} {was(len(strange))} recorded with a kind of reporter that is "
            "not in the table"
        )
