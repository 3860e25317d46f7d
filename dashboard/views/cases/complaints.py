"""Findings on complaints about the victim: only a court or the panel makes one vexatious."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from dashboard import forms
from dashboard.form_draft import part_code
from dashboard.form_model import Form
from dashboard.views.cases.incidents import named
from engine.domain.accounts.acting import COORDINATOR_AND_CHAIR, Acting, Role
from engine.domain.asked import Asked
from engine.domain.base import Frozen
from engine.domain.cases.complaints import ComplaintFindingGiven, FoundBy
from engine.domain.cases.incidents import IncidentKind
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.services.cases.complaints import record_complaint_finding, withdraw_complaint_finding
from engine.services.context import Context

_ALLEGED = "A complaint about the victim is alleged until a court or the panel finds otherwise."
_OF = Asked("Complaint", offered=True, code="of")


def draw_buttons(view: CaseView, acting: Acting) -> None:
    """Draw the buttons of the dialogs where the case has a complaint, for coordinators and chair."""
    there = {each.reference: named(each) for each in view.incidents if IncidentKind.VEXATIOUS in each.kinds}
    if there and acting.role in COORDINATOR_AND_CHAIR:
        form = finding(view.reference, there, acting)
        forms.button(form, "Finding on a complaint", key="complaint-finding")
        have_finding = {each: said for each, said in there.items() if each in view.complaints_found}
        if have_finding:
            form_to_withdraw = withdrawing(view.reference, have_finding)
            forms.button(form_to_withdraw, "Withdraw the finding", key="complaint-finding-withdraw")


class _Finding(ComplaintFindingGiven):
    incident: Annotated[str, _OF]


def finding(reference: str, complaints: Mapping[str, str], acting: Acting) -> Form[_Finding, object]:
    """Return the form for what a court or the panel found; only the chair records what the panel found."""

    def records(context: Context, given: _Finding) -> object:
        found = ComplaintFindingGiven.model_validate(given.model_dump(exclude={"incident"}))
        return record_complaint_finding(context, reference=reference, incident=given.incident, given=found)

    who = tuple(FoundBy) if acting.role is Role.CHAIR else (FoundBy.COURT,)
    return Form(
        _Finding,
        draft=DraftForm.COMPLAINT_FINDING,
        case=reference,
        key=f"complaint-finding-{reference}",
        title="Finding on a complaint about the victim",
        note=_ALLEGED,
        first="incident",
        asks={"found_by": Asked("By", code="by", choices=who)},
        offers={"incident": complaints},
        begins={"incident": next(iter(complaints), None)},
        button="Record",
        records=records,
        done=lambda given, _: f"The finding on {given.incident} is recorded.",
        undone_by="withdrawing it",
    )


class _Withdrawal(Frozen):
    incident: Annotated[str, _OF]
    why: Annotated[str, Asked("Reason why you withdraw it", part="reason")]


def withdrawing(reference: str, complaints: Mapping[str, str]) -> Form[_Withdrawal, object]:
    """Return the form for why a finding is withdrawn."""
    return Form(
        _Withdrawal,
        draft=DraftForm.COMPLAINT_FINDING,
        case=reference,
        key=f"complaint-withdrawal-{reference}",
        part=part_code("withdrawal"),
        title="Withdraw the finding on a complaint",
        offers={"incident": complaints},
        begins={"incident": next(iter(complaints), None)},
        button="Withdraw the finding",
        records=lambda context, given: withdraw_complaint_finding(
            context, reference=reference, incident=given.incident, why=given.why
        ),
        done=lambda given, _: f"The finding on {given.incident} is withdrawn.",
        undone_by="recording it again",
    )
