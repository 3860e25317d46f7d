"""Stepping a case up towards a conference from its page, and reopening a closed one."""

from __future__ import annotations

from dashboard import forms
from dashboard.form_model import Form
from engine.domain.asked import NO_PLACES, Asked, Because
from engine.domain.cases.lifecycle import Act, State
from engine.domain.cases.views import CaseView
from engine.domain.drafts import DraftForm
from engine.services.referrals.stepping_up import SteppedUp, step_up

_FOLLOWS = (
    "The case is brought towards a conference. Agencies are asked again, and their practitioners see it. "
    "On a restricted case no one is added: name people by name."
)


def draw_button(view: CaseView) -> None:
    """Draw the way up, where the state of the case allows it. For coordinators and chair."""
    if Act.STEP_UP.value in view.allowed_acts:
        label = "Reopen and step up" if view.state is State.CLOSED else "Step up"
        forms.button(form(view.reference), label, key="step-up")


def form(reference: str) -> Form[Because, SteppedUp]:
    """Return the form that asks for the reason, and records it with one press."""
    return Form(
        Because,
        draft=DraftForm.STEP_UP,
        case=reference,
        key=f"step-up-{reference}",
        title="Step up towards a conference",
        note=_FOLLOWS,
        asks={"why": Asked("Reason", part="reason", code="reason", hint=NO_PLACES)},
        button="Confirm",
        records=lambda context, given: step_up(context, reference=reference, reason=given.why),
        done=lambda _, stepped: _done(reference, stepped),
        undone_by="an ending, with its reason",
    )


def _done(reference: str, stepped: SteppedUp) -> str:
    done = "reopened and stepped up" if stepped.was is State.CLOSED else "stepped up"
    return f"{reference} is {done}. Agencies are asked next."
