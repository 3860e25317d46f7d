"""Texts that repeat something protected, in the dialog that resolves each."""

from __future__ import annotations

from engine.domain.accounts.acting import Acting
from engine.services.referrals.incidents import record_incident
from tests.builders import SAFE_HOUSE, Desk, an_incident
from tests.dashboard.visits import Visits, screened


def _open(case: str) -> None:
    from dashboard import record, session
    from dashboard.views.vault import protected_text
    from engine.services.vault.typed_texts import texts_to_see_to

    waiting = texts_to_see_to(record.runtime().context(session.acting()))
    protected_text._dialog(case, list(waiting))


def test_what_is_typed_on_one_text_and_not_saved_yet_stays_when_another_is_resolved(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = screened(desk)
    for day in ("2026-02-27", "2026-02-28"):
        incident = an_incident(day, what=f"Waited outside {SAFE_HOUSE}.")
        record_incident(desk.context(workers["harbour"]), reference=case, incident=incident)
    visit = visits.show(desk.coordinator, _open, case)
    first, second = (f"text-how-{case}-{number}" for number in (1, 2))
    visit.type(first, "Spoken with them.").type(second, "Rewritten.")
    visit.app.session_state[second] = "Rewritten by them."  # given as the button was pressed, and not saved
    visit.press("text-1")
    assert not visit.offers("text-1")
    assert visit.typed(second) == "Rewritten by them."
    visit.press("text-2")
    assert not visit.offers("text-2")
