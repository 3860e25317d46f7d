"""The dialog for a victim who may harm themselves: what to do first, recording it, and who reads it there."""

from __future__ import annotations

from engine.domain.accounts.acting import Acting
from tests.builders import Desk
from tests.dashboard.visits import Visits, screened

SAID = "Sees no point in waking up tomorrow."


def _open(case: str) -> None:
    from dashboard.views.vault import despair

    despair._draft_of(case).begin()
    despair.dialog(case)


def test_it_says_what_to_do_first_and_only_the_advocate_finds_the_note_there(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = screened(desk)
    visit = visits.show(workers["harbour"], _open, case)
    assert "call 999" in visit.words
    visit.type(f"despair-{case}-what", SAID)
    visit.press("despair-save")
    with desk.runtime.uow.unrecorded() as work:
        (step,) = work.protected_notes.on(case)
    for worker, has_it in (("voice", True), ("harbour", False), ("lantern", False)):
        visit = visits.show(workers[worker], _open, case)
        assert visit.offers(f"despair-read-{step.reference}") is has_it
    visit = visits.show(workers["voice"], _open, case)
    assert SAID not in visit.words
    visit.press(f"despair-read-{step.reference}")
    assert SAID in visit.words
