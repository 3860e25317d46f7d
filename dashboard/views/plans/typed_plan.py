"""The plan as it is typed: the fields of the open action, and the draft of the rest. Draws nothing."""

from __future__ import annotations

from dataclasses import replace

from dashboard import form_values, plan_working, session
from dashboard.form_draft import FormDraft
from dashboard.plan_working import Row, Working
from engine.domain.drafts import DraftForm
from engine.domain.plans.actions import Side
from engine.domain.plans.views import PlanView

FIELDS = (
    "what",
    "side",
    "agency",
    "owner",
    "due",
    "serves",
    "evidence",
    "is_urgent",
    "departs_from_wishes",
    "differs_from_notice",
)
_ROW, _REMOVED = "row-", "removed-"
"""Each action that is typed and not saved is a field of the draft, and each that is removed."""


def working_of(reference: str) -> Working:
    """Return the plan of a case as this person changes it; an empty one where they change none."""
    working = session.stored_value(_place(reference))
    return working if isinstance(working, Working) else plan_working.begin(None)


def keep(reference: str, working: Working | None) -> None:
    """Put the plan aside for the next drawing; None ends the change."""
    session.keep(_place(reference), working)


def is_begun(reference: str) -> bool:
    """Return whether this person is changing the plan of this case."""
    return session.stored_value(_place(reference)) is not None


def take(reference: str) -> Working:
    """Take what is typed in the open row, and return the plan: a field that is not drawn again forgets it."""
    working = with_typed(working_of(reference))
    keep(reference, working)
    return working


def _place(reference: str) -> str:
    return f"plan-working-{reference}"


def draft_of(reference: str) -> FormDraft:
    """Return the draft of the plan of a case."""
    return FormDraft(DraftForm.PLAN, reference, f"plan-{reference}")


def begun(reference: str, plan: PlanView | None) -> Working:
    """Return the newest version with what this person typed before and did not save."""
    draft = draft_of(reference)
    draft.begin()
    rows = {name: form_values.from_text(text) for name, text in draft.stored(_ROW).items()}
    return plan_working.restored(plan, rows, draft.stored(_REMOVED))


def remember(reference: str, working: Working) -> None:
    """Store the actions that are typed and not saved, the open one as it is now."""
    working = with_typed(working)
    draft = draft_of(reference)
    draft.store(_ROW, {row.name: form_values.as_text(row.typed) for row in working.rows if row.is_changed})
    draft.store(_REMOVED, dict.fromkeys(working.removed, "removed"))


def with_typed(working: Working) -> Working:
    """Return the plan with what is typed in the open row."""
    if working.open_row is None:
        return working
    row = working.row(working.open_row)
    typed = {**row.typed, **{name: _typed(row, name) for name in FIELDS}}
    return working.with_row(replace(row, typed=typed))


def key_of(row: Row) -> str:
    """Return how the keys of a row's fields begin."""
    return f"field-of-{row.name}"


def _typed(row: Row, name: str) -> object:
    value = session.stored_value(f"{key_of(row)}-{name}")
    if value is None and name not in ("agency", "owner", "serves", "side"):
        return row.typed[name]
    return value.strip() if isinstance(value, str) and not isinstance(value, Side) else value
