"""Reports that agencies released: joined with the acts of the case, so that nothing is counted twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from engine.domain.dates import PartialDate
from engine.domain.responses.answers import Finding
from engine.domain.responses.held_reports import (
    Concerns,
    CourtResult,
    Elsewhere,
    HeldReport,
    ReportOutcome,
    ReportOutcomeKind,
)
from engine.domain.responses.reported import ReportedOrder
from engine.facts.acts import NO_FURTHER_ACTION, Act, Around

_AFTER = {
    ReportOutcomeKind.WARNING: "the warning",
    ReportOutcomeKind.FIXED_PENALTY: "the fixed penalty",
    ReportOutcomeKind.COMMUNITY_RESOLUTION: "the community resolution",
    ReportOutcomeKind.CAUTION: "the caution",
    ReportOutcomeKind.VOLUNTARY_INTERVIEW: "the voluntary interview",
    ReportOutcomeKind.ARREST: "the arrest",
    ReportOutcomeKind.CHARGE: "the charge",
    ReportOutcomeKind.NO_ACTION: NO_FURTHER_ACTION,
}
"""Outcomes after which acts are counted; a court result by what it was."""
_AFTER_COURT = {CourtResult.CONVICTED: "the conviction", CourtResult.ACQUITTED: "the acquittal"}


class Released(NamedTuple):
    """The released part of one agency's response, within this viewer's access."""

    agency: str
    name: str
    on: date
    is_confirmed: bool
    """True if the agency confirmed that its records are about this person."""
    reports: tuple[HeldReport, ...] | None = None
    """None: reports with outcomes are not stated."""
    elsewhere: Elsewhere | None = None
    findings: tuple[Finding, ...] = ()
    """Its findings of fact."""
    levels: tuple[str, ...] = ()
    """Formal levels in its own terms."""
    orders: tuple[tuple[ReportedOrder, str], ...] = ()
    """Its reported orders, each with its sentence."""


class Joined(NamedTuple):
    """The acts with those that only agencies reported, and which report is which act.

    ``unclear`` are reports that may be one of the acts recorded here: they are in no count.
    """

    acts: tuple[Act, ...]
    reports_of: dict[str, tuple[HeldReport, ...]]
    unclear: tuple[HeldReport, ...] = ()
    recorded: frozenset[str] = frozenset()
    """The acts that were recorded in the case itself."""

    def is_here(self, report: HeldReport) -> bool:
        """Return whether a report is one with an act that was recorded in the case itself."""
        return any(report in reports for act, reports in self.reports_of.items() if act in self.recorded)


def with_released(acts: Sequence[Act], released: Sequence[Released]) -> Joined:
    """Return the acts with the reports that agencies released.

    A report joins the act with its crime reference. One of two forces with the same reference joins it only
    where the dates can be the same. A report without a reference in common that may be of the same day as an
    act, and one without a date, is not counted: it may be that act. An act without a date is in no period and
    hides no report. Reports against another person, and those
    of an agency that has not confirmed its match, are not acts of this case.
    """
    held = [
        (each.agency, report)
        for each in released
        if each.is_confirmed
        for report in each.reports or ()
        if report.concerns is not Concerns.ANOTHER
    ]
    if not held:
        return Joined(tuple(acts), {})
    forces: dict[str, set[str]] = defaultdict(set)
    for agency, report in held:
        forces[_plain(report.crime_reference)].add(report.force or agency)
    found = {act.reference: act for act in acts}
    reports_of: dict[str, list[HeldReport]] = defaultdict(list)
    left: list[tuple[str, HeldReport]] = []
    for agency, report in held:
        reference = _plain(report.crime_reference)
        act = _act_of(acts, report) if reference else None
        if act is None or (len(forces[reference]) > 1 and not _may_be_one_day(act.happened, report.day)):
            left.append((agency, report))
            continue
        reports_of[act.reference].append(report)
        found[act.reference] = _with_report(found[act.reference], agency, report)
    unjoined = [act for act in acts if act.reference not in reports_of and act.happened is not None]
    unclear = []
    for agency, report in left:
        if any(_may_be_one_day(act.happened, report.day) for act in unjoined) or report.day is None:
            unclear.append(report)
            continue
        own = _own_act(found, acts, report) or Act(
            reference=f"{agency}/{report.name}",
            happened=report.day,
            kinds=(),
            channel=None,
            owners=(),
            crime_references=(report.crime_reference,) if report.crime_reference else (),
        )
        reports_of[own.reference].append(report)
        found[own.reference] = _with_report(own, agency, report)
    return Joined(
        acts=tuple(found.values()),
        reports_of={act: tuple(reports) for act, reports in reports_of.items()},
        unclear=tuple(unclear),
        recorded=frozenset(act.reference for act in acts),
    )


def around_reports(released: Sequence[Released]) -> Iterator[Around]:
    """Yield what was decided about released reports, with a full date: a warning, an arrest, a conviction."""
    for each in released:
        for report in (each.reports or ()) if each.is_confirmed else ():
            for outcome in report.outcomes or ():
                what = _what(outcome)
                if what is not None and outcome.on is not None and outcome.on.is_whole_day:
                    yield Around(what, outcome.on.earliest, f"{each.agency}/{report.name}")


def _what(outcome: ReportOutcome) -> str | None:
    if outcome.court is not None:
        return _AFTER_COURT.get(outcome.court)
    return _AFTER.get(outcome.kind)


def _act_of(acts: Sequence[Act], report: HeldReport) -> Act | None:
    """Return the act with this crime reference; of several the one that may be of the same day."""
    reference = _plain(report.crime_reference)
    there = [act for act in acts if reference in map(_plain, act.crime_references)]
    same_day = [act for act in there if _may_be_one_day(act.happened, report.day)]
    return next(iter(same_day or there), None)


def _own_act(found: dict[str, Act], acts: Sequence[Act], report: HeldReport) -> Act | None:
    """Return the act that another agency's report of the same reference and day made already."""
    recorded = {act.reference for act in acts}
    reference = _plain(report.crime_reference)
    for act in found.values():
        if (
            act.reference not in recorded
            and reference
            and reference in map(_plain, act.crime_references)
            and _may_be_one_day(act.happened, report.day)
        ):
            return act
    return None


def _with_report(act: Act, agency: str, report: HeldReport) -> Act:
    kinds = (*act.kinds, *([report.kind.value] if report.kind else []))
    return act._replace(kinds=tuple(dict.fromkeys(kinds)), owners=tuple(dict.fromkeys((*act.owners, agency))))


def _may_be_one_day(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Return whether two dates can be the same day; a date that is not recorded can be any."""
    if one is None or other is None:
        return True
    return one.earliest <= other.latest and other.earliest <= one.latest


def _plain(reference: str | None) -> str:
    """Return it for comparing: each force writes crime references its own way, so only case and spaces go."""
    return "".join((reference or "").upper().split())
