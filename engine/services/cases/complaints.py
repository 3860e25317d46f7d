"""Findings of a court or of the panel on complaints about the victim. Only they make one vexatious."""

from __future__ import annotations

from engine.access.policy import May
from engine.domain.accounts.acting import Role
from engine.domain.cases.complaints import ComplaintFinding, ComplaintFindingGiven, FoundBy
from engine.domain.cases.incidents import IncidentKind
from engine.domain.errors import InvalidInputError, NotPermittedError
from engine.domain.ids import read_reference
from engine.domain.typed_days import require_past
from engine.services.access.checks import classes_shown, open_case
from engine.services.access.restrictions import written_reason
from engine.services.context import Context
from engine.store.unit_of_work import Work


def record_complaint_finding(
    context: Context, *, reference: str, incident: str, given: ComplaintFindingGiven
) -> ComplaintFinding:
    """Record what a court or the panel found a complaint about the victim to be, and where that is recorded.

    Raises
    ------
    InvalidInputError
        A reference is malformed, the incident is another kind, the date is in the future, or the
        conference has not been opened.
    NotPermittedError
        The role does not permit it: what the panel found, only the chair records.
    """
    named = read_reference("incident", incident)
    require_past("found on", given.found_on, on=context.clock.today())
    with context.writing("record finding on a complaint") as work:
        case = open_case(work, context.acting, reference, May.RECORD_COMPLAINT_FINDING).reference
        _require_complaint(work, context, case, named)
        if given.found_by is FoundBy.PANEL:
            _require_panel(work, context, case)
        work.notes(incident=named, found=given.found.value, found_by=given.found_by.value)
        return work.complaint_findings.add(named, given, by=context.acting.user, at=context.clock.now())


def withdraw_complaint_finding(context: Context, *, reference: str, incident: str, why: str) -> None:
    """Withdraw the finding on a complaint, with a reason: it is alleged again.

    Raises
    ------
    InvalidInputError
        A reference or the reason is malformed, or no finding on this complaint is recorded.
    """
    named, reason = read_reference("incident", incident), written_reason(why)
    with context.writing("withdraw finding on a complaint") as work:
        case = open_case(work, context.acting, reference, May.RECORD_COMPLAINT_FINDING).reference
        _require_complaint(work, context, case, named)
        if named not in work.complaint_findings.of([named]):
            raise InvalidInputError(
                "incident", f"no finding on {named} is recorded; there is nothing to undo"
            )
        work.notes(incident=named)
        work.complaint_findings.withdraw(named, why=reason, by=context.acting.user, at=context.clock.now())


def _require_complaint(work: Work, context: Context, case: str, incident: str) -> None:
    """Refuse all but a complaint on this case within this person's access."""
    shown = classes_shown(work, context.acting, on=context.clock.today())
    there = {each.reference: each for each in work.incidents.of([case], shown=shown)}
    if incident not in there or IncidentKind.VEXATIOUS not in there[incident].kinds:
        raise InvalidInputError(
            "incident", f"{incident} is not a complaint about the victim on {case}; choose one that is"
        )


def _require_panel(work: Work, context: Context, case: str) -> None:
    """Refuse what the panel found where the chair does not record it, or the panel has not met."""
    if context.acting.role is not Role.CHAIR:
        raise NotPermittedError("record what the panel found", who_may="chair")
    if work.cases.conference_opened_at(case) is None:
        raise InvalidInputError(f"referral {case}", "the panel has not met; open the conference first")
