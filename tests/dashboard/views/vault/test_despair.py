"""The dialog for a victim who may harm themselves: what to do first, recording it, and who reads it there."""

from __future__ import annotations

import pytest

from engine.domain.accounts.acting import Acting, Role, User
from engine.services.access.conflicts import say_own
from engine.services.accounts.users import add_user
from engine.services.referrals.screening import name_people
from engine.services.vault.despair import acknowledge_despair, record_despair
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


def _recorded(desk: Desk, by: Acting, case: str, what: str = SAID) -> str:
    return record_despair(desk.context(by), reference=case, what=what).reference


def test_people_and_services_are_named_as_on_every_page(
    desk: Desk, workers: dict[str, Acting], visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    treating = [
        known.model_copy(update={"seat": "treatment"}) if known.code == "lantern" else known
        for known in desk.runtime.agencies_described
    ]
    monkeypatch.setitem(desk.runtime.__dict__, "agencies_described", treating)
    case = screened(desk)
    for name, display_name, agency in (("hal", "Hal Brook", "harbour"), ("vera", "Vera Quill", "voice")):
        user = User(name=name, display_name=display_name, role=Role.PRACTITIONER, agency=agency)
        add_user(desk.runtime.context(desk.coordinator), user=user)
    hal, vera = (
        Acting(user=user, role=Role.PRACTITIONER, agency=of)
        for user, of in (("hal", "harbour"), ("vera", "voice"))
    )
    people = [hal.user, vera.user, workers["lantern"].user]
    name_people(desk.context(desk.coordinator), reference=case, people=people)
    visit = visits.show(hal, _open, case)
    visit.type(f"despair-{case}-what", SAID).press("despair-save")
    assert "Vera Quill" in str(visit.app.session_state["said_once"])
    with desk.runtime.uow.unrecorded() as work:
        (step,) = work.protected_notes.on(case)
    visit = visits.show(vera, _open, case)
    assert "Recorded Hal Brook, 2 Mar" in visit.words
    assert visit.app.selectbox(key=f"despair-to-{step.reference}").options == ["Lantern House"]
    visit.app.text_input(key=f"despair-agreed-{step.reference}").set_value("31 Febr")
    visit.press(f"despair-pass-{step.reference}")
    assert "date when the victim agreed: not a date" in visit.words
    visit.app.text_input(key=f"despair-agreed-{step.reference}").set_value("1 March 2026")
    visit.type(f"despair-{case}-why-{step.reference}", "For the victim's care.")
    visit.press(f"despair-pass-{step.reference}")
    assert "is passed on to Lantern House." in str(visit.app.session_state["said_once"])
    assert "Passed on to Lantern House Vera Quill, 2 Mar" in visits.show(vera, _open, case).words


def test_who_is_the_only_one_with_the_alarm_reads_that(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = screened(desk)
    say_own(desk.context(workers["voice"]), reference=case, is_connected=True)
    visit = visits.show(workers["harbour"], _open, case)
    visit.type(f"despair-{case}-what", SAID).press("despair-save")
    assert "Only you have the alarm. No one else is informed." in str(visit.app.session_state["said_once"])


def test_what_is_refused_for_one_note_leaves_the_fields_and_the_other_notes(
    desk: Desk, workers: dict[str, Acting], visits: Visits
) -> None:
    case = screened(desk)
    first, second = (_recorded(desk, workers["harbour"], case, what) for what in (SAID, "Said it again."))
    acknowledge_despair(desk.context(workers["voice"]), reference=case, item=first)
    visit = visits.show(workers["voice"], _open, case).press(f"despair-done-{first}")
    assert "action taken: write 1 to 600 characters" in visit.words
    assert visit.offers(f"despair-acknowledge-{second}")
    visit.type(f"despair-{case}-done-{first}", "The crisis team was called.").press(f"despair-done-{first}")
    visit = visits.show(workers["voice"], _open, case)
    assert not visit.offers(f"despair-done-{first}")
